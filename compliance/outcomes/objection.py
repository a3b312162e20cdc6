"""Objections to a use that rests on legitimate interests or a public task (UK GDPR Article 21(1)):
weighed, and told."""

import datetime

from audit.actions import Refused
from compliance.cases.actions import steps
from compliance.cases.lines import Line
from compliance.cases.models import Case
from compliance.outcomes.base import Effect, EffectResult, Given
from compliance.register.models import LawfulBasis, Purpose

WEIGHED = (
    LawfulBasis.Article.PUBLIC_TASK,
    LawfulBasis.Article.RECOGNISED_INTEREST,
    LawfulBasis.Article.LEGITIMATE_INTERESTS,
)


def purposes() -> list[tuple[str, str]]:
    """The uses to which somebody can object, by code, as the register has them now."""
    rows = Purpose.objects.in_use().filter(lawful_bases__article__in=WEIGHED).distinct()
    return [(row.code, row.name) for row in rows]


class WeighObjection(Effect):
    """The objection was weighed: upheld, and these uses stop; or not, for compelling reasons or
    claims."""

    code = "objection"
    label = "Note how it was weighed"
    says = (
        "Upheld or not, with the reasons, and the uses that stop. The restriction "
        "goes on until it is lifted after a warning."
    )
    again = False

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        upheld = given["outcome"] == "upheld"
        reasons = steps.need(
            str(given.get("reasons") or ""), "Write how their reasons and ours were weighed."
        )
        names = dict(purposes())
        stopped = [code for code in given.get("purposes") or () if code in names]
        if upheld and not stopped:
            raise Refused("Tick the uses that stop.")
        if not upheld and stopped:
            raise Refused("Nothing stops when the objection is not upheld. Take the ticks away.")
        lines = [Line.said(names[code], "Your objection to this use is upheld") for code in stopped]
        return EffectResult(
            lines=[
                *(lines or [Line.said("Your objection", "Not upheld: we go on")]),
                Line.quoted("How we weighed it", reasons),
            ],
            record={"reasons": reasons},
            codes={"outcome": "upheld" if upheld else "rejected", "purposes": stopped},
        )


EFFECTS: tuple[Effect, ...] = (WeighObjection(),)
