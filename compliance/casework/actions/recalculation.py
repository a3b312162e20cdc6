"""The calendar has changed: open cases are worked out anew, at once and for certain.

A proclamation moves the first cases in its own transaction, so that whoever entered it sees it
done. A job does the rest, and whatever was opened meanwhile; the nightly run finds what a lost
job missed. Each batch locks its cases before it reads the calendar, so an older calendar never
overwrites a newer one; and before anything is written to the trail, so that nobody who works on one
of these cases meanwhile can wait for us while we wait for them.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit import events as audit
from compliance.cases.actions import clock
from compliance.cases.models import Case
from compliance.cases.models.case import OPEN
from compliance.deadlines import Deadline, bank_holidays
from compliance.deadlines.models import ProclaimedDay
from jobs.enqueue import enqueue

# cases moved in the transaction of the proclamation, and in each batch: well under a second
AT_ONCE = 100
WHY = "bank_holiday"  # the code of the reason, in the event and the trail
SEALED = (
    "name",
    "requester_name",
    "customer_number",
    "email",
    "phone",
    "address",
    "words",
    "details",
)


@dataclass(frozen=True)
class Changed:
    """What a change of the calendar brought: the days that are different, and how many open cases
    have another date so far. `more`: the rest follows in a moment."""

    days: frozenset[tuple[str, datetime.date]]
    moved: int
    more: bool


@transaction.atomic
def proclaim(*, day: datetime.date, by: str, now: datetime.datetime, **given: Any) -> Changed:
    """Make a day a bank holiday, or none (`bank_holidays.proclaim`), and work out the open cases
    that looked at it."""
    held = _hold(day)
    days = bank_holidays.proclaim(day=day, by=by, now=now, **given)
    return _follow(days, held, ProclaimedDay.objects.filter(day=day).latest("pk"), by=by, now=now)


@transaction.atomic
def withdraw(row: ProclaimedDay, *, why: str, by: str, now: datetime.datetime) -> Changed:
    """Take an entry back (`bank_holidays.withdraw`), and work out the open cases that looked at its
    day."""
    held = _hold(row.day)
    return _follow(bank_holidays.withdraw(row, why=why, by=by, now=now), held, row, by=by, now=now)


def _looked_at(day: datetime.date) -> Q:
    """Open cases whose date was worked out by looking at days around this one."""
    return OPEN & Q(examined_from__lte=day, examined_to__gte=day)


def _hold(day: datetime.date) -> list[int]:
    """Lock the first cases that the day may move, before anything else is."""
    rows = Case.objects.filter(_looked_at(day)).order_by("pk").select_for_update(of=("self",))
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _follow(
    days: frozenset[tuple[str, datetime.date]],
    held: Collection[int],
    row: ProclaimedDay,
    *,
    by: str,
    now: datetime.datetime,
) -> Changed:
    moved = _rework(held, why=WHY, by=by, now=now)
    audit.calendar_applied(by=by, why=WHY, looked_at=len(held), moved=moved)
    enqueue("compliance.casework.tasks.recalculate", proclaimed_id=row.pk)
    return Changed(days, moved, more=len(held) == AT_ONCE)


def recalculate_open(
    *, why: str, by: str, now: datetime.datetime, day: datetime.date | None = None
) -> tuple[int, int]:
    """Work out every open case anew, or those that looked at one day, in short transactions; how
    many were looked at, and how many have another date. Safe to run twice, at once, and after a
    crash: what is right already is left alone."""
    looked_at = moved = last = 0
    while keys := _next(day, last):
        with transaction.atomic():
            list(
                Case.objects.filter(pk__in=keys)
                .order_by("pk")
                .select_for_update(of=("self",))
                .values_list("pk")
            )
            moved += _rework(keys, why=why, by=by, now=now)
        looked_at, last = looked_at + len(keys), keys[-1]
    if moved:
        audit.calendar_applied(by=by, why=why, looked_at=looked_at, moved=moved)
    return looked_at, moved


def _next(day: datetime.date | None, last: int) -> list[int]:
    rows = Case.objects.filter(OPEN if day is None else _looked_at(day), pk__gt=last).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _rework(keys: Collection[int], *, why: str, by: str, now: datetime.datetime) -> int:
    """Work out cases whose rows are locked; how many have another date now."""
    holidays, moved, today = bank_holidays.current(), 0, timezone.localdate(now)
    for case in (
        Case.objects.open()
        .filter(pk__in=keys)
        .order_by("pk")
        .defer(*SEALED)
        .prefetch_related("events")
    ):
        found = clock.deadline(case, holidays)
        if not same(case, found):
            before = case.due_on
            clock.apply(case, by=by, now=now, on=today, why=why, holidays=holidays)
            moved += case.due_on != before
    return moved


def same(case: Case, found: Deadline) -> bool:
    """Whether a case has stored what its clock says."""
    days = [day for _, day in found.examined]
    return (
        case.due_on,
        case.target_on,
        case.review_on,
        case.extension_until,
        case.rule_version,
        case.examined_from,
        case.examined_to,
    ) == (
        found.due,
        found.target_on,
        found.review_on,
        found.extension_until,
        found.version,
        min(days, default=None),
        max(days, default=None),
    )
