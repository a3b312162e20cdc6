"""Restriction of use (UK GDPR Article 18)."""

from compliance.cases.right import EVERYTHING, AtOnce, RefusalGround, Right
from compliance.cases.shared_grounds import ANY_REQUEST
from compliance.deadlines.rules import NO_LAW, StatutoryClock, gdpr
from compliance.mailbox.request_words import DATA, RequestWords, pattern

RIGHT = Right(
    code="restriction",
    order=50,
    label="Restriction of use",
    clock=StatutoryClock(
        rules=gdpr(
            "restriction",
            "Restriction of use",
            "Article 18",
            note="The restriction is applied at once, while we check.",
        ),
        instead=NO_LAW,
    ),
    asked="You asked us to restrict how we use your personal data.",
    asked_for_somebody="You asked us, for somebody else, to restrict how we use their personal data.",
    next_step=(
        "As soon as we can tell whose data it is, we stop marketing and erase nothing. Other uses "
        "stop once it is clear who asks, and we tell you which go on, and why."
    ),
    grounds={
        **ANY_REQUEST,
        "no-restriction": RefusalGround(
            label="None of the four reasons for a restriction",
            words=(
                "The use of data can be restricted while its accuracy or our grounds are checked, "
                "when the use is unlawful, or when you need the data for a claim. We find that none "
                "of these is so for what we do not restrict."
            ),
            law="UK GDPR Article 18(1)",
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
    may_lapse=True,
    letters={},
    conditions=("done", "restricted", "recipients_on_request", "complain"),
    mail=RequestWords(
        label="Restriction of use",
        turn=50,
        pattern=pattern(
            r"restrict(?:ion|ing)?(?: \w+){0,5} (?:processing|use|data|information)",
            r"article 18",
            rf"(?:freeze|pause|suspend)(?: \w+){{0,3}} {DATA}",
        ),
        may_be_a_stop=False,
    ),
    outcome="restriction",
    carried_out={
        "restrict": "We restricted the use of your data",
        "lift": "We ended a restriction",
    },
    form="restriction",
)
