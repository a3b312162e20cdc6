"""Bank holidays, as the trail tells of them."""

import datetime

from audit.trail import append


def bank_holiday_changed(*, by: str, jurisdiction: str, day: datetime.date, change: str) -> None:
    """A proclaimed change entered the calendar, or was withdrawn: deadlines that it touches are
    another day now."""
    append("bank_holiday_changed", by=by, jurisdiction=jurisdiction, day=day, change=change)


def bank_holidays_confirmed(*, by: str, year: int, days: int) -> None:
    """Somebody compared the bank holidays of a year with the government's list; `days` is how many
    there are."""
    append("bank_holidays_confirmed", by=by, year=year, days=days)
