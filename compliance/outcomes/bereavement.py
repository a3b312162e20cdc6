"""What is done for somebody who writes about a person who died: marketing stops, and a colleague
helps."""

import datetime

from compliance.cases.models import Case
from compliance.outcomes import marketing
from compliance.outcomes.base import Effect, EffectResult, Given


class HelpEstate(Effect):
    """Note that somebody saw to what they asked for; the letter says what that was."""

    code = "help_estate"
    label = "Note that it was seen to"
    says = "Accounts, letters and the rest: what you did, you write in the answer."
    matched = False

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        return EffectResult()


EFFECTS: tuple[Effect, ...] = (*marketing.EFFECTS, HelpEstate())
