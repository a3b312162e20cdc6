"""Working days of England and Wales, Scotland, and Northern Ireland.

Three sources, in this order:

1. `bank_holidays.csv`: the government's published list (www.gov.uk/bank-holidays, Open Government
Licence v3.0), for the
   years that were published when this version was made;
2. for other years, what the `holidays` package expects from the Banking and Financial Dealings Act
1971, with CORRECTIONS;
3. changes that were proclaimed since, which the caller passes in.

A year that none of them knows is an error, never a year without holidays.
"""

import csv
import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import holidays
from dateutil.easter import easter

from customers.nations import ENGLAND_AND_WALES, JURISDICTIONS, NORTHERN_IRELAND, SCOTLAND

SUBDIVISIONS = {ENGLAND_AND_WALES: "ENG", SCOTLAND: "SCT", NORTHERN_IRELAND: "NIR"}
PUBLISHED = Path(__file__).with_name("bank_holidays.csv")
FIRST_YEAR = 1972  # the first whole year under the Act of 1971
LAST_YEAR = holidays.country_holidays("GB", subdiv="ENG").end_year
SATURDAY, SUNDAY = 5, 6
DAY = datetime.timedelta(days=1)


class NotCovered(ValueError):
    """A computation asks about a year whose bank holidays nobody can tell."""


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """A proclaimed change: a day that is a bank holiday after all (`added`), or is none after
    all."""

    jurisdiction: str
    day: datetime.date
    name: str
    added: bool = True


# Where the package departs from the law.
CORRECTIONS = (
    # The St Andrew's Day Bank Holiday (Scotland) Act 2007 received Royal Assent on 15 January 2007.
    CalendarChange(SCOTLAND, datetime.date(2006, 11, 30), "St Andrew's Day", added=False),
)
PLAIN = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "New Year Holiday": "2 January",
    "Late Summer Bank Holiday": "Summer bank holiday",
    "Summer Bank Holiday": "Summer bank holiday",
    "Saint Patrick's Day": "St Patrick's Day",
    "Saint Andrew's Day": "St Andrew's Day",
}


@dataclass(frozen=True)
class Holidays:
    """Every bank holiday there is, as one value: what is published or expected, with the changes
    proclaimed since.

    `confirmed` are the years beyond the published ones that somebody compared with the government's
    list.
    """

    changes: tuple[CalendarChange, ...] = ()
    confirmed: frozenset[int] = frozenset()
    _index: dict[tuple[str, datetime.date], CalendarChange] = field(
        init=False, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "_index", {(one.jurisdiction, one.day): one for one in self.changes}
        )

    def closed(self, jurisdiction: str, day: datetime.date) -> str:
        """Why a day is no working day ("Saturday", "Easter Monday"); empty when it is one.
        NotCovered for unknown years."""
        weekday = day.weekday()
        if weekday >= SATURDAY:
            return "Saturday" if weekday == SATURDAY else "Sunday"
        change = self._index.get((jurisdiction, day))
        if change is not None:
            return change.name if change.added else ""
        return _base(jurisdiction, day.year).get(day, "")

    def days(self, jurisdiction: str, year: int) -> dict[datetime.date, str]:
        """The bank holidays of a year on Mondays to Fridays, in order, with their names."""
        return _with_changes(_base(jurisdiction, year), self.changes, jurisdiction, year)

    def verified(self, year: int) -> bool:
        """Whether somebody compared the year with the government's published list."""
        return year in published_years() or year in self.confirmed


def closed_under_credit_act(calendar: Holidays, jurisdiction: str, day: datetime.date) -> str:
    """As `Holidays.closed`, under section 189 of the Act of 1974, which itself names Christmas Day
    and Good Friday."""
    if (day.month, day.day) == (12, 25):
        return "Christmas Day"
    return calendar.closed(jurisdiction, day) or (
        "Good Friday" if day == good_friday(day.year) else ""
    )


@lru_cache(maxsize=512)
def good_friday(year: int) -> datetime.date:
    """Two days before Easter Sunday."""
    sunday: datetime.date = easter(year)
    return sunday - 2 * DAY


def changed_days(before: Holidays, after: Holidays) -> frozenset[tuple[str, datetime.date]]:
    """The days that are working days under one of two calendars and not under the other.

    A deadline has to be computed again exactly when one of them is among the days that it
    `examined`.
    """
    named = {(one.jurisdiction, one.day) for one in (*before.changes, *after.changes)}
    return frozenset(
        pair for pair in named if bool(before.closed(*pair)) != bool(after.closed(*pair))
    )


def working_days_after(
    calendar: Holidays, jurisdiction: str, day: datetime.date
) -> Iterator[tuple[datetime.date, str]]:
    """Every day after `day`, with why it is no working day under the Consumer Credit Act, if it is
    none."""
    while True:
        day += DAY
        yield day, closed_under_credit_act(calendar, jurisdiction, day)


@lru_cache(maxsize=1)
def _published() -> dict[tuple[str, int], dict[datetime.date, str]]:
    found: dict[tuple[str, int], dict[datetime.date, str]] = {}
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            day = datetime.date.fromisoformat(row["date"])
            found.setdefault((row["jurisdiction"], day.year), {})[day] = row["name"]
    return found


@lru_cache(maxsize=1)
def published_years() -> frozenset[int]:
    """The years of the government's list that this version ships."""
    return frozenset(year for _, year in _published())


def expected(jurisdiction: str, year: int) -> dict[datetime.date, str]:
    """The bank holidays of a year on Mondays to Fridays as the package works them out, with our
    corrections."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotCovered(
            f"the bank holidays of {year} are not known: the calendar reaches from {FIRST_YEAR} "
            f"to {LAST_YEAR}"
        )
    found = holidays.country_holidays(
        "GB", subdiv=SUBDIVISIONS[jurisdiction], years=year, language="en_GB"
    )
    days = {day: _plain(name) for day, name in found.items() if day.weekday() < SATURDAY}
    return _with_changes(days, CORRECTIONS, jurisdiction, year)


def _with_changes(
    days: Mapping[datetime.date, str],
    changes: Iterable[CalendarChange],
    jurisdiction: str,
    year: int,
) -> dict[datetime.date, str]:
    """The bank holidays of a year after changes, in order; of several for one day the last counts.
    A Saturday or Sunday never becomes one."""
    changed = dict(days)
    for change in changes:
        if (change.jurisdiction, change.day.year) != (jurisdiction, year):
            continue
        if change.added and change.day.weekday() < SATURDAY:
            changed[change.day] = change.name
        else:
            changed.pop(change.day, None)
    return dict(sorted(changed.items()))


@lru_cache(maxsize=1024)
def _base(jurisdiction: str, year: int) -> dict[datetime.date, str]:
    published = _published().get((jurisdiction, year))
    return expected(jurisdiction, year) if published is None else published


def _plain(name: str) -> str:
    return " and ".join(_one_name(part) for part in name.split("; "))


def _one_name(name: str) -> str:
    plain = name.removesuffix(" (observed)")
    return PLAIN.get(plain, plain) + (" (substitute day)" if plain != name else "")


def in_words(days: Iterable[tuple[str, datetime.date]]) -> list[str]:
    """Days of jurisdictions, for a message: “3 May 2029 (Scotland)”."""
    return [
        f"{day:%-d %B %Y} ({JURISDICTIONS[where]})"
        for where, day in sorted(days, key=lambda pair: pair[::-1])
    ]
