"""Erasing one person who asks for it (UK GDPR Article 17): what goes now, what stays, why and until
when.

`plan` reads every record of the person once and decides; `erase` does what a plan says, in the
caller's transaction, under the lock against erasure, and leaves the evidence that a purge leaves.
A record goes unless

- a legal hold is in place: then all stay;
- a rule that still runs says that it stays although the person asks (`RetentionRule.on_request`);
- an agreement that runs needs its category: a credit account that is open, or on which money is
owed;
- something else that stays hangs on it.

Who the person is and how to reach them goes with the last record that needs it. Records that must
not be tipped off are decided like the others, and are in no line, count or date that is told.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.db.models import BooleanField, Case, F, ForeignKey, Q, Value, When

from audit import events
from compliance.register.models import DataCategory, LawfulBasis, Purpose, RetentionRule
from compliance.retention.batches import quoted
from compliance.retention.explain import british
from compliance.retention.models import ErasedSubject, LegalHold, PurgeProgress, PurgeRun
from compliance.retention.periods import LONDON, last_protected_day
from compliance.retention.rules import Protection, Schedule
from compliance.retention.rules import PurgePlan as Schedules
from customers import erasure_lock
from customers.models import CreditAccount, Customer
from privacy.declarations import Blank, Delete, kept_from_the_person

OnRequest = RetentionRule.OnRequest
ON_REQUEST = "on-request"  # stands in the evidence where a purge names a category and a rule
CLAIM = "We need it for a legal claim or a legal duty that is not settled yet"
CONTRACT = "Your credit account is open, or money is owed on it, and the agreement needs it"
NEEDED = "It goes with records that we must keep, which would be of no use without it"
HANGS = "It belongs to another record that we must keep"
Key = tuple[type[models.Model], Any]
Needless = Mapping[type[models.Model], Q]


@dataclass
class Record:
    """One record of the person and its fate. `why` is empty while nothing keeps it."""

    schedule: Schedule
    pk: Any
    parents: list[Key]
    secret: bool  # not to be told of
    needs: bool  # of no use without the person
    why: str = ""
    until: datetime.date | None = None  # the last day on which it is kept, where that is known
    needs_until: datetime.date | None = None  # and on which it needs the person

    @property
    def key(self) -> Key:
        return self.schedule.model, self.pk

    def keep(self, why: str, until: datetime.date | None = None) -> None:
        """Keep it, for the first reason that was found."""
        if not self.why:
            self.why, self.until = why, until


@dataclass(frozen=True)
class CategoryFate:
    """What is told of one category: so many records of it are erased, or kept for a reason until a
    day."""

    category: str
    erased: bool
    count: int
    why: str = ""
    until: datetime.date | None = None


@dataclass
class ErasurePlan:
    """The fate of every record of one person."""

    customer: Customer
    records: list[Record]  # children before what they hang on
    held: bool
    names: Mapping[str, str] = field(
        default_factory=dict
    )  # of the categories, in the order in which they are told
    whole: bool = False  # who the person is goes too

    def going(self) -> list[Record]:
        """What is erased: the person's own row is not among them."""
        return [
            one
            for one in self.records
            if not one.why and not isinstance(one.schedule.declaration.erase, Blank)
        ]

    def lines(self) -> list[CategoryFate]:
        """What the person may be told, category by category: records that they can see, and that
        tip nobody off."""
        groups: dict[tuple[str, bool, str], list[Record]] = defaultdict(list)
        for one in self.records:
            declaration = one.schedule.declaration
            if declaration.export and not one.secret:
                groups[declaration.category, not one.why, one.why].append(one)
        order = list(self.names)
        return [
            CategoryFate(
                self.names[code],
                gone,
                len(found),
                why,
                None if gone else _latest([one.until for one in found]),
            )
            for (code, gone, why), found in sorted(
                groups.items(), key=lambda one: (order.index(one[0][0]), not one[0][1], one[0][2])
            )
        ]

    def counts(self) -> dict[str, int]:
        """How many rows go, by table: for the evidence."""
        counted: dict[str, int] = defaultdict(int)
        for one in self.going():
            counted[one.schedule.declaration.label] += 1
        return dict(counted)


def _later(one: datetime.date | None, other: datetime.date | None) -> datetime.date | None:
    """The later of two last days, None being the latest of all."""
    return None if one is None or other is None else max(one, other)


def _latest(days: Sequence[datetime.date | None]) -> datetime.date | None:
    """The latest of several last days."""
    return None if None in days else max((day for day in days if day), default=None)


def plan(
    customer: Customer, *, today: datetime.date, needless: Needless | None = None
) -> ErasurePlan:
    """Decide on every record of a person as of a London day. Changes nothing; about one query for
    each table.

    `needless` names records that stay whatever happens, and need nobody for that: the very request
    that is being answered.
    """
    schedules = [s for s in Schedules(today).every if s.declaration.subject_path is not None]
    running = _categories_of_a_running_agreement(customer)
    held = LegalHold.objects.standing().filter(customer=customer).exists()
    records = [
        one
        for schedule in schedules
        for one in _records(
            schedule,
            customer,
            today,
            (needless or {}).get(schedule.model),
            schedules,
            held=held,
            running=schedule.declaration.category in running,
        )
    ]
    names = dict(DataCategory.objects.order_by("position", "name").values_list("code", "name"))
    made = ErasurePlan(
        customer,
        records,
        held,
        {
            **names,
            **{code: code for s in schedules if (code := s.declaration.category) not in names},
        },
    )
    _hang_together(made)
    _the_person(made)
    return made


def _categories_of_a_running_agreement(customer: Customer) -> set[str]:
    """The categories that purposes resting on a contract use, if a credit account of the person is
    open or owes money."""
    accounts = CreditAccount.objects.filter(customer=customer)
    owing = Q(status=CreditAccount.Status.SETTLED, balance__gt=0)
    if not accounts.filter(Q(status=CreditAccount.Status.OPEN) | owing).exists():
        return set()
    purposes = Purpose.objects.in_use().filter(
        lawful_bases__article=LawfulBasis.Article.CONTRACT, categories__code="credit_account"
    )
    return set(DataCategory.objects.filter(purposes__in=purposes).values_list("code", flat=True))


def _records(
    schedule: Schedule,
    customer: Customer,
    today: datetime.date,
    needless: Q | None,
    schedules: Sequence[Schedule],
    *,
    held: bool,
    running: bool,
) -> Iterator[Record]:
    purged = {one.model for one in schedules}
    declaration, parents = schedule.declaration, _parents(schedule, purged)
    assert declaration.subject_path is not None  # noqa: S101 the caller has sorted out the others
    needs = declaration.needs_person
    columns: dict[str, Any] = {f"up{number}": F(one.attname) for number, one in enumerate(parents)}
    columns |= {
        "secret": _yes(kept_from_the_person(schedule.model)),
        "needs": _yes(needs),
        "answers": _yes(needless),
    }
    for number, protection in enumerate(schedule.protections):
        columns[f"applies{number}"] = _yes(protection.condition, otherwise=True)
        if protection.path:
            columns[f"clock{number}"] = F(protection.path)
    rows = schedule.model._default_manager.filter(**{declaration.subject_path: customer.pk})
    for row in rows.order_by("pk").values("pk", **columns):
        one = Record(
            schedule,
            row["pk"],
            [
                (field.related_model, row[f"up{number}"])
                for number, field in enumerate(parents)
                if row[f"up{number}"] is not None
            ],
            row["secret"],
            row["needs"],
        )
        if not (isinstance(declaration.erase, Blank) or declaration.with_person):
            _judge(one, row, today, running=running)
            if held or row["answers"] or not isinstance(declaration.erase, Delete):
                one.keep(CLAIM)
            one.needs = one.needs and not row["answers"]
        yield one


def _parents(schedule: Schedule, purged: set[type[models.Model]]) -> list[ForeignKey[Any, Any]]:
    return [
        one
        for one in schedule.model._meta.concrete_fields
        if isinstance(one, ForeignKey) and one.related_model in purged
    ]


def _yes(condition: Q | None, *, otherwise: bool = False) -> Any:
    """Whether a condition holds for a row; `otherwise` where there is none."""
    whens = [When(condition, then=Value(True))] if condition is not None else []
    return Case(
        *whens,
        default=Value(otherwise if condition is None else False),
        output_field=BooleanField(),
    )


def _judge(one: Record, row: Mapping[str, Any], today: datetime.date, *, running: bool) -> None:
    """Keep a record that a rule keeps although the person asks, or that an agreement needs."""
    stays = [
        (protection, _until(protection, row.get(f"clock{number}")))
        for number, protection in enumerate(one.schedule.protections)
        if row[f"applies{number}"]
    ]
    stays = [
        (p, until)
        for p, until in stays
        if p.rule.on_request != OnRequest.ERASED and (until is None or until >= today)
    ]
    if stays:
        protection, until = max(stays, key=lambda found: (found[1] is None, found[1] or today))
        one.keep(_because(protection, until), until)
        whole = [until for p, until in stays if p.rule.on_request == OnRequest.KEPT_WHOLE]
        one.needs_until = _latest(whole) if whole and not one.needs else until
        one.needs = one.needs or bool(whole)
    elif running:
        one.keep(CONTRACT)
        one.needs = True


def _until(protection: Protection, clock: Any) -> datetime.date | None:
    """The last day on which a rule protects a row; None while it does not run out."""
    if protection.rule.period is None or clock is None:
        return None
    day = clock.astimezone(LONDON).date() if isinstance(clock, datetime.datetime) else clock
    return last_protected_day(day, protection.rule.period, protection.rule.unit)


def _because(protection: Protection, until: datetime.date | None) -> str:
    """Why a rule keeps a row, and for how long where no day can be named yet: what its time counts
    from is still to come."""
    how_long = "" if until else f", {protection.rule.in_words}"
    return (
        f"{protection.rule.authority.rstrip('.')}. We keep it for "
        f"“{protection.rule.purpose.name}”{how_long}"
    )


def _hang_together(made: ErasurePlan) -> None:
    """What stays keeps what it hangs on. The person's own row is decided apart."""
    known = {one.key: one for one in made.records}
    for one in made.records:  # children come first
        if one.why:
            for key in one.parents:
                parent = known.get(key)
                if (
                    parent is None
                    or isinstance(parent.schedule.declaration.erase, Blank)
                    or parent.why not in ("", HANGS)
                ):
                    continue
                if one.secret:
                    parent.why, parent.until = CLAIM, None
                else:
                    parent.until = _later(parent.until, one.until) if parent.why else one.until
                    parent.why = HANGS
                parent.needs = False  # it stays as a part of the other, which may need nobody


def _the_person(made: ErasurePlan) -> None:
    """Who the person is, and what goes with it, stays while a record needs it, for as long as the
    last of these."""
    needing = [one for one in made.records if one.why and one.needs]
    made.whole = not needing and not made.held
    if made.whole:
        return
    told = [one for one in needing if not one.secret]
    why, until = (NEEDED, _latest([one.needs_until for one in told])) if told else (CLAIM, None)
    for one in made.records:
        if (
            isinstance(one.schedule.declaration.erase, Blank)
            or one.schedule.declaration.with_person
        ):
            one.keep(why, until)


def erase(made: ErasurePlan, *, by: str, now: datetime.datetime) -> PurgeRun:
    """Erase what a plan lets go, in the caller's transaction, which holds the person's row and the
    lock against erasure.

    IntegrityError, with nothing erased, when something was hung on a doomed record meanwhile.
    """
    erasure_lock.shared()
    day = now.astimezone(LONDON).date()
    run = PurgeRun.objects.create(
        as_of=day,
        started_at=now,
        finished_at=now,
        started_by=by,
        category=ON_REQUEST,
        outcome=PurgeRun.Outcome.DONE,
    )
    counts = made.counts()
    tables: dict[type[models.Model], list[Any]] = defaultdict(list)
    for one in made.going():
        tables[one.schedule.model].append(one.pk)
    for model, keys in tables.items():  # children before what they hang on
        _delete(model, keys)
    if made.whole:
        counts[Customer._meta.label] = 1
        _erase_person(made, now, run)
    PurgeProgress.objects.bulk_create(
        PurgeProgress(run=run, model=label, rule=ON_REQUEST, erased=count, at=now)
        for label, count in counts.items()
    )
    events.erased_on_request(
        by=by, subject=made.customer.pk, run=run.pk, erased=counts, person=made.whole
    )
    return run


def _delete(model: type[models.Model], keys: list[Any]) -> None:
    column, kind = quoted(str(model._meta.pk.column)), model._meta.pk.rel_db_type(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {quoted(model)} WHERE {column} = ANY(%s::{kind}[])",
            [[str(key) for key in keys]],
        )
        if cursor.rowcount != len(keys):
            raise PlanOutdatedError


def _erase_person(made: ErasurePlan, now: datetime.datetime, run: PurgeRun) -> None:
    """Delete the person's row, or blank it where something that stays hangs on it."""
    person = made.customer
    hangs = any(
        key == (Customer, person.pk) for one in made.records if one.why for key in one.parents
    )
    if hangs:
        declaration = next(
            one.schedule.declaration for one in made.records if one.schedule.model is Customer
        )
        assert isinstance(declaration.erase, Blank)  # noqa: S101 a person's row is blanked
        for name in declaration.erase.fields:
            setattr(person, name, None)
        person.erased_at = now
        person.save(update_fields=[*declaration.erase.fields, declaration.erase.marker])
    else:
        _delete(Customer, [person.pk])
    ErasedSubject.objects.get_or_create(subject=person.pk, defaults={"run": run})


class PlanOutdatedError(Exception):
    """A record went between the plan and the deletion: decide anew."""


def in_words(line: CategoryFate) -> str:
    """One line as a sentence: “Orders: 3 records kept until 31 January 2033. VAT Act 1994.”"""
    noun = "record" if line.count == 1 else "records"
    if line.erased:
        return f"{line.category}: {line.count} {noun} erased."
    until = f" until {british(line.until)}" if line.until else ""
    return f"{line.category}: {line.count} {noun} kept{until}. {line.why}."
