"""The outcome of a computation, and the steps that led to it: facts, from which `explain` makes
words."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from compliance.deadlines.events import Event
from compliance.deadlines.rules import Rule

DATE = datetime.date
Skipped = tuple[tuple[DATE, str], ...]  # days that are no working days, and why


class NoDateReason(StrEnum):
    """Why there is no due date."""

    PAUSED = "paused"  # clarification was asked and has not come
    UNANSWERED = "unanswered"  # identity, authority or fee was asked and has not come
    MET = "met"  # what the law sets a day for was done; what is left is due without undue delay
    OUTSIDE_WINDOW = "outside_window"  # section 157(2): the request came too late


class Extension(StrEnum):
    """What became of a notice of extension."""

    IN_TIME = "in_time"
    TOO_LATE = "too_late"
    NOT_POSSIBLE = "not_possible"  # the law knows no extension of this deadline
    ONCE_ONLY = "once_only"


@dataclass(frozen=True, slots=True)
class Receipt:
    day: DATE
    moment: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """Something asked for came, and the clock starts on that day if it is the latest."""

    what: str
    day: DATE
    counts: bool


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Something was asked for without need, which moves nothing."""

    what: str
    asked: DATE
    day: DATE


@dataclass(frozen=True, slots=True)
class AskedTooLate:
    what: str
    day: DATE
    ended: DATE


@dataclass(frozen=True, slots=True)
class Unanswered:
    what: str
    asked: DATE
    review_on: DATE


@dataclass(frozen=True, slots=True)
class NoEffect:
    """An event that this kind of deadline does not know."""

    event: Event


@dataclass(frozen=True, slots=True)
class Counted:
    """So many months or days from a day; `missing` is the day number that the last month does not
    have."""

    period: str
    start: DATE
    end: DATE
    missing: int = 0
    first_day_counts: bool = False


@dataclass(frozen=True, slots=True)
class Paused:
    """A pause, and how many days it adds that no other pause added."""

    event: Event
    added: int
    from_start: bool  # begins on or before the start, whose day is not in the period


@dataclass(frozen=True, slots=True)
class PausedTooLate:
    event: Event
    ended: DATE


@dataclass(frozen=True, slots=True)
class StillPaused:
    event: Event
    review_on: DATE


@dataclass(frozen=True, slots=True)
class Extended:
    event: Event
    outcome: Extension
    last_day: DATE | None  # on which a notice counts; None while the clock is paused


@dataclass(frozen=True, slots=True)
class Lengthened:
    """The days of all pauses added; `end` is later than `counted` when the answer to a pause came
    later."""

    days: int
    counted: DATE
    end: DATE


@dataclass(frozen=True, slots=True)
class Rolled:
    end: DATE
    skipped: Skipped
    due: DATE


@dataclass(frozen=True, slots=True)
class Met:
    """What the law sets a day for was done; `review_on`, a week before our own target for the rest,
    somebody looks again."""

    day: DATE
    due: DATE
    review_on: DATE


@dataclass(frozen=True, slots=True)
class WorkingDays:
    counted: tuple[DATE, ...]
    skipped: Skipped
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class Window:
    """Section 157(2): how long after the end of negotiations a request still counts."""

    ended: DATE
    last_day: DATE


@dataclass(frozen=True, slots=True)
class Hours:
    hours: int
    aware: datetime.datetime
    due: datetime.datetime


Step = (
    Receipt
    | Answered
    | TakenBack
    | AskedTooLate
    | Unanswered
    | NoEffect
    | Counted
    | Paused
    | PausedTooLate
    | StillPaused
    | Extended
    | Lengthened
    | Rolled
    | Met
    | WorkingDays
    | Window
    | Hours
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When an answer is due, by which rule, and how that was worked out. Days are those of
    Europe/London.

    `due` is a date, a UTC moment for a breach, or None for `reason`. `extension_until` is the last
    day on which a notice of extension counts (None where there is none, or while that day is not
    known). `examined` holds every day whose being a working day or not was looked at: the result
    changes only if one of them does.
    """

    rule: Rule
    jurisdiction: str
    received: DATE
    start: DATE | None
    due: DATE | datetime.datetime | None
    steps: tuple[Step, ...]
    reason: NoDateReason | None = None
    review_on: DATE | None = None
    extension: Extension | None = None
    extension_until: DATE | None = None
    excluded_days: int = 0
    target_on: DATE | None = None
    warn_on: tuple[DATE, ...] = ()
    examined: frozenset[tuple[str, DATE]] = frozenset()
    late_for: Rule | None = None  # it came too late for this rule, and is answered under `rule`

    @property
    def version(self) -> str:
        """The rule's version, which is stored with a case."""
        return self.rule.version
