"""Adding months, rolling over days off, and the calendar as one computation reads it."""

import calendar
import datetime
from functools import lru_cache

from compliance.deadlines.calendar import Holidays, working_days_after

DATE = datetime.date
DAY = datetime.timedelta(days=1)


@lru_cache(maxsize=1 << 14)
def add_months(day: DATE, months: int) -> DATE:
    """The same day number so many months on, or the last day of a month that has no such day
    (Regulation 1182/71)."""
    total = day.year * 12 + day.month - 1 + months
    year, month = total // 12, total % 12 + 1
    if year > datetime.MAXYEAR:
        raise OverflowError
    return DATE(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class Reader:
    """The calendar of one jurisdiction, remembering every day that it was asked about."""

    def __init__(self, holidays: Holidays, jurisdiction: str) -> None:
        self.holidays, self.jurisdiction = holidays, jurisdiction
        self.asked: set[tuple[str, DATE]] = set()

    def roll(self, day: DATE) -> tuple[DATE, tuple[tuple[DATE, str], ...]]:
        """The day itself when it is a working day, else the next one; and the days passed over,
        with why."""
        skipped: list[tuple[DATE, str]] = []
        while True:
            self.asked.add((self.jurisdiction, day))
            why = self.holidays.closed(self.jurisdiction, day)
            if not why:
                return day, tuple(skipped)
            skipped.append((day, why))
            day += DAY

    def working_days(self, after: DATE, number: int) -> tuple[list[DATE], list[tuple[DATE, str]]]:
        """The next so many working days under the Consumer Credit Act, and the days passed over
        among them."""
        counted: list[DATE] = []
        skipped = []
        for day, why in working_days_after(self.holidays, self.jurisdiction, after):
            self.asked.add((self.jurisdiction, day))
            if why:
                skipped.append((day, why))
            else:
                counted.append(day)
                if len(counted) == number:
                    break
        return counted, skipped


REMIND_BEFORE = (14, 7, 2)  # days before the target on which somebody is reminded


def before_target(target: DATE, start: DATE) -> tuple[DATE, ...]:
    """The days on which somebody is warned: so long before the target, and after the start."""
    return tuple(day for day in (target - back * DAY for back in REMIND_BEFORE) if day > start)
