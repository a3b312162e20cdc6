"""Objections to a use that rests on legitimate interests or a public task (UK GDPR Article 21(1)):
weighed, carried out, and told. Direct marketing is never weighed (`marketing`)."""

import datetime

from audit.actions import Refused
from compliance.cases.actions import steps
from compliance.cases.lines import Line
from compliance.cases.models import Case, Outcome, ProcessingStop
from compliance.outcomes import marketing, stops
from compliance.outcomes.base import Effect, EffectResult, Given
from compliance.register.models import Purpose


def purposes() -> list[tuple[str, str]]:
    """The uses to which somebody can object with reasons, by code, as the register has them now."""
    return [(row.code, row.name) for row in Purpose.objects.weighed()]


class WeighObjection(Effect):
    """The objection was weighed: upheld, and these uses stop; or not, for compelling reasons or
    claims."""

    code = "objection"
    label = "Note how it was weighed"
    says = (
        "Upheld or not, with the reasons. The uses that you tick stop with it, and the systems that "
        "do them are on the list of those to be told. Marketing is not weighed: it has its own "
        "button. The restriction goes on until it is lifted after a warning."
    )
    again = False
    concerns_others = True

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        upheld = given["outcome"] == "upheld"
        reasons = steps.need(
            str(given.get("reasons") or ""), "Write how their reasons and ours were weighed."
        )
        known = dict(purposes())
        stopped = [code for code in given.get("purposes") or () if code in known]
        if upheld and not stopped:
            raise Refused("Tick the uses that stop.")
        if not upheld and stopped:
            raise Refused("Nothing stops when the objection is not upheld. Take the ticks away.")
        rows = [stops.stop(case, code, by=by, now=now) for code in stopped]
        return EffectResult(
            lines=[
                *(stops.told(rows) if rows else [Line.said("Your objection", NOT_UPHELD)]),
                Line.quoted("How we weighed it", reasons),
            ],
            record={"reasons": reasons},
            codes={
                "outcome": "upheld" if upheld else "rejected",
                "purposes": stopped,
                "stops": [row.pk for row in rows],
            },
        )

    def gives(self, outcome: Outcome) -> bool:
        """Only where it was upheld."""
        return bool(outcome.codes["outcome"] == "upheld")

    def tells(self, outcome: Outcome) -> list[Line]:
        """With what is so now of the uses that were to stop."""
        rows = list(ProcessingStop.objects.filter(pk__in=outcome.codes.get("stops", ())))
        if not rows:
            return outcome.told
        return [*stops.told(rows), *(line for line in outcome.told if line.code == "quoted")]


class StopMarketingToo(marketing.StopMarketing):
    """An objection that is about marketing too: that part waits for nobody, and is not weighed."""

    code = "stop_marketing_too"
    label = "Stop marketing too"
    says = (
        "For an objection that names marketing, tailoring or other organisations' marketing: it "
        "stops at once, for the customer and for every address and number in the case."
    )
    counts = False


NOT_UPHELD = (
    "Not upheld: we go on as soon as no restriction lasts; we write to you before we lift one"
)
EFFECTS: tuple[Effect, ...] = (WeighObjection(), StopMarketingToo())
