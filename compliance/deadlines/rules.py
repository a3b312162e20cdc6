"""Every deadline as data: one dated rule for each kind of request and each state of the law.

The rules of a right stand with the right (compliance/cases/rights), those of other clocks in
`other_clocks`.

The local day of receipt (Europe/London) decides which rule applies. A new law text is one more rule
with its first day, an end for the rule before it, and worked cases in the tests. A rule that cases
were computed with is never edited in place: its `version` is stored with them, so raise `revision`
when a rule turns out to have been wrong.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from compliance.deadlines.events import AUTHORITY, FEE, IDENTITY, clipped

DATE = datetime.date
DAY = datetime.timedelta(days=1)
# what moves a last day; imported by UK GDPR Article 4A, DPA 2018 section 205
REGULATION = "Regulation 1182/71 Article 3(4)"
GDPR = DATE(2018, 5, 25)
DUAA = DATE(
    2026, 2, 5
)  # Data (Use and Access) Act 2025, section 76: Article 12A, for requests received from this day
DPA1998 = DATE(2000, 3, 1)


class Unit(StrEnum):
    MONTHS = "months"
    DAYS = "days"
    WORKING_DAYS = "working days"
    HOURS = "hours"


@dataclass(frozen=True)
class Rule:
    """One deadline under one state of the law."""

    kind: str
    name: str  # of the kind, for people
    law: str
    period: int
    unit: Unit
    since: DATE  # first and last day of receipt to which it applies
    until: DATE | None = None
    rolls: bool = False  # a last day on a weekend or bank holiday moves to the next working day
    begins_with: tuple[
        str, ...
    ] = ()  # what the clock waits for when it was asked: identity, authority, fee
    pauses: bool = False  # clarification, asked because it is needed to find the data
    extended_months: int = 0  # counted from the start, when a notice goes out in time
    first_day_counts: bool = False
    window_days: int | None = None  # after negotiations ended; a later request is outside the rule
    late_as: str = ""  # the kind under which what came after the window is answered
    target: int | None = (
        # days from the start that we give ourselves (for each month of the period, when months)
        None
    )
    warns: bool = False  # reminders before the target
    met_by: str = ""  # the event after which the law sets no last day any more
    aim: int | None = (
        None  # days from the start that we give ourselves for the rest, once that has happened
    )
    began: str = "Received"  # what happened on its first day
    due_is: str = "The last day to answer"
    promise: str = "We will answer you by {}."  # to the customer
    note: str = ""  # what a reader must know beside the date
    history: bool = False  # law that no longer applies to anything new
    revision: int = 1

    @property
    def version(self) -> str:
        """What is stored with a case: “sar/2026-02-05”."""
        return f"{self.kind}/{self.since}" + (f"/{self.revision}" if self.revision > 1 else "")

    @property
    def period_in_words(self) -> str:
        return (
            f"{self.period} "
            f"{self.unit.value.removesuffix('s') if self.period == 1 else self.unit.value}"
        )

    @property
    def uses_calendar(self) -> bool:
        """Whether bank holidays can move it, so that it needs to know whose."""
        return self.rolls or self.unit is Unit.WORKING_DAYS


ASKABLE = (IDENTITY, AUTHORITY, FEE)
TELL = "The last day to tell the person"
STOPPED = "We stop at once, and will have confirmed it to you by {}."
AT_ONCE = "It takes effect at once. This is the last day for telling the person that it is done."
NO_LAW = "no law that we know set a date for it then"


@dataclass(frozen=True)
class StatutoryClock:
    """The dated rules of one kind, the oldest first. `instead` is what holds on the days outside
    them: the kind that takes over, or in words why there is none."""

    rules: tuple[Rule, ...]
    instead: str

    @property
    def kind(self) -> str:
        return self.rules[0].kind


def gdpr(
    kind: str,
    name: str,
    article: str,
    *,
    before: str = "",
    begins_with: tuple[str, ...] = ASKABLE,
    pauses: bool = False,
    extended_months: int = 3,
    due_is: str = Rule.due_is,
    promise: str = Rule.promise,
    note: str = "",
) -> tuple[Rule, Rule]:
    """A right under the UK GDPR: the same month before and after Article 12A, which wrote down what
    guidance had said. `before`: the article as it was called before, where that was another."""
    now = Rule(
        kind=kind,
        name=name,
        law=f"UK GDPR {article} and Article 12A",
        period=1,
        unit=Unit.MONTHS,
        since=DUAA,
        rolls=True,
        begins_with=begins_with,
        pauses=pauses,
        extended_months=extended_months,
        target=28,
        warns=True,
        due_is=due_is,
        promise=promise,
        note=note,
    )
    then = replace(
        now, law=f"UK GDPR {before or article} and Article 12(3)", since=GDPR, until=DUAA - DAY
    )
    return then, now


CLOCKS: dict[str, StatutoryClock] = {}  # by their kinds


def register(*clocks: StatutoryClock) -> None:
    """Take in the clocks of a room above. In lists they stand before those that are known."""
    known = dict(CLOCKS)
    CLOCKS.clear()
    CLOCKS.update({clock.kind: clock for clock in clocks} | known)


def all_rules() -> tuple[Rule, ...]:
    """Every rule of every kind."""
    return tuple(rule for clock in CLOCKS.values() for rule in clock.rules)


def kinds() -> dict[str, str]:
    """Every kind with its name, in the order of the rules."""
    return {kind: clock.rules[0].name for kind, clock in CLOCKS.items()}


def rules_of(kind: str) -> tuple[Rule, ...]:
    """The dated rules of a kind, the oldest first. ValueError for a kind that there is not."""
    try:
        return CLOCKS[kind].rules
    except KeyError:
        raise ValueError(
            f"there is no kind {clipped(kind)}; the kinds are {', '.join(CLOCKS)}"
        ) from None


def rule_for(kind: str, received: DATE) -> Rule:
    """The rule for a request received on a local day. ValueError outside every rule's dates, naming
    the right kind."""
    rules = rules_of(kind)
    for rule in rules:
        if rule.since <= received and (rule.until is None or received <= rule.until):
            return rule
    first, last = rules[0].since, rules[-1].until
    side = (
        f"applies to requests received from {first}"
        if received < first
        else f"ended with requests received on {last}"
    )
    raise ValueError(
        f"{kind} {side}, and this one was received on {received}: {_instead(kind, received)}"
    )


def _instead(kind: str, received: DATE) -> str:
    instead = CLOCKS[kind].instead
    if instead not in CLOCKS:
        return instead
    if any(
        rule.since <= received and (rule.until is None or received <= rule.until)
        for rule in rules_of(instead)
    ):
        return f"use {instead}"
    return NO_LAW


def table() -> Iterator[tuple[str, ...]]:
    """The rules as rows of plain words, for the documentation and the command: the heading
    first."""
    yield (
        "Kind",
        "What it is",
        "Received",
        "Period",
        "Weekend or holiday",
        "Waits for",
        "Paused",
        "Extended",
        "Law",
    )
    for rule in all_rules():
        until = f" to {_day(rule.until)}" if rule.until else ""
        period = rule.period_in_words + (", the first day counted" if rule.first_day_counts else "")
        if rule.window_days:
            period += f"; only within {rule.window_days} days after negotiations ended"
        yield (
            rule.kind,
            rule.name,
            f"from {_day(rule.since)}{until}",
            period,
            "next working day"
            if rule.rolls
            else "not counted"
            if rule.unit is Unit.WORKING_DAYS
            else "no change",
            ", ".join(rule.begins_with) or "nothing",
            "for clarification" if rule.pauses else "never",
            f"to {rule.extended_months} months" if rule.extended_months else "never",
            rule.law,
        )


def _day(day: DATE) -> str:
    return f"{day:%-d %B %Y}"
