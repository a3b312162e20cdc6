"""Moving data to somebody else (UK GDPR Article 20)."""

from compliance.cases.right import AtOnce, RefusalGround, Right
from compliance.cases.shared_grounds import ANY_REQUEST, OTHERS_RIGHTS
from compliance.deadlines.rules import StatutoryClock, gdpr
from compliance.mailbox.request_words import DATA, RequestWords, pattern

RIGHT = Right(
    code="portability",
    order=90,
    label="Moving data",
    clock=StatutoryClock(
        rules=gdpr("portability", "Moving personal data", "Article 20"),
        instead="there was no such right",
    ),
    asked="You asked us for your personal data as a file that a computer can read.",
    asked_for_somebody=(
        "You asked us, for somebody else, for their personal data as a file that a computer "
        "can read."
    ),
    next_step="We put together the data that can be moved, and tell you how to get the file.",
    grounds={
        **ANY_REQUEST,
        **OTHERS_RIGHTS,
        "not-covered": RefusalGround(
            label="Not data that can be moved",
            words=(
                "This right is for data that you gave us under an agreement or with your consent, "
                "and that a computer handles. What you ask for is not of that kind."
            ),
            law="UK GDPR Article 20(1)",
        ),
    },
    complaint=False,
    often=False,
    at_once=AtOnce.NOTHING,
    needs=(
        "identity",
        "contact",
        "payment_card",
        "order",
        "credit_account",
        "prize_entry",
        "marketing_choice",
    ),
    anybody_may=False,
    never_proof="",
    may_extend=True,
    may_refuse=True,
    may_lapse=True,
    letters={},
    conditions=("done", "file", "complain"),
    mail=RequestWords(
        label="Moving personal data",
        turn=40,
        pattern=pattern(
            r"portab\w+",
            r"machine readable",
            rf"{DATA}(?: \w+){{0,6}} (?:csv|json|spreadsheet)",
            rf"(?:transfer|move|send)(?: \w+){{0,3}} {DATA} to (?:another|a new|a different)",
        ),
        may_be_a_stop=False,
    ),
    outcome="portability",
    carried_out={"make_file": "We made a file with your data"},
    form="portability",
)
