"""Objection to a use (UK GDPR Article 21(1))."""

from compliance.cases.right import EVERYTHING, AtOnce, RefusalGround, Right
from compliance.cases.shared_grounds import ANY_REQUEST
from compliance.deadlines.rules import StatutoryClock, gdpr
from compliance.mailbox.request_words import DATA, RequestWords, pattern

RIGHT = Right(
    code="objection",
    order=60,
    label="Objection to a use",
    clock=StatutoryClock(
        rules=gdpr(
            "objection",
            "Objection to a use",
            "Article 21(1)",
            note="Use is restricted meanwhile (Article 18(1)(d)).",
        ),
        instead="damage_notice_dpa1998",
    ),
    asked="You objected to a use of your personal data.",
    asked_for_somebody="You objected, for somebody else, to a use of their personal data.",
    next_step=(
        "We weigh your reasons against ours. As soon as it is clear who asks, the use is restricted "
        "here until that is done, and the systems that do it are on our list of those to be told. "
        "Marketing is never weighed: what you name of it stops at once."
    ),
    grounds={
        **ANY_REQUEST,
        "legal-claims": RefusalGround(
            label="Needed for legal claims",
            words=(
                "We need this data to bring or to answer a legal claim, for example over money "
                "that is owed."
            ),
            law="UK GDPR Article 21(1)",
        ),
        "compelling": RefusalGround(
            label="Our grounds override",
            words=(
                "We have compelling reasons to go on, which weigh more than yours. We set them out "
                "below."
            ),
            law="UK GDPR Article 21(1)",
        ),
        "other-basis": RefusalGround(
            label="The right does not reach this use",
            words=(
                "The use to which you object does not rest on legitimate interests or a public task, "
                "so this right does not reach it."
            ),
            law="UK GDPR Article 21(1)",
        ),
    },
    complaint=False,
    often=False,
    at_once=AtOnce.RESTRICT,
    needs=EVERYTHING,
    anybody_may=False,
    never_proof="",
    may_extend=True,
    may_refuse=True,
    may_lapse=False,
    letters={},
    conditions=("done", "three_ways"),
    mail=RequestWords(
        label="Objection to a use",
        turn=90,
        pattern=pattern(
            r"object(?:ion|ing)? to(?: \w+){0,5} (?:use|using|processing|legitimate)",
            r"article 21",
            rf"(?:stop|cease|do not|dont)(?: \w+){{0,2}} (?:us(?:e|ing)|process\w*)(?: \w+){{0,2}} {DATA}",
        ),
        may_be_a_stop=True,
    ),
    outcome="objection",
    carried_out={
        "objection": "We weighed your objection",
        "stop_marketing_too": "We stopped marketing",
    },
    form="objection",
)
