"""The controller's financial year."""

import calendar
import datetime


def year_end(day: datetime.date, ends: str) -> datetime.date:
    """The last day of the financial year in which `day` falls; `ends` is its month and day,
    `MM-DD`.

    A year that ends on 29 February ends on the 28th when there is no 29th. ValueError when `ends`
    is no such day.
    """
    try:
        month, last = (int(part) for part in ends.split("-"))
        datetime.date(2000, month, last)
    except ValueError:
        raise ValueError(f"{ends!r} is not a month and day (MM-DD)") from None
    end = _on(day.year, month, last)
    return end if end >= day else _on(day.year + 1, month, last)


def _on(year: int, month: int, day: int) -> datetime.date:
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))
