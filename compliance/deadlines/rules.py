"""Every deadline as data: one dated rule for each kind of request and each state of the law.

The local day of receipt (Europe/London) decides which rule applies. A new law text is one more rule
with its first day, an end for the rule before it, and worked cases in the tests. A rule that cases
were computed with is never edited in place: its `version` is stored with them, so raise `revision`
when a rule turns out to have been wrong.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from compliance.deadlines.events import ACKNOWLEDGED, AUTHORITY, FEE, IDENTITY, clipped

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
RIGHT = Rule(
    kind="",
    name="",
    law="",
    period=1,
    unit=Unit.MONTHS,
    since=DUAA,
    rolls=True,
    begins_with=ASKABLE,
    extended_months=3,
    target=28,
    warns=True,
)


def _right(
    kind: str, name: str, article: str, before: str = "", **changes: object
) -> tuple[Rule, Rule]:
    """A right under the UK GDPR: the same month before and after Article 12A, which wrote down what
    guidance had said."""
    now = replace(RIGHT, kind=kind, name=name, law=f"UK GDPR {article} and Article 12A", **changes)  # type: ignore[arg-type]
    then = replace(
        now, law=f"UK GDPR {before or article} and Article 12(3)", since=GDPR, until=DUAA - DAY
    )
    return then, now


RULES: tuple[Rule, ...] = (
    *_right("sar", "Access to personal data", "Article 15", pauses=True),
    *_right("rectification", "Correction of personal data", "Article 16"),
    *_right("erasure", "Erasure of personal data", "Article 17"),
    *_right(
        "restriction",
        "Restriction of use",
        "Article 18",
        note="The restriction is applied at once, while we check.",
    ),
    *_right("portability", "Moving personal data", "Article 20"),
    *_right(
        "objection",
        "Objection to a use",
        "Article 21(1)",
        note="Use is restricted meanwhile (Article 18(1)(d)).",
    ),
    *_right(
        "marketing_objection",
        "Objection to marketing",
        "Article 21(2)",
        begins_with=(),
        due_is=TELL,
        promise=STOPPED,
        note=AT_ONCE,
    ),
    *_right(
        "adm_review",
        "Human review of an automated decision",
        "Articles 22A to 22C",
        "Article 22, DPA 2018 section 14",
    ),
    Rule(
        "consent_withdrawal",
        "Withdrawal of consent",
        "UK GDPR Article 7(3) and our own rule",
        1,
        Unit.MONTHS,
        GDPR,
        rolls=True,
        target=28,
        warns=True,
        due_is=TELL,
        promise=STOPPED,
        note=AT_ONCE,
    ),
    Rule(
        "complaint_ack",
        "Acknowledging a complaint about data protection",
        "DPA 2018 section 164A",
        30,
        Unit.DAYS,
        DATE(2026, 6, 19),
        rolls=True,
        target=29,
        warns=True,
        met_by=ACKNOWLEDGED,
        aim=30,
        revision=2,
        due_is="The last day to acknowledge it",
        promise="We will tell you by {} that we have your complaint and what happens next.",
        note="Not needed when the outcome goes out before. The target is a day less: the section "
        "can be read that way.",
    ),
    Rule(
        "fca_complaint_final",
        "Final response to a complaint under the FCA's rules",
        "FCA Handbook DISP 1.6.2R",
        56,
        Unit.DAYS,
        DATE(2001, 12, 1),
        target=56,
        warns=True,
        due_is="The last day for the final response",
        promise="You will have our final answer by {}.",
    ),
    Rule(
        "cra_disclosure",
        "Which credit reference agencies were asked",
        "Consumer Credit Act 1974 section 157(1), SI 2000/290 regulation 3",
        7,
        Unit.WORKING_DAYS,
        DPA1998,
        window_days=28,
        warns=True,
        note="Failing is an offence (section 157(3)).",
    ),
    Rule(
        "cra_file_correction",
        "An agency answers a notice to correct its file",
        "Consumer Credit Act 1974 section 159(2)",
        28,
        Unit.DAYS,
        DPA1998,
        due_is="The agency's last day to answer",
        promise="The agency must answer you by {}.",
        note="The agency's duty: we tell the customer of it.",
    ),
    Rule(
        "tps_first_barred",
        "Calls to a number on the telephone preference register",
        "PECR 2003 regulation 21(3)",
        28,
        Unit.DAYS,
        DATE(2003, 12, 11),
        began="Listed",
        due_is="The first day on which a call is barred",
        promise="No company may call this number for marketing from {}.",
        note="Counted from the day on which the number was listed.",
    ),
    Rule(
        "breach",
        "Telling the regulator of a breach",
        "UK GDPR Article 33(1)",
        72,
        Unit.HOURS,
        GDPR,
        began="Known",
        due_is="The last moment to tell the regulator",
        promise="We will have told the regulator by {}.",
        note="Counted from the moment of awareness, weekends and changes of the clocks included.",
    ),
    Rule(
        "sar_dpa1998",
        "Access request under the 1998 Act",
        "Data Protection Act 1998 section 7(8) and (10)",
        40,
        Unit.DAYS,
        DPA1998,
        GDPR - DAY,
        begins_with=ASKABLE,
        first_day_counts=True,
        history=True,
    ),
    Rule(
        "adm_review_dpa1998",
        "Automated decision under the 1998 Act",
        "Data Protection Act 1998 section 12(3)",
        21,
        Unit.DAYS,
        DPA1998,
        GDPR - DAY,
        due_is="The last day for the written reply",
        history=True,
    ),
    Rule(
        "damage_notice_dpa1998",
        "Notice of damage or distress under the 1998 Act",
        "Data Protection Act 1998 section 10(3)",
        21,
        Unit.DAYS,
        DPA1998,
        GDPR - DAY,
        due_is="The last day for the written reply",
        history=True,
    ),
)

# Which kind takes over on the other side of 25 May 2018, and why some have none.
OTHER_SIDE = {
    "sar": "sar_dpa1998",
    "adm_review": "adm_review_dpa1998",
    "objection": "damage_notice_dpa1998",
}
OTHER_SIDE |= {old: new for new, old in OTHER_SIDE.items()}
NO_OTHER_SIDE = {
    "marketing_objection": "the 1998 Act (section 11) asked to stop within a reasonable time and "
    "set no date",
    "complaint_ack": "no law set a date for acknowledging such a complaint; a complaint about "
    "credit is fca_complaint_final",
    "portability": "there was no such right",
    "breach": "no law set a time for telling the regulator",
}


def kinds() -> dict[str, str]:
    """Every kind with its name, in the order of the rules."""
    return {rule.kind: rule.name for rule in RULES}


@lru_cache(maxsize=1)
def _by_kind() -> dict[str, tuple[Rule, ...]]:
    return {kind: tuple(rule for rule in RULES if rule.kind == kind) for kind in kinds()}


def rules_of(kind: str) -> tuple[Rule, ...]:
    """The dated rules of a kind, the oldest first. ValueError for a kind that there is not."""
    try:
        return _by_kind()[kind]
    except KeyError:
        raise ValueError(
            f"there is no kind {clipped(kind)}; the kinds are {', '.join(_by_kind())}"
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
    other = OTHER_SIDE.get(kind)
    if other and any(
        rule.since <= received and (rule.until is None or received <= rule.until)
        for rule in rules_of(other)
    ):
        return f"use {other}"
    return NO_OTHER_SIDE.get(kind, "no law that we know set a date for it then")


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
    for rule in RULES:
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
