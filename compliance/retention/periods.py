"""The arithmetic of retention periods. Pure: dates in, dates out, no database.

A period runs from the day of its clock (the anchor). Months and years go by the calendar and clamp
at the end of a short month, as PostgreSQL's `date + interval` does. The record is protected up to
and including the last day of its period and due from the day after. Days are those of
Europe/London.
"""

import calendar
import datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def last_protected_day(anchor: datetime.date, period: int, unit: str) -> datetime.date:
    """The last day on which a period of so many `days`, `months` or `years` from `anchor` still
    protects.

    A period that would end after the year 9999 ends on the last day there is.
    """
    try:
        if unit == "days":
            return anchor + datetime.timedelta(days=period)
        months = period * {"months": 1, "years": 12}[unit] + anchor.month - 1
        year, month = anchor.year + months // 12, months % 12 + 1
        return datetime.date(year, month, min(anchor.day, calendar.monthrange(year, month)[1]))
    except (OverflowError, ValueError):
        return datetime.date.max


def latest_due_anchor(as_of: datetime.date, period: int, unit: str) -> datetime.date:
    """The latest anchor whose period has run out on `as_of`: every anchor up to it is due, none
    after it.

    This turns a rule into one comparison with an indexed column.
    """
    if as_of == datetime.date.min or (unit == "days" and as_of.toordinal() <= period + 1):
        return datetime.date.min
    yesterday = as_of - datetime.timedelta(days=1)
    if unit == "days":
        return yesterday - datetime.timedelta(days=period)
    anchor = _months_before(yesterday, period * {"months": 1, "years": 12}[unit])
    while last_protected_day(anchor + datetime.timedelta(days=1), period, unit) <= yesterday:
        anchor += datetime.timedelta(
            days=1
        )  # at most three steps: the days that clamp to one month end
    return anchor


def _months_before(day: datetime.date, months: int) -> datetime.date:
    total = day.year * 12 + day.month - 1 - months
    year, month = total // 12, total % 12 + 1
    if year < 1:
        return datetime.date.min
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def start_of(day: datetime.date) -> datetime.datetime:
    """The first moment of a London day."""
    return datetime.datetime.combine(day, datetime.time(), LONDON)
