"""What a letter says by the kind of case: what was asked, and what happens next. No model here.

These go to whatever address a stranger gave: they say nothing that holds for customers alone.
"""

from compliance.cases.kinds import CaseKind

ASKED = {
    CaseKind.ACCESS: "You asked us for a copy of your personal data.",
    CaseKind.AGENCIES: "You asked us which credit reference agencies we asked about you.",
    CaseKind.RECTIFICATION: "You asked us to correct your personal data.",
    CaseKind.ERASURE: "You asked us to erase your personal data.",
    CaseKind.RESTRICTION: "You asked us to restrict how we use your personal data.",
    CaseKind.OBJECTION: "You objected to a use of your personal data.",
    CaseKind.MARKETING: "You told us to stop marketing.",
    CaseKind.WITHDRAWAL: "You took back a consent.",
    CaseKind.PORTABILITY: "You asked us for your personal data as a file that a computer can read.",
    CaseKind.REVIEW: "You asked for a person to look afresh at a credit decision.",
    CaseKind.COMPLAINT: "You complained about how we handle personal data.",
    CaseKind.CREDIT_COMPLAINT: "You complained about our credit, or about how we dealt with you "
    "over it.",
}
ASKED_FOR_SOMEBODY = {
    CaseKind.ACCESS: "You asked us, for somebody else, for a copy of their personal data.",
    CaseKind.AGENCIES: "You asked us, for somebody else, which credit reference agencies we "
    "asked about them.",
    CaseKind.RECTIFICATION: "You asked us, for somebody else, to correct their personal data.",
    CaseKind.ERASURE: "You asked us, for somebody else, to erase their personal data.",
    CaseKind.RESTRICTION: "You asked us, for somebody else, to restrict how we use their "
    "personal data.",
    CaseKind.OBJECTION: "You objected, for somebody else, to a use of their personal data.",
    CaseKind.MARKETING: "You told us, for somebody else, to stop marketing.",
    CaseKind.WITHDRAWAL: "You took back a consent for somebody else.",
    CaseKind.PORTABILITY: "You asked us, for somebody else, for their personal data as a file "
    "that a computer can read.",
    CaseKind.REVIEW: "You asked, for somebody else, for a person to look afresh at a credit "
    "decision.",
    CaseKind.COMPLAINT: "You complained, for somebody else, about how we handle personal data.",
    CaseKind.CREDIT_COMPLAINT: "You complained, for somebody else, about our credit.",
}
NEXT_STEP = {
    CaseKind.ACCESS: "We look for the data and send you our answer.",
    CaseKind.AGENCIES: "We look up who was asked, and send you the name and address of each "
    "agency, or tell you that there "
    "was none.",
    CaseKind.RECTIFICATION: "We check the data and put right what is wrong. We tell those who "
    "received it from us.",
    CaseKind.ERASURE: "We check what can be erased and what the law makes us keep, and tell you "
    "line by line.",
    CaseKind.RESTRICTION: "We restrict the use of the data as soon as we can tell whose it is, "
    "and then look into it.",
    CaseKind.OBJECTION: "We weigh your reasons against ours, and do not use the data in that way "
    "until this is done.",
    CaseKind.MARKETING: "It holds for every address and number that you gave. Post that is being "
    "printed already may "
    "still reach you for up to 28 days.",
    CaseKind.WITHDRAWAL: "It holds from now on. What was done before stays lawful.",
    CaseKind.PORTABILITY: "We put together the data that can be moved, and tell you how to get "
    "the file.",
    CaseKind.REVIEW: "A person who can change the decision looks at it afresh. You can tell us "
    "at any time what you think of "
    "it, and add what we did not know.",
    CaseKind.COMPLAINT: "We have begun to look into it. We keep you informed, and tell you the "
    "outcome with our reasons as "
    "soon as we can.",
    CaseKind.CREDIT_COMPLAINT: "We have begun to look into it. We keep you informed, and send "
    "you our final answer in "
    "writing.",
}
DECISIONS = {
    "upheld": "We agree with your complaint.",
    "partly": "We agree with a part of your complaint.",
    "rejected": "We do not agree with your complaint. We are sorry that this is not the answer "
    "you hoped for.",
}


def asked(kind: str, *, for_somebody: bool) -> str:
    """What was asked, in a sentence of ours."""
    return (ASKED_FOR_SOMEBODY if for_somebody else ASKED)[CaseKind(kind)]
