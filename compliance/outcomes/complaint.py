"""What looking into a complaint found, about data or about credit."""

import datetime

from compliance.cases.models import Case, Outcome
from compliance.outcomes.base import Effect, EffectResult, Given, text_of


class NoteFindings(Effect):
    """What looking into a complaint found, and what is done about it."""

    code = "complaint"
    label = "Note what was found"
    says = "What looking into it found, and what is done about it."
    matched = False

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        findings = text_of(given, "findings", "Write what you found.")
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
    remedy = (
        f"\n\nWhat we have decided to do about it: {said['remedy']}" if said.get("remedy") else ""
    )
    return str(noted.codes["outcome"]), f"{said.get('findings', '')}{remedy}"


EFFECTS: tuple[Effect, ...] = (NoteFindings(),)
