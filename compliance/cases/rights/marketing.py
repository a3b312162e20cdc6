"""Objection to marketing (UK GDPR Article 21(2))."""

from compliance.cases.right import ANYBODY_MAY, AtOnce, Right
from compliance.deadlines.rules import AT_ONCE, STOPPED, TELL, StatutoryClock, gdpr

RIGHT = Right(
    code="marketing_objection",
    order=70,
    label="Objection to marketing",
    clock=StatutoryClock(
        rules=gdpr(
            "marketing_objection",
            "Objection to marketing",
            "Article 21(2)",
            begins_with=(),
            extended_months=0,  # nothing about stopping is complex
            due_is=TELL,
            promise=STOPPED,
            note=AT_ONCE,
        ),
        instead="the 1998 Act (section 11) asked to stop within a reasonable time and set no date",
    ),
    asked="You told us to stop marketing.",
    asked_for_somebody="You told us, for somebody else, to stop marketing.",
    next_step=(
        "It holds for every address and number that you gave. A mailing for which the addresses "
        "were made up before may still reach you."
    ),
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
    conditions=("marketing_stopped", "more", "complain"),
    mail=None,
    outcome="marketing",
    carried_out={"stop_marketing": "We stopped marketing"},
    form="objection",
)
