"""What a letter says by the kind of case: what was asked, and what happens next. No model here."""

from compliance.cases.rights import right_of

DECISIONS = {
    "upheld": "We agree with your complaint.",
    "partly": "We agree with a part of your complaint.",
    "rejected": "We do not agree with your complaint. We are sorry that this is not the answer "
    "you hoped for.",
}


def asked(kind: str, *, for_somebody: bool) -> str:
    """What was asked, in a sentence of ours."""
    right = right_of(kind)
    return right.asked_for_somebody if for_somebody else right.asked


def called(kind: str) -> str:
    """What we call a request of a kind inside a sentence."""
    return "complaint" if right_of(kind).complaint else "request"


def next_step(kind: str) -> str:
    """What happens next with a request of a kind."""
    return right_of(kind).next_step
