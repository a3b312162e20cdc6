"""The register's rules joined with the models' declarations: which rules protect which rows, as
querysets.

Each row that is due falls into exactly one rule's rows: that of the rule which ran out last. The
dry run counts them, the run erases them and the explanation reads them, so the three cannot differ.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone

from compliance.register.models import RetentionRule
from compliance.retention.models import LegalHold
from compliance.retention.periods import LONDON, latest_due_anchor, start_of
from customers import open_requests
from privacy import declarations
from privacy.declarations import Blank, Declaration, Keep

NEVER = Q(pk__in=[])


@dataclass(frozen=True)
class Protection:
    """One rule as it protects the rows of one model."""

    rule: RetentionRule
    # ORM path to the clock; empty when the model lacks it (a system check says so): it never runs
    # out
    path: str
    timed: bool  # the clock is a moment, not a day
    condition: Q | None  # None: every row

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def for_ever(self) -> bool:
        """Whether it never runs out: it has no period, or no clock to count from."""
        return self.rule.period is None or not self.path

    def applies(self) -> Q:
        """The rows that the rule protects at all; an empty condition, which must not be negated,
        for every row."""
        return self.condition or Q()

    def passes_by(self) -> Q:
        """The rows that the rule does not protect."""
        return NEVER if self.condition is None else ~self.condition

    def latest_anchor(self, as_of: datetime.date) -> datetime.date:
        """The latest day of the clock whose period has run out on `as_of`."""
        assert self.rule.period is not None  # noqa: S101 callers ask `for_ever` first
        return latest_due_anchor(as_of, self.rule.period, self.rule.unit)

    def ran_out(self, as_of: datetime.date) -> Q:
        """The rows whose period has run out on a day, by one comparison with the clock. A missing
        date never has."""
        if self.for_ever:
            return NEVER
        anchor = self.latest_anchor(as_of)
        if self.timed:
            return Q(**{f"{self.path}__lt": start_of(anchor + datetime.timedelta(days=1))})
        return Q(**{f"{self.path}__lte": anchor})

    def spared(self, as_of: datetime.date) -> Q:
        """The rows that this rule does not keep on a day: it ran out, or never applied."""
        return (
            self.ran_out(as_of)
            if self.condition is None
            else self.ran_out(as_of) | self.passes_by()
        )

    def last_day(self) -> Any:
        """The last protected day as an SQL expression, to compare rules with."""
        day = TruncDate(self.path, tzinfo=LONDON) if self.timed else F(self.path)
        interval = Value(f"{self.rule.period} {self.rule.unit}")
        return Cast(
            models.ExpressionWrapper(
                day + Cast(interval, models.DurationField()), output_field=models.DateTimeField()
            ),
            models.DateField(),
        )


@dataclass(frozen=True)
class Schedule:
    """Every rule that protects one declared model, on one day."""

    declaration: Declaration
    protections: Sequence[Protection]
    as_of: datetime.date

    @property
    def model(self) -> type[models.Model]:
        return self.declaration.model

    def due(self) -> Q:
        """The rows that no rule keeps any more: at least one protected them, and all that did have
        run out."""
        if not self.protections or isinstance(self.declaration.erase, Keep):
            return NEVER
        started = reduce(or_, (p.applies() & p.ran_out(self.as_of) for p in self.protections))
        return (
            reduce(and_, (p.spared(self.as_of) for p in self.protections), started)
            & self._unmarked()
        )

    def decided_by(self, protection: Protection) -> Q:
        """The due rows for which `protection` was the rule that ran out last: each due row is among
        the rows of one rule."""
        others = [other for other in self.protections if other is not protection]
        spared = (other.spared(self.as_of) & self._outlasts(protection, other) for other in others)
        return reduce(
            and_, spared, protection.applies() & protection.ran_out(self.as_of) & self._unmarked()
        )

    def rule_rows(self, protection: Protection) -> QuerySet[Any]:
        """The rows that one rule decides. Held rows are still among them."""
        return self.model._default_manager.filter(self.decided_by(protection))

    def past(self, protection: Protection) -> QuerySet[Any]:
        """The rows for which one rule has run out, whatever else may keep them."""
        return self.model._default_manager.filter(
            protection.applies(), protection.ran_out(self.as_of), self._unmarked()
        )

    def rules_past(self) -> set[str]:
        """The codes of the rules that have run out for some row, by one short look at each clock's
        index. Where a rule is not among them, nothing is due, held or kept under it."""
        asked = [self.past(p).order_by().values_list(Value(p.code))[:1] for p in self.running()]
        return {code for (code,) in asked[0].union(*asked[1:], all=True)} if asked else set()

    def _outlasts(self, protection: Protection, other: Protection) -> Q:
        """Whether `protection` decided rather than `other`: a later last day, or the same and named
        first."""
        if other.for_ever:
            return other.passes_by()
        first = self.protections.index(protection) < self.protections.index(other)
        mine, theirs = protection.last_day(), other.last_day()
        later = (
            models.lookups.GreaterThanOrEqual(mine, theirs)
            if first
            else models.lookups.GreaterThan(mine, theirs)
        )
        return Q(later) if other.condition is None else Q(later) | other.passes_by()

    def _unmarked(self) -> Q:
        erase = self.declaration.erase
        return Q(**{f"{erase.marker}__isnull": True}) if isinstance(erase, Blank) else Q()

    def uncovered(self) -> QuerySet[Any] | None:
        """The rows that every rule passes by, so that none would ever erase them; None where that
        cannot be, or where there is no rule at all, which a check names."""
        if isinstance(self.declaration.erase, Keep) or not self.protections:
            return None
        if any(p.condition is None for p in self.protections):
            return None
        return self.model._default_manager.filter(
            *(p.passes_by() for p in self.protections), self._unmarked()
        )

    def held(self) -> Exists | Value:
        """Whether a hold that is not released protects the person, as a condition on the rows."""
        path = self.declaration.subject_path
        if path is None:
            return Value(False)
        return Exists(LegalHold.objects.standing().filter(customer=OuterRef(path)))

    def needed(self, protection: Protection) -> Q | Value:
        """Whether an open request of the person needs the rows that a rule decides. What is kept
        for days alone (a code, proof of identity, a file to fetch) goes in its time."""
        if protection.rule.unit == RetentionRule.Unit.DAYS:
            return Value(False)
        declaration = self.declaration
        return open_requests.needed(
            declaration.category, declaration.subject_path, on=timezone.localdate()
        )

    def confirmed(self) -> Q:
        """The rows that only rules confirmed by the owner protect: the others are reported, never
        executed."""
        return reduce(and_, (p.passes_by() for p in self.unconfirmed()), Q())

    def unconfirmed(self) -> list[Protection]:
        """The rules that await the owner's confirmation."""
        return [p for p in self.protections if p.rule.confirmed_on is None]

    def running(self) -> list[Protection]:
        """The protections that can run out at all."""
        return (
            []
            if isinstance(self.declaration.erase, Keep)
            else [p for p in self.protections if not p.for_ever]
        )

    def erasable(self, *, confirmed_only: bool) -> bool:
        """Whether a run may erase rows of this model at all."""
        if isinstance(self.declaration.erase, Keep) or not self.protections:
            return False
        return not (confirmed_only and any(p.condition is None for p in self.unconfirmed()))

    def children(self) -> Iterator[tuple[Declaration, str]]:
        """The declared models that point at this one, with the name of their foreign key."""
        for child in declarations.declarations():
            for field in child.model._meta.concrete_fields:
                if (
                    field.is_relation
                    and field.related_model is self.model
                    and child.model is not self.model
                ):
                    yield child, field.name

    def bare(self) -> Q:
        """The rows on which nothing hangs any more."""
        return reduce(
            and_,
            (
                ~Exists(child.model._default_manager.filter(**{name: OuterRef("pk")}))
                for child, name in self.children()
            ),
            Q(),
        )


class PurgePlan:
    """Every schedule of the register on one day, children before the rows they hang on.

    `schedules` are those of one category when one is named; `every` has them all.
    """

    def __init__(self, as_of: datetime.date, category: str = "") -> None:
        self.as_of = as_of
        rules: dict[str, list[RetentionRule]] = {}
        for rule in (
            RetentionRule.objects.in_use().select_related("category", "purpose").order_by("code")
        ):
            rules.setdefault(rule.category.code, []).append(rule)
        self._all = {
            d.model: Schedule(d, tuple(_protections(d, rules.get(d.category, []))), as_of)
            for d in declarations.declarations()
        }
        self.every = _children_first(self._all.values())
        self.schedules = [s for s in self.every if category in ("", s.declaration.category)]

    def of(self, model: type[models.Model]) -> Schedule:
        """The schedule of a declared model."""
        return self._all[model]

    def keeping(self, schedule: Schedule) -> Iterator[QuerySet[Any]]:
        """The rows that keep a row of this model as long as they are not due, one query for each
        table they stand in.

        What hangs on a row that would be deleted keeps it. A blanked row may stay as a stub under
        an order total, but not under what needs the person (a debt, a note); nor do the means to
        reach the person go before the person.
        """
        declaration = schedule.declaration
        if isinstance(declaration.erase, Blank) or declaration.with_person:
            path = declaration.subject_path
            for other in self.every:
                need = other.declaration.needs_person
                if need is not None and path is not None:
                    theirs = {f"{other.declaration.subject_path}": OuterRef(path)}
                    yield other.model._default_manager.filter(need, ~other.due(), **theirs)
        else:
            for child, name in schedule.children():
                yield child.model._default_manager.filter(
                    ~self.of(child.model).due(), **{name: OuterRef("pk")}
                )

    def rule_rows(self, schedule: Schedule, protection: Protection) -> QuerySet[Any]:
        """The due rows of a rule, without the rows that must stay because of others that are not
        due (see `keeping`)."""
        rows = schedule.rule_rows(protection)
        for kept in self.keeping(schedule):
            rows = rows.filter(~Exists(kept))
        return rows


def _protections(declaration: Declaration, rules: Iterable[RetentionRule]) -> Iterator[Protection]:
    for rule in rules:
        if rule.condition and rule.condition not in declaration.conditions:
            continue  # narrowed to rows that this model does not have
        path = declaration.clocks.get(rule.clock, "")
        timed = bool(path) and isinstance(
            declarations.resolve(declaration.model, path), models.DateTimeField
        )
        yield Protection(
            rule, path, timed, declaration.conditions[rule.condition] if rule.condition else None
        )


def _children_first(schedules: Iterable[Schedule]) -> list[Schedule]:
    waiting = {schedule.model: schedule for schedule in schedules}
    ordered: list[Schedule] = []
    while waiting:
        ready = [
            s
            for s in waiting.values()
            if not any(child.model in waiting for child, _ in s.children())
        ]
        ordered += ready
        for schedule in ready:
            del waiting[schedule.model]
    return ordered
