"""The two files of worked cases, and a short way to compute one."""

import csv
import datetime
from pathlib import Path

from compliance import deadlines
from compliance.deadlines.cases import parse_received

DATA = Path(__file__).parent / "data"
FIRST, MORE = DATA / "deadlines.csv", DATA / "more_cases.csv"
PLAIN = deadlines.Holidays()
DAY = datetime.date
ENGLAND = "england-and-wales"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def deadline(
    kind: str,
    received: str,
    events: str = "",
    place: str = ENGLAND,
    holidays: deadlines.Holidays = PLAIN,
    **named: str | bool,
) -> deadlines.Deadline:
    """A case as a file writes it."""
    return deadlines.compute(
        kind,
        parse_received(received),
        place,
        deadlines.parse_events(events),
        holidays=holidays,
        **named,
    )


def due(*args, **named) -> str:
    """The due date of a case as a file writes it; empty when there is none."""
    found = deadline(*args, **named).due
    return "" if found is None else found.isoformat()
