"""Why each record about a person is still kept, and until when, in one sentence each.

Reads the same protections as the purge does; the periods are added up here by `planning`, there by
PostgreSQL, and a test holds the two together.
"""

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, F, QuerySet, Value, When
from django.db.models.functions import JSONObject, TruncDate

from audit.evidence import claim
from compliance.retention.claims import LATEST
from compliance.retention.models import LegalHold
from compliance.retention.periods import LONDON, last_protected_day
from compliance.retention.rules import Protection, PurgePlan, Schedule
from customers import open_requests
from customers.models import Customer
from customers.open_requests import OpenRequest
from privacy.declarations import Blank, Declaration, told
from privacy.words import in_words

NOT_CONFIRMED = (
    "For how long is not confirmed yet, and until it is, nothing is erased by it. Proposed is"
)


@dataclass(frozen=True)
class KeptRecord:
    """One record, or several alike (`count`): what it is, why it is kept, the last protected day if
    there is one."""

    what: str
    reference: str
    sentence: str
    until: datetime.date | None
    permission: str  # who may see such records on the desk
    count: int = 1
    label: str = ""  # the model's, such as customers.Order


def records(
    customer: Customer, *, today: datetime.date, show_all: bool = False
) -> Iterator[KeptRecord]:
    """One line for each record held about a customer, the person's own row first.

    Records whose existence must not be tipped off are left out unless `show_all`.
    """
    stays = _whatever_its_time(customer, today, show_all=show_all)
    for schedule, rows in _held(customer, today, show_all=show_all):
        what = _what(schedule)
        for row in (
            rows.order_by("pk").values("pk", **_columns(schedule)).iterator(chunk_size=2_000)
        ):
            sentence, until = _sentence(schedule, row, today, stays=stays)
            yield KeptRecord(
                what,
                f"{what} {str(row['pk'])[:8]}",
                sentence,
                until,
                _permission(schedule),
                label=schedule.declaration.label,
            )


def explain(
    customer: Customer,
    *,
    today: datetime.date,
    show_all: bool = False,
    without: Mapping[str, Collection[str]] | None = None,
) -> list[KeptRecord]:
    """The same, with records of one kind and one fate counted together, by the database: for a
    page. Five queries, and one more where a period has ended.

    `without` are records that are not to be counted: primary keys by the model's label.
    """
    stays = _whatever_its_time(customer, today, show_all=show_all)
    held = [
        (schedule, rows.exclude(pk__in=(without or {}).get(schedule.declaration.label, ())))
        for schedule, rows in _held(customer, today, show_all=show_all)
    ]
    counted: dict[tuple[int, str, datetime.date | None], int] = {}
    for place, row, count in _alike(held):
        key = (place, *_sentence(held[place][0], row, today, stays=stays))
        counted[key] = counted.get(key, 0) + count
    return [
        KeptRecord(
            _what(schedule),
            "",
            sentence,
            until,
            _permission(schedule),
            count,
            schedule.declaration.label,
        )
        for (place, sentence, until), count in counted.items()
        for schedule in (held[place][0],)
    ]


def each(
    customer: Customer, declaration: Declaration, *, plan: PurgePlan, order: Sequence[str]
) -> Iterator[tuple[str, str, datetime.date | None]]:
    """Of every record of one table, in an order of its fields: the primary key, the sentence, the
    last protected day.

    Records whose existence must not be tipped off are left out.
    """
    schedule = plan.of(declaration.model)
    rows = _rows(schedule, customer, show_all=False)
    if rows is None:
        return
    stays = _whatever_its_time(customer, plan.as_of, show_all=False)
    for row in rows.order_by(*order).values("pk", **_columns(schedule)).iterator(chunk_size=2_000):
        yield str(row["pk"]), *_sentence(schedule, row, plan.as_of, stays=stays)


def _alike(
    held: Sequence[tuple[Schedule, QuerySet[Any]]],
) -> list[tuple[int, Mapping[str, Any], int]]:
    """The records whose rules and clocks are the same, counted: the place in `held`, those clocks,
    how many. One query."""
    parts = [
        rows.order_by()
        .values(  # names that no model has for a field
            in_held=Value(place), by_clocks=JSONObject(**_columns(schedule))
        )
        .annotate(alike=Count("pk"))
        for place, (schedule, rows) in enumerate(held)
    ]
    if not parts:
        return []
    found = parts[0].union(*parts[1:], all=True)
    return sorted(
        ((one["in_held"], one["by_clocks"], one["alike"]) for one in found),
        key=lambda one: (one[0], str(one[1])),
    )


def _what(schedule: Schedule) -> str:
    return str(schedule.model._meta.verbose_name).capitalize()


def _permission(schedule: Schedule) -> str:
    return f"{schedule.model._meta.app_label}.view_{schedule.model._meta.model_name}"


@dataclass(frozen=True)
class Stays:
    """What keeps a person's records when their time is over."""

    hold: bool
    requests: Sequence[OpenRequest]

    def needed(self, schedule: Schedule) -> bool:
        """Whether an open request needs the records of a model."""
        return any(one.needs(schedule.declaration.category) for one in self.requests)

    @cached_property
    def goes(self) -> str:
        """When something goes that nothing keeps: with the purge, if it runs. One query, once."""
        return claim(
            "retention.purge_runs",
            says="it is erased as soon as nothing else requires it",
            otherwise=f"it is erased when the purge, which has not ended well for {in_words(LATEST)}, "
            "does so again and nothing else requires it",
        )


def _whatever_its_time(customer: Customer, today: datetime.date, *, show_all: bool) -> Stays:
    return Stays(_holds(customer, show_all=show_all).exists(), open_requests.of(customer, on=today))


def _holds(customer: Customer, *, show_all: bool) -> QuerySet[LegalHold]:
    """The holds in place that may be spoken of: a fraud hold must not show through the reason why
    records stay."""
    holds = LegalHold.objects.standing().filter(customer=customer)
    return holds if show_all else told(holds)


def _held(
    customer: Customer, today: datetime.date, *, show_all: bool
) -> Iterator[tuple[Schedule, QuerySet[Any]]]:
    """The tables that hold something about a person, with their rows of it: one query finds out
    which these are."""
    found = [
        (schedule, rows)
        for schedule in reversed(PurgePlan(today).schedules)
        if (rows := _rows(schedule, customer, show_all=show_all)) is not None
    ]
    there = (
        Customer.objects.filter(pk=customer.pk)
        .values_list(*(Exists(rows.order_by()) for _, rows in found))
        .first()
        or ()
    )
    return (one for one, is_there in zip(found, there, strict=False) if is_there)


def _rows(schedule: Schedule, customer: Customer, *, show_all: bool) -> QuerySet[Any] | None:
    """The person's rows of one model."""
    declaration = schedule.declaration
    if declaration.subject_path is None:
        return None
    rows = schedule.model._default_manager.filter(**{declaration.subject_path: customer.pk})
    rows = rows if show_all else told(rows)
    if isinstance(declaration.erase, Blank):
        rows = rows.filter(**{f"{declaration.erase.marker}__isnull": True})
    return rows


def _columns(schedule: Schedule) -> dict[str, Any]:
    """Each rule's clock, as a day in London, and whether a rule with a condition applies."""
    columns: dict[str, Any] = {}
    for number, protection in enumerate(schedule.protections):
        if condition := protection.applies():  # a rule without one applies to every record
            columns[f"applies{number}"] = Case(
                When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
            )
        if protection.path:
            columns[f"clock{number}"] = (
                TruncDate(protection.path, tzinfo=LONDON)
                if protection.timed
                else F(protection.path)
            )
    return columns


def _sentence(
    schedule: Schedule, row: Mapping[str, Any], today: datetime.date, *, stays: "Stays"
) -> tuple[str, datetime.date | None]:
    applying = [
        (protection, _clock(row, number))
        for number, protection in enumerate(schedule.protections)
        if row.get(f"applies{number}", True)
    ]
    if not applying:
        return (
            "Kept because no retention rule covers it yet: the data protection lead must add one.",
            None,
        )
    started = []
    for protection, clock in applying:
        if protection.for_ever:
            return f"Kept for ever{_why(protection)}.", None
        if clock is None:
            return (
                f"Kept{_why(protection)}: its period{_of(protection)} starts with "
                f"{protection.rule.clock_name}, which has not happened yet."
            ), None
        started.append((protection, clock))
    until, protection, clock = _last(started)
    period = (
        f"{protection.rule.period_in_words} from {british(clock)}, {protection.rule.clock_name}"
    )
    if any(one.rule.confirmed_on is None for one, _ in started):  # the purge passes it by
        return f"Kept{_why(protection)}. {NOT_CONFIRMED}: {period}.", None
    if until >= today:
        text = f"Kept until {british(until)}{_why(protection)}: {period}."
        return (
            f"{text} A legal hold keeps it longer if it is not released by then."
            if stays.hold
            else text
        ), until
    if stays.hold:
        return f"Kept only because of a legal hold: its period ended on {british(until)}.", None
    if protection.rule.unit != protection.rule.Unit.DAYS and stays.needed(schedule):
        return (
            "Kept until a request that is open and needs it is answered: its period ended on "
            f"{british(until)}."
        ), None
    return f"Its period ended on {british(until)}: {stays.goes}.", until


def _last(
    applying: Sequence[tuple[Protection, datetime.date]],
) -> tuple[datetime.date, Protection, datetime.date]:
    """The protection that runs out last; of several on one day the one named first, as in the
    purge."""
    ends = [
        (last_protected_day(clock, p.rule.period or 0, p.rule.unit), -number, p, clock)
        for number, (p, clock) in enumerate(applying)
    ]
    until, _, protection, clock = max(ends, key=lambda end: end[:2])
    return until, protection, clock


def _clock(row: Mapping[str, Any], number: int) -> datetime.date | None:
    value = row.get(f"clock{number}")
    return datetime.date.fromisoformat(value) if isinstance(value, str) else value


def _of(protection: Protection) -> str:
    """The period of a rule in words, once the owner has confirmed it."""
    return f" of {protection.rule.period_in_words}" if protection.rule.confirmed_on else ""


def _why(protection: Protection) -> str:
    return f" for “{protection.rule.purpose.name}” ({protection.rule.authority.rstrip('.')})"


def british(day: datetime.date) -> str:
    """A date as letters print it: 1 December 2014."""
    return f"{day.day} {day:%B %Y}"
