"""One row of a file of cases: texts in, the computed deadline and its explanation out."""

import datetime
import re
from collections.abc import Mapping
from typing import NamedTuple

from compliance.deadlines.calendar import Holidays
from compliance.deadlines.engine import compute
from compliance.deadlines.events import clipped, parse_date, parse_events
from compliance.deadlines.explain import account, sentence
from compliance.deadlines.rules import rules_of

NEEDED = ("kind", "received", "jurisdiction", "events")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T "
    r"][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)

Day = datetime.date | datetime.datetime


class Computed(NamedTuple):
    """What a row came to: `fault` says why it could not be computed, `difference` that another due
    date was given."""

    computed: str
    explanation: str
    fault: str = ""
    difference: str = ""


def run(row: Mapping[str, str], holidays: Holidays, *, steps: bool = False) -> Computed:
    """Compute a row with the columns kind, received, jurisdiction, events and, if it has one, due.

    A day is written as 2026-03-31, a moment with its offset from UTC. `computed` is a day, a UTC
    moment, or empty. With `steps` the explanation goes on with every step. An empty `due` is not
    compared.
    """
    try:
        kind = row["kind"].strip()
        rules_of(kind)  # the wrong kind is told before the wrong date
        given = parse_due(row.get("due", "").strip())
        deadline = compute(
            kind,
            parse_received(row["received"].strip()),
            row["jurisdiction"].strip(),
            parse_events(row["events"]),
            holidays=holidays,
        )
    except ValueError as error:
        return Computed("", f"Not computed: {error}.", str(error))
    told = sentence(deadline)
    if steps:
        told += " Step by step: " + " ".join(
            f"({number}) {step}" for number, step in enumerate(account(deadline), start=1)
        )
    computed = deadline.due.isoformat() if deadline.due is not None else ""
    if given is not None and given != deadline.due:
        return Computed(
            computed,
            told,
            difference=f"due is given as {given.isoformat()}, computed is {computed or 'none'}",
        )
    return Computed(computed, told)


def parse_received(text: str) -> Day:
    """A day, or a moment with its offset. ValueError otherwise."""
    return _day_or_moment(text, "received")


def parse_due(text: str) -> Day | None:
    """A given due date; None when there is none. ValueError when it cannot be read."""
    return _day_or_moment(text, "due") if text else None


def _day_or_moment(text: str, what: str) -> Day:
    if not MOMENT.fullmatch(text):
        return parse_date(text, what)
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{what}: there is no moment {clipped(text)}") from None
    if moment.tzinfo is None:
        raise ValueError(
            f"{what}: {text} has no offset from UTC; write it as 2026-07-01T23:30:00+01:00"
        )
    return moment
