"""A person looks afresh at a credit decision.

Where the decision stands and rests on information from a credit reference agency, that agency is
named again, with its address and telephone number (Consumer Credit Act 1974 section 157(A1)). Where
it does not stand, our credit system is told to change it: nothing here changes it.
"""

import datetime
from collections.abc import Callable, Iterator

from django.utils import timezone

from audit.actions import Refused
from compliance.cases.lines import Line
from compliance.cases.models import Case, Outcome
from compliance.disclosures import agencies as log
from compliance.disclosures import instructions
from compliance.disclosures.agencies import Agency
from compliance.outcomes.base import Effect, EffectResult, Given, text_of

CHANGED = "changed"
DECISION = "credit_decision"  # what our credit system is told to correct


def relied_on(case: Case, today: datetime.date) -> dict[str, Agency]:
    """The agencies that the log knows for the person of a case, by application and code: on whose
    information the decision may rest."""
    return {
        f"{one.reference}/{agency.code}": agency
        for one in log.asked(case.customer, today=today).applications
        for agency in one.agencies
    }


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
        lines = [Line.quoted("Reasons", reasons), Line.quoted("Main factors", factors)]
        if outcome == CHANGED:
            tell: Callable[..., None] | None = self._tell(case, by=by, now=now)
            lines.insert(0, Line.said("Outcome", "We find that it should be another decision"))
        else:
            tell = None
            lines.insert(0, Line.said("Outcome", "The decision stands after a fresh look"))
            lines += _agencies(case, given, timezone.localdate(now))
        return EffectResult(
            lines=lines,
            after=tell,
            record={
                "reasons": reasons,
                "factors": factors,
                "first_decided_by": first or "a computer, or not known",
            },
            codes={"outcome": outcome},
        )

    def _tell(self, case: Case, *, by: str, now: datetime.datetime) -> Callable[..., None] | None:
        """List our credit system as to be told, once the outcome's row is there."""
        customer = case.customer
        if customer is None:
            return None

        def tell(outcome: Outcome) -> None:
            to = instructions.named([instructions.CREDIT_SYSTEM], on=timezone.localdate(now))
            instructions.instruct(
                customer,
                to,
                instructions.What.CORRECT,
                parts=[DECISION],
                origin=outcome.token,
                reference=case.reference,
                about=instructions.find_by(customer),
                why="A person looked afresh at a credit decision: the case has the outcome.",
                by=by,
                now=now,
            )

        return tell


def _agencies(case: Case, given: Given, today: datetime.date) -> Iterator[Line]:
    """The agencies on whose information a decision that stands rests, as section 157(A1) wants
    them. Refused while nobody said whether there are any."""
    known, chosen = relied_on(case, today), given.get("relied_on") or ()
    if bool(chosen) == bool(given.get("none")) or not set(chosen) <= known.keys():
        raise Refused(
            "Tick the agencies on whose information the decision rests, or that it rests on none: "
            "they must be named again (Consumer Credit Act 1974 section 157(A1))."
        )
    for agency in {known[code].code: known[code] for code in chosen}.values():
        if agency.missing:
            raise Refused(
                f"The register lacks the {' and the '.join(agency.missing)} of {agency.name}. The "
                "data protection lead adds it under Recipients."
            )
        yield Line.proved(
            agency.name,
            "The decision is on the basis of information from this credit reference agency",
            agency.searches[-1].logged,
            why=f"{agency.address}, telephone {agency.telephone}",
        )


EFFECTS: tuple[Effect, ...] = (NoteReview(),)
