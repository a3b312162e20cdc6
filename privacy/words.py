"""How things read in words: lengths of time and numbers, and sealed values that are kept as JSON."""

import datetime
import json
from collections.abc import Callable, Iterable
from typing import Any

NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))  # and their seconds


def in_words(length: datetime.timedelta | int, unit: str = "", *, figures: bool = False) -> str:
    """A length of time, or a number of something, as a person writes it: “two hours”, “20 minutes”,
    “14 days”, “seven working days”.

    A timedelta is told in the largest unit that measures it exactly; a number in `unit`, its noun
    in the singular. Numbers up to twelve are spelled, unless `figures`.
    """
    if isinstance(length, datetime.timedelta):
        seconds = int(length.total_seconds())
        unit, size = next((unit, size) for unit, size in UNITS if seconds % size == 0)
        length = seconds // size
    spelled = str(length) if figures else number(length)
    return f"{spelled} {unit}{'' if length == 1 else 's'}"


def number(count: int) -> str:
    """A number as a person writes it: “three”, “14”."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def json_in_words() -> Callable[[str], str]:
    """The words of an object kept as JSON: a line for each name, of a list of objects a line for
    each."""
    return lambda text: "\n".join(_lines(json.loads(text)))


def _lines(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        return (
            f"{_capital(name)}: {_said(said)}"
            for name, said in value.items()
            if said not in (None, "", [], {})
        )
    if isinstance(value, list):
        return (_said(one) for one in value)
    return [str(value)]


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ". ".join(str(said).rstrip(".") for said in value.values() if said not in (None, ""))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _capital(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
