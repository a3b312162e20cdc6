"""How long the register keeps something, in words, for texts outside the notice."""

from compliance.register.models import RetentionRule
from privacy.words import in_words

UNKNOWN = "some time"  # no rule of that code is in use, or the owner has not confirmed it


def kept_for(**codes: str) -> dict[str, str]:
    """The period of retention rules by their codes, under the names given: “six years”, or “some
    time” until the owner confirms it. One query."""
    found = {
        rule.code: rule for rule in RetentionRule.objects.in_use().filter(code__in=codes.values())
    }
    return {name: _words(found.get(code)) for name, code in codes.items()}


def _words(rule: RetentionRule | None) -> str:
    if rule is None or rule.confirmed_on is None:
        return UNKNOWN
    if not rule.period:
        return rule.period_in_words
    return in_words(rule.period, rule.unit.removesuffix("s"))
