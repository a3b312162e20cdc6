"""Answers that are prepared by hand, each recorded with who prepared it: a human review, a
complaint."""

import datetime

from audit.actions import Refused
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case, Outcome
from compliance.cases.models.case import COMPLAINTS
from compliance.outcomes.base import Effect, EffectResult, Given


class NoteReview(Effect):
    """A person looked at a credit decision afresh (UK GDPR Article 22C): outcome, main factors and
    reasons."""

    code = "review"
    label = "Note the human review"
    says = "The outcome of a fresh look by a person, with the main factors and reasons."
    kinds = (CaseKind.REVIEW,)
    matched = False

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        first, outcome = str(given.get("first_decided_by") or ""), str(given["outcome"])
        if first == by:
            raise Refused(
                "You took the decision that is to be looked at. Ask a colleague to look at it "
                "afresh."
            )
        factors = _text(given, "factors", "Write which factors counted most.")
        reasons = _text(given, "reasons", "Write the reasons for the outcome.")
        says = (
            "The decision is another one now"
            if outcome == "changed"
            else "The decision stands after a fresh look"
        )
        return EffectResult(
            lines=[
                {"what": "Outcome", "outcome": says, "why": reasons},
                {"what": "Main factors", "outcome": factors},
            ],
            record={
                "reasons": reasons,
                "factors": factors,
                "first_decided_by": first or "a computer, or not known",
            },
            codes={"outcome": outcome},
        )


class NoteFindings(Effect):
    """What looking into a complaint found, and what is done about it."""

    code = "complaint"
    label = "Note what was found"
    says = "What looking into it found, and what is done about it."
    kinds = COMPLAINTS
    matched = False

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        findings = _text(given, "findings", "Write what you found.")
        remedy = str(given.get("remedy") or "").strip()
        return EffectResult(
            record={"findings": findings, **({"remedy": remedy} if remedy else {})},
            codes={"outcome": str(given["outcome"]), "remedy": bool(remedy)},
        )


def found(case: Case) -> tuple[str, str]:
    """What was noted last of a complaint: its outcome (`upheld`, `partly` or `rejected`), and the
    findings and the remedy as the letter may tell them. Two empty texts while nothing was noted."""
    noted = Outcome.objects.filter(case=case, effect="complaint").order_by("-pk").first()
    if noted is None:
        return "", ""
    said = noted.reasons
    remedy = f"\n\nWhat we do about it: {said['remedy']}" if said.get("remedy") else ""
    return str(noted.codes["outcome"]), f"{said.get('findings', '')}{remedy}"


def _text(given: Given, name: str, otherwise: str) -> str:
    text = str(given.get(name) or "").strip()
    if not text:
        raise Refused(otherwise)
    return text


EFFECTS: tuple[Effect, ...] = (NoteReview(), NoteFindings())
