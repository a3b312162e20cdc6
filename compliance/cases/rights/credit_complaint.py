"""A complaint about credit (FCA Handbook DISP 1.6)."""

import datetime

from compliance.cases.promises import PROGRESS
from compliance.cases.right import EVERYTHING, NO_DELAY, AtOnce, Right
from compliance.deadlines.rules import NO_LAW, Rule, StatutoryClock, Unit

RIGHT = Right(
    code="fca_complaint_final",
    order=120,
    label="Complaint about credit",
    clock=StatutoryClock(
        rules=(
            Rule(
                "fca_complaint_final",
                "Final response to a complaint under the FCA's rules",
                "FCA Handbook DISP 1.6.2R",
                56,
                Unit.DAYS,
                datetime.date(2001, 12, 1),
                target=56,
                warns=True,
                due_is="The last day for the final response",
                promise="You will have our final answer by {}.",
            ),
        ),
        instead=NO_LAW,
    ),
    asked="You complained about our credit, or about how we dealt with you over it.",
    asked_for_somebody="You complained, for somebody else, about our credit.",
    next_step=(
        "We look into it. You hear from us how it stands at least every "
        f"{PROGRESS.words}, until we send you our final answer in writing."
    ),
    grounds={},
    complaint=True,
    often=False,
    at_once=AtOnce.NOTHING,
    needs=EVERYTHING,
    anybody_may=False,
    never_proof=NO_DELAY,
    may_extend=False,
    may_refuse=False,
    may_lapse=False,
    letters={"acknowledgement": "complaint_acknowledgement", "completion": "complaint_outcome"},
    conditions=("credit_complaint",),
    mail=None,
    outcome="complaint",
    carried_out={"complaint": "We looked into your complaint"},
    form="complaint",
)
