"""Withdrawal of consent (UK GDPR Article 7(3))."""

from compliance.cases.right import ANYBODY_MAY, AtOnce, Right
from compliance.deadlines.rules import (
    AT_ONCE,
    GDPR,
    NO_LAW,
    STOPPED,
    TELL,
    Rule,
    StatutoryClock,
    Unit,
)

RIGHT = Right(
    code="consent_withdrawal",
    order=80,
    label="Withdrawal of consent",
    clock=StatutoryClock(
        rules=(
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
        ),
        instead=NO_LAW,
    ),
    asked="You took back a consent.",
    asked_for_somebody="You took back a consent for somebody else.",
    next_step="It holds from now on. What was done before stays lawful.",
    grounds={},
    complaint=False,
    often=False,
    at_once=AtOnce.STOP_MARKETING,
    needs=("marketing_choice",),
    anybody_may=True,
    never_proof=ANYBODY_MAY,
    may_extend=False,
    may_refuse=False,
    may_lapse=False,
    letters={},
    conditions=("consent_withdrawn", "more", "complain"),
    mail=None,
    outcome="marketing",
    carried_out={"stop_marketing": "We stopped marketing"},
    form="",
)
