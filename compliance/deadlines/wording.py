"""Dates, numbers and lists as people write them; the same under every locale."""

import datetime
from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

from compliance.deadlines.events import (
    ACKNOWLEDGED,
    AUTHORITY,
    EXTENDED,
    FEE,
    IDENTITY,
    NEGOTIATIONS_ENDED,
    PAUSED,
    Event,
)
from compliance.deadlines.steps import Counted

DATE = datetime.date
LONDON = ZoneInfo("Europe/London")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
ASKED_FOR = {IDENTITY: "proof of identity", AUTHORITY: "proof of authority", FEE: "the fee"}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@lru_cache(maxsize=1 << 15)
def words_of(day: DATE, weekday: bool = True) -> str:
    """“Monday 2 March 2026”, the same under every locale."""
    plain = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {plain}" if weekday else plain


def moment_in_words(moment: datetime.datetime) -> str:
    """“Monday 30 March 2026 at 17:00 UTC (18:00 in London)”; the London day too where it is
    another."""
    utc, local = moment.astimezone(datetime.UTC), moment.astimezone(LONDON)
    there = (
        f"{local:%H:%M}"
        if local.date() == utc.date()
        else f"{words_of(local.date())}, {local:%H:%M}"
    )
    return f"{words_of(utc.date())} at {utc:%H:%M} UTC ({there} in London)"


def event_in_words(event: Event) -> str:
    day = words_of(event.day, False)
    if event.name == PAUSED:
        return f"the pause of {day}"
    if event.name == EXTENDED:
        return f"the notice of extension of {day}"
    if event.name == NEGOTIATIONS_ENDED:
        return f"the end of negotiations on {day}"
    if event.name == ACKNOWLEDGED:
        return f"the acknowledgement of {day}"
    what, _, done = event.name.replace("_not_needed", "_not needed").partition("_")
    return f"{ {'id': 'proof of identity', 'authority': 'proof of authority', 'fee': 'a fee'}[what] }, {done} on {day},"


def missing_in_words(step: Counted) -> str:
    return f" ({MONTHS[step.end.month - 1]} has no {nth(step.missing)})" if step.missing else ""


def day_off(day: DATE, why: str) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}, {why}"


def nth(number: int) -> str:
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd', 21: 'st', 22: 'nd', 23: 'rd', 31: 'st'}.get(number, 'th') }"


def ordinal(number: int) -> str:
    return {7: "seventh"}.get(number, nth(number))


def number_of(number: int, noun: str) -> str:
    return (
        f"{NUMBERS[number] if number < len(NUMBERS) else number} {noun}{'' if number == 1 else 's'}"
    )


def days_in_words(days: Sequence[DATE]) -> str:
    """“29, 30 and 31 December 2026; 4 and 5 January 2027”."""
    months: dict[tuple[int, int], list[str]] = {}
    for day in days:
        months.setdefault((day.year, day.month), []).append(str(day.day))
    return "; ".join(
        f"{listed(numbers)} {MONTHS[month - 1]} {year}" for (year, month), numbers in months.items()
    )


def listed(items: Sequence[str]) -> str:
    if any("," in item for item in items):
        return "; ".join(items)
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]
