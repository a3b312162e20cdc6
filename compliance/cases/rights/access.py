"""A copy of one’s data (UK GDPR Article 15)."""

from compliance.cases.right import EVERYTHING, AtOnce, RefusalGround, Right
from compliance.cases.shared_grounds import ANY_REQUEST, OTHERS_RIGHTS
from compliance.deadlines.rules import StatutoryClock, gdpr
from compliance.mailbox.request_words import DATA, RequestWords, pattern

RIGHT = Right(
    code="sar",
    order=10,
    label="A copy of my data",
    clock=StatutoryClock(
        rules=gdpr("sar", "Access to personal data", "Article 15", pauses=True),
        instead="sar_dpa1998",
    ),
    asked="You asked us for a copy of your personal data.",
    asked_for_somebody="You asked us, for somebody else, for a copy of their personal data.",
    next_step="We look for the data and send you our answer.",
    grounds={
        **ANY_REQUEST,
        **OTHERS_RIGHTS,
        "disproportionate": RefusalGround(
            label="No reasonable search would find it",
            words=(
                "The law asks us for a reasonable and proportionate search. To find more would "
                "take one beyond that: we set out below where we searched."
            ),
            law="UK GDPR Article 15(1A)",
        ),
        "privilege": RefusalGround(
            label="Legal advice",
            words=(
                "What we do not give you is confidential advice of lawyers, or was written for legal "
                "proceedings."
            ),
            law="legal professional privilege: Data Protection Act 2018 Schedule 2 paragraph 19",
        ),
        "self-incrimination": RefusalGround(
            label="It would show that we committed an offence",
            words="To give you this data would mean giving evidence against ourselves.",
            law="Data Protection Act 2018 Schedule 2 paragraph 20",
        ),
        "forecasts": RefusalGround(
            label="Management forecasts",
            words="What we do not give you is part of our planning, which would suffer if it were known.",
            law="Data Protection Act 2018 Schedule 2 paragraph 22",
        ),
        "negotiations": RefusalGround(
            label="Negotiations with the person",
            words="What we do not give you records what we intend in our negotiations with you.",
            law="Data Protection Act 2018 Schedule 2 paragraph 23",
        ),
        "references": RefusalGround(
            label="Confidential references",
            words="What we do not give you is a reference that was given in confidence.",
            law="Data Protection Act 2018 Schedule 2 paragraph 24",
        ),
    },
    complaint=False,
    often=True,
    at_once=AtOnce.NOTHING,
    needs=EVERYTHING,
    anybody_may=False,
    never_proof="",
    may_extend=True,
    may_refuse=True,
    may_lapse=True,
    letters={},
    conditions=("done", "copy", "copy_given", "complain"),
    mail=RequestWords(
        label="Access to personal data",
        turn=30,
        pattern=pattern(
            r"subject access",
            r"dsars?",
            r"sars?",
            r"right of access",
            r"article 15",
            rf"(?:see|have|want|need|get|give me|show me|send me)(?: \w+){{0,3}} (?:my|our) {DATA}",
            rf"^my {DATA} (?:please|pls)",
            r"(?:everything|whatever|anything|what)(?: \w+){0,2} (?:hold|held|have|got|keep|stored?|know)"
            r"(?: \w+){0,2} (?:on|about) me",
            rf"cop(?:y|ies) of(?: \w+){{0,5}} {DATA}",
            rf"(?:what|which|all)(?: \w+){{0,3}} {DATA}(?: \w+){{0,4}} "
            r"(?:hold|held|have|keep|store\w*)",
            rf"(?:see|access|send me)(?: \w+){{0,4}} {DATA} (?:you|about|on|held)",
            r"(?:what|where|how)(?: \w+){0,4} (?:you )?(?:know about me|got my (?:address|details"
            r"|e ?mail|name|number))",
            r"where (?:did|do|have) you (?:get|got|obtain\w*|find)(?: \w+){0,2} (?:address|details"
            r"|e ?mail|name|number|data)",
        ),
        may_be_a_stop=False,
    ),
    outcome="access",
    carried_out={
        "prepare_copy": "We began the copy of your data",
        "release_copy": "We released the copy of your data",
        "withdraw_copy": "We took the copy of your data back",
        "nothing_held": "We searched for data about you",
    },
    form="access",
)
