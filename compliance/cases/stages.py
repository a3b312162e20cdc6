"""When somebody is reminded of a case: the stages of its clock, each with its day. No model here.

A stage is reached on its day and stays reached: what a missed night did not tell, the next one
does. Only the latest stage that was reached is told, once for each clock: a clock that was moved
reminds anew.
"""

import datetime
from dataclasses import dataclass

from compliance.deadlines import Deadline

DAY = datetime.timedelta(days=1)
WEEK = 7 * DAY
WINDOW = 3 * DAY  # before the last day for a notice of extension
UNDATED = 7 * DAY  # after receipt, of a case that has neither a last day nor a day of review


@dataclass(frozen=True)
class Stage:
    """One stage on its day. `lead`: the data protection lead is told too."""

    code: str
    day: datetime.date
    lead: bool = False


WORDS = {
    "soon": "The last day comes near",
    "due": "Due today",
    "overdue": "Overdue",
    "review": "Look at it again",
    "undated": "No last day and no day to look again",
    "extension": "The time to extend it ends soon",
}


def reached(deadline: Deadline, today: datetime.date) -> Stage | None:
    """The latest stage that a clock has reached on a day; None before the first."""
    stages = [stage for stage in _stages(deadline, today) if stage.day <= today]
    return max(stages, key=lambda stage: stage.day, default=None)


def _stages(deadline: Deadline, today: datetime.date) -> list[Stage]:
    due = deadline.due
    if not isinstance(due, datetime.date):
        if deadline.review_on is not None:
            return _again("review", deadline.review_on, today)
        return _again("undated", deadline.received + UNDATED, today)
    near = [Stage("soon", day) for day in deadline.warn_on if day < due]
    return [
        *near,
        Stage("due", due),
        *(Stage(stage.code, stage.day, lead=True) for stage in _again("overdue", due + DAY, today)),
    ]


def _again(code: str, first: datetime.date, today: datetime.date) -> list[Stage]:
    """A stage that comes back every week for as long as nothing happens: the first, and the
    latest."""
    weeks = max(0, (today - first).days // 7)
    return [Stage(code, first + weeks * WEEK)]


def closing_window(deadline: Deadline, today: datetime.date) -> Stage | None:
    """The last days on which a notice of extension counts, where they end before the last day for
    the answer is near."""
    until = deadline.extension_until
    if deadline.extension is not None or until is None or not until - WINDOW <= today <= until:
        return None
    return None if deadline.due == until else Stage("extension", until - WINDOW)
