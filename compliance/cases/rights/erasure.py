"""Erasure (UK GDPR Article 17)."""

from compliance.cases.right import AtOnce, RefusalGround, Right
from compliance.cases.shared_grounds import ANY_REQUEST
from compliance.deadlines.rules import NO_LAW, StatutoryClock, gdpr
from compliance.mailbox.request_words import DATA, RequestWords, pattern

# What the person asks to have erased: everything that may go, or what they name.
ALL, SOME = "everything", "some"
ASKED_FOR = {ALL: "Everything that you may delete", SOME: "Only what I name below"}
WHAT = "What should be deleted"  # how the answer stands among the facts of the case

RIGHT = Right(
    code="erasure",
    order=40,
    label="Erasure",
    clock=StatutoryClock(
        rules=gdpr("erasure", "Erasure of personal data", "Article 17"), instead=NO_LAW
    ),
    asked="You asked us to erase your personal data.",
    asked_for_somebody="You asked us, for somebody else, to erase their personal data.",
    next_step=(
        "We check what can be erased and what the law makes us keep, and tell you line by line."
    ),
    grounds={
        **ANY_REQUEST,
        "each-reason": RefusalGround(
            label="Each kind of record has its own reason, told line by line",
            words="This letter says why we keep each kind of record that it names, and until when.",
            law="UK GDPR Article 17(1) and (3)",
            by_line=True,
        ),
        "free-expression": RefusalGround(
            label="Freedom of expression",
            words="This data is needed for the freedom of expression and information.",
            law="UK GDPR Article 17(3)(a)",
        ),
    },
    complaint=False,
    often=True,
    at_once=AtOnce.NOTHING,
    needs=(),
    anybody_may=False,
    never_proof="",
    may_extend=True,
    may_refuse=True,
    may_lapse=True,
    letters={},
    conditions=("done", "suppression", "recipients_on_request", "three_ways"),
    mail=RequestWords(
        label="Erasure of personal data",
        turn=20,
        pattern=pattern(
            rf"(?:delet\w*|eras\w*|destroy\w*|wip\w*|remov\w*)(?: \w+){{0,6}} (?:{DATA}|account"
            rf"|everything)",
            rf"get rid of(?: \w+){{0,4}} (?:{DATA}|account)",
            r"my account (?:gone|deleted|closed|removed|erased)",
            r"wipe me",
            r"right to be forgotten",
            r"right to erasure",
            r"forget me",
            r"close(?: \w+){0,3} account",
            r"from your (?:database|systems?|records)",
        ),
        may_be_a_stop=False,
    ),
    outcome="erasure",
    carried_out={"erase": "We erased data"},
    form="erasure",
)
