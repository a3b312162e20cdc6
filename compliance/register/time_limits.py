"""How long things may take, in words: for pages and letters that speak of no single case.

What the law gives for something received now comes from the rules of the clock.
"""

from compliance.deadlines.rules import Rule, Unit, rules_of
from privacy.words import in_words


def rule(kind: str) -> Rule:
    """The rule of a kind in force now. ValueError for a kind that there is not."""
    return rules_of(kind)[-1]


def period(kind: str) -> str:
    """Its period: “one month”, “seven working days”, “30 days”."""
    found = rule(kind)
    return in_words(found.period, found.unit.value.removesuffix("s"))


def weeks(kind: str) -> str:
    """A period of days, in weeks where it is whole weeks: “eight weeks”."""
    found = rule(kind)
    if found.unit is not Unit.DAYS or found.period % 7:
        return period(kind)
    return in_words(found.period // 7, "week")


def window(kind: str) -> str:
    """How long after the end of negotiations a request is within it: “28 days”."""
    return in_words(rule(kind).window_days or 0, "day")


def extended(kind: str) -> str:
    """The whole period once it was extended: “three months”."""
    return in_words(rule(kind).extended_months, "month")


def further(kind: str, unit: str = "further month") -> str:
    """What an extension adds: “two further months”."""
    found = rule(kind)
    return in_words(max(0, found.extended_months - found.period), unit)
