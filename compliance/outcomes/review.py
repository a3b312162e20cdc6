"""A person looks afresh at a credit decision."""

import datetime

from audit.actions import Refused
from compliance.cases.lines import Line
from compliance.cases.models import Case
from compliance.outcomes.base import Effect, EffectResult, Given, text_of


class NoteReview(Effect):
    """A person looked at a credit decision afresh (UK GDPR Article 22C): outcome, main factors and
    reasons."""

    code = "review"
    label = "Note the human review"
    says = "The outcome of a fresh look by a person, with the main factors and reasons."
    matched = False

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        first, outcome = str(given.get("first_decided_by") or ""), str(given["outcome"])
        if first == by:
            raise Refused(
                "You took the decision that is to be looked at. Ask a colleague to look at it "
                "afresh."
            )
        factors = text_of(given, "factors", "Write which factors counted most.")
        reasons = text_of(given, "reasons", "Write the reasons for the outcome.")
        says = (
            "The decision is another one now"
            if outcome == "changed"
            else "The decision stands after a fresh look"
        )
        return EffectResult(
            lines=[
                Line.said("Outcome", says),
                Line.quoted("Reasons", reasons),
                Line.quoted("Main factors", factors),
            ],
            record={
                "reasons": reasons,
                "factors": factors,
                "first_decided_by": first or "a computer, or not known",
            },
            codes={"outcome": outcome},
        )


EFFECTS: tuple[Effect, ...] = (NoteReview(),)
