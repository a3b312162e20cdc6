"""The bank holidays as they stand in the database, and what can be done to them.

`by` names the actor (`staff:ID`); `now` is an aware moment, read once at the edge. Each action is
one transaction with its audit entry; the database's own history has who, what before and after, and
why.
"""

import datetime
import hashlib
import json
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from audit import events
from audit.actions import AlreadyDone, Refused, attributed
from compliance.deadlines.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    SATURDAY,
    CalendarChange,
    Holidays,
    changed_days,
)
from compliance.deadlines.models import ConfirmedYear, ProclaimedDay
from customers.nations import JURISDICTIONS


def current() -> Holidays:
    """The calendar as it stands, for the pure clock. Two queries."""
    changes = ProclaimedDay.objects.filter(withdrawn_on__isnull=True).order_by("pk")
    return Holidays(
        tuple(
            CalendarChange(
                one.jurisdiction, one.day, one.name, one.change == ProclaimedDay.Change.ADDED
            )
            for one in changes
        ),
        frozenset(ConfirmedYear.objects.values_list("year", flat=True)),
    )


def last_day(
    within: datetime.timedelta, now: datetime.datetime, holidays: Holidays | None = None
) -> datetime.date:
    """The day by which we do what we promise today: within so many days, and a working day of ours.
    Two queries, or none where the calendar is given."""
    today, holidays = timezone.localdate(now), current() if holidays is None else holidays
    day = today + within
    while day > today and holidays.closed(settings.CONTROLLER_JURISDICTION, day):
        day -= datetime.timedelta(days=1)
    return day


def days_of(holidays: Holidays, year: int) -> dict[str, list[str]]:
    """The bank holidays of a year in each jurisdiction as ISO dates: what a confirmation
    freezes."""
    return {
        place: [day.isoformat() for day in holidays.days(place, year)] for place in JURISDICTIONS
    }


def proclaim(
    *,
    jurisdictions: Collection[str],
    day: datetime.date,
    name: str,
    change: str,
    proclaimed_on: datetime.date,
    source: str,
    why: str,
    by: str,
    now: datetime.datetime,
) -> frozenset[tuple[str, datetime.date]]:
    """Make a day a bank holiday, or none, in each jurisdiction named. Returns the days that are
    different now.

    Refused for a day that is so already, for a Saturday or Sunday, for a proclamation yet to come,
    and for a year outside the calendar. The same again is AlreadyDone.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(f"The calendar reaches from {FIRST_YEAR} to {LAST_YEAR}.")
    if day.weekday() >= SATURDAY:
        raise Refused(
            "That day is a Saturday or Sunday, which is no working day anyway. Give the "
            "substitute day."
        )
    if proclaimed_on > timezone.localdate(now):
        raise Refused(
            "The day of the proclamation has not come. Give the day on which it was published."
        )
    with attributed(by=by, why=why):
        _wait_for_others()
        before = current()
        rows = ProclaimedDay.objects.filter(
            day=day, jurisdiction__in=jurisdictions, withdrawn_on__isnull=True
        )
        if {row.jurisdiction for row in rows if row.change == change} == set(jurisdictions):
            raise AlreadyDone("That is in the calendar already.")
        for place in sorted(jurisdictions):
            _refuse_what_changes_nothing(before, rows, place, day, change)
            ProclaimedDay.objects.create(
                jurisdiction=place,
                day=day,
                name=name,
                change=change,
                proclaimed_on=proclaimed_on,
                source=source,
            )
            events.bank_holiday_changed(by=by, jurisdiction=place, day=day, change=change)
        return changed_days(before, current())


def _refuse_what_changes_nothing(
    holidays: Holidays, rows: Iterable[ProclaimedDay], place: str, day: datetime.date, change: str
) -> None:
    where, holiday = JURISDICTIONS[place], holidays.closed(place, day)
    if bool(holiday) == (change == ProclaimedDay.Change.ADDED):
        raise Refused(f"In {where} that day is {holiday or 'a working day'} already.")
    if any(row.jurisdiction == place for row in rows):
        raise Refused(
            f"Somebody entered the opposite for that day in {where}. Withdraw that entry instead."
        )


def withdraw(
    row: ProclaimedDay, *, why: str, by: str, now: datetime.datetime
) -> frozenset[tuple[str, datetime.date]]:
    """Take an entry back: it was a mistake, or the proclamation was revoked. Returns the days that
    are different now."""
    with attributed(by=by, why=why):
        _wait_for_others()
        row = ProclaimedDay.objects.select_for_update().get(pk=row.pk)
        if row.withdrawn_on:
            raise AlreadyDone("That was withdrawn already.")
        before = current()
        row.withdrawn_on = timezone.localdate(now)
        row.save(update_fields=["withdrawn_on"])
        events.bank_holiday_changed(
            by=by, jurisdiction=row.jurisdiction, day=row.day, change="withdrawn"
        )
        return changed_days(before, current())


def confirm(year: int, *, seen: str, source: str, by: str, now: datetime.datetime) -> ConfirmedYear:
    """Somebody compared a year with the government's published list. Refused when the calendar is
    not what they saw.

    `seen` is the fingerprint of the days that were shown.
    """
    with transaction.atomic():
        _wait_for_others()
        days = days_of(current(), year)
        if seen != fingerprint(days):
            raise Refused("The calendar changed while you were looking. Compare it again.")
        latest = ConfirmedYear.objects.filter(year=year).first()
        if latest is not None and latest.days == days:
            raise AlreadyDone(f"{year} is confirmed already.")
        row = ConfirmedYear.objects.create(
            year=year, days=days, source=source, confirmed_at=now, confirmed_by=by
        )
        events.bank_holidays_confirmed(
            by=by, year=year, days=sum(len(found) for found in days.values())
        )
    return row


def fingerprint(days: dict[str, list[str]]) -> str:
    """What tells one list of days from another."""
    return hashlib.sha256(json.dumps(days, sort_keys=True).encode()).hexdigest()


def unconfirmed(holidays: Holidays, today: datetime.date) -> list[int]:
    """The years up to eighteen months from now that nobody compared with the published list."""
    horizon = today.year + (today.month + 18 - 1) // 12
    return [year for year in range(today.year, horizon + 1) if not holidays.verified(year)]


def altered(holidays: Holidays, today: datetime.date) -> list[tuple[str, datetime.date]]:
    """The days of confirmed years, not over yet, that are different now from when they were
    confirmed."""
    latest = {
        row.year: row
        for row in ConfirmedYear.objects.filter(year__gte=today.year).order_by("year", "pk")
    }
    different: list[tuple[str, datetime.date]] = []
    for year, row in latest.items():
        now = days_of(holidays, year)
        different += [
            (place, datetime.date.fromisoformat(day))
            for place in now
            for day in sorted(set(now[place]) ^ set(row.days.get(place, [])))
        ]
    return different


def _wait_for_others() -> None:
    """One change of the calendar at a time, so that each is checked against what the one before
    left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('deadlines.bank_holidays'))")
