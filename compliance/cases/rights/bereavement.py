"""Somebody writes about a person who died. No right of the UK GDPR: it is for the living. They get a
kind answer all the same, and marketing to the person who died stops."""

from compliance.cases.right import AtOnce, Right
from compliance.deadlines.rules import GDPR, NO_LAW, Rule, StatutoryClock, Unit
from compliance.mailbox import deaths
from compliance.mailbox.request_words import RequestWords, pattern

RIGHT = Right(
    code="bereavement",
    order=130,
    label="About somebody who has died",
    clock=StatutoryClock(
        rules=(
            Rule(
                "bereavement",
                "Answering somebody who writes about a person who died",
                "our own promise (no law sets a time)",
                14,
                Unit.DAYS,
                GDPR,
                target=7,
                warns=True,
                promise="We will write to you by {}.",
                note="The UK GDPR protects the living alone. This is our own time.",
            ),
        ),
        instead=NO_LAW,
    ),
    asked="You wrote to us about somebody who has died. We are very sorry.",
    asked_for_somebody="You wrote to us about somebody who has died. We are very sorry.",
    next_step=(
        "We stop marketing to them: at once to the email address, the telephone number and the "
        "postal address that this site could read in what you wrote, and to any other as soon as "
        "a colleague has read it. Tell us what else would help, such as closing an account. Before we can say "
        "anything about an account, we need to see that you deal with the estate: a grant of "
        "probate, for example, or letters of administration. You need not send it now."
    ),
    grounds={},
    complaint=False,
    often=False,
    at_once=AtOnce.STOP_MARKETING,
    needs=(),
    anybody_may=False,
    never_proof=(
        "Whoever writes about a person who died is answered without proof. Write to them instead, "
        "and say what you need to see before anything about an account is told."
    ),
    may_extend=False,
    may_refuse=False,
    may_lapse=False,
    letters={},
    conditions=("done", "complain"),
    mail=RequestWords(
        label="About somebody who has died",
        turn=5,  # whatever else the email asks for: the dead have no rights of the UK GDPR
        pattern=pattern(*deaths.WORDS),
        may_be_a_stop=False,
    ),
    outcome="bereavement",
    carried_out={
        "help_estate": "We did what you asked for",
        "stop_marketing": "We stopped marketing",
    },
    form="",
)
