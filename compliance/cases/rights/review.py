"""A person looks afresh at an automated decision (UK GDPR Articles 22A to 22C)."""

from compliance.cases.right import AtOnce, RefusalGround, Right
from compliance.cases.shared_grounds import ANY_REQUEST
from compliance.deadlines.rules import StatutoryClock, gdpr
from compliance.mailbox.request_words import RequestWords, pattern

RIGHT = Right(
    code="adm_review",
    order=100,
    label="Human review of a credit decision",
    clock=StatutoryClock(
        rules=gdpr(
            "adm_review",
            "Human review of an automated decision",
            "Articles 22A to 22C",
            before="Article 22, DPA 2018 section 14",
        ),
        instead="adm_review_dpa1998",
    ),
    asked="You asked for a person to look afresh at a credit decision.",
    asked_for_somebody="You asked, for somebody else, for a person to look afresh at a credit decision.",
    next_step=(
        "A person looks at the decision afresh. You can tell us at any "
        "time what you think of it, and add what we did not know."
    ),
    grounds={
        **ANY_REQUEST,
        "not-automated": RefusalGround(
            label="A person took the decision",
            words="We find that the decision was not taken by a computer alone. We set out below who "
            "took part in it, and how.",
            law="UK GDPR Article 22A",
        ),
        "not-significant": RefusalGround(
            label="The decision has no significant effect",
            words="We find that the decision has no legal or similarly significant effect on you.",
            law="UK GDPR Article 22A",
        ),
    },
    complaint=False,
    often=False,
    at_once=AtOnce.NOTHING,
    needs=("credit_account", "disclosure", "contact_note", "financial_link", "message"),
    anybody_may=False,
    never_proof="",
    may_extend=True,
    may_refuse=True,
    may_lapse=True,
    letters={},
    conditions=("done", "human_review", "three_ways"),
    mail=RequestWords(
        label="Human review of an automated decision",
        turn=60,
        pattern=pattern(
            r"automat\w+ decision\w*",
            r"(?:declined|refused|rejected|turned down|turned me down)(?: \w+){0,8} "
            r"(?:credit|application|account|loan)",
            r"(?:credit|application)(?: \w+){0,6} (?:declined|refused|rejected|"
            r"turned down)",
            r"human (?:review|look|being)",
            r"credit scor\w+",
            r"(?:computer|machine|algorithm|robot)(?: \w+){0,3} (?:refused|declined|rejected|decided|"
            r"turned)",
        ),
        may_be_a_stop=False,
    ),
    outcome="review",
    carried_out={"review": "A person looked at the decision afresh"},
    form="review",
)
