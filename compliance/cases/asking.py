"""Why the person may be asked for proof of identity, for authority or for a fee: a short list of
grounds, each of which needs its fact. No model here.

The letter goes to whatever address a stranger gave, so the words of a ground say nothing that holds
for customers alone.
"""

from dataclasses import dataclass

from compliance.cases.right import Ground


@dataclass(frozen=True, kw_only=True)
class AskingGround(Ground):
    """One ground. `fact` is what the colleague has to write down."""

    fact: str
    of_copies: bool = False  # only where somebody asks for a copy


IDENTITY = "UK GDPR Article 12(6)"
# Article 12(6): only on a reasonable doubt.
DOUBTS = {
    "other-contact": AskingGround(
        label="It came from an address or a number that is not on file",
        words="What you wrote from does not by itself show who sent it.",
        fact="Which address or number it was, and what is on file.",
        law=IDENTITY,
    ),
    "details-differ": AskingGround(
        label="A name or another detail is not as our records have it",
        words="The details that came with it do not by themselves show whose request it is.",
        fact="Which detail differs.",
        law=IDENTITY,
    ),
    "several": AskingGround(
        label="It fits nobody, or more than one person",
        words="From the details that you gave we cannot tell for certain who asks.",
        fact="What was looked for, and what was found.",
        law=IDENTITY,
    ),
    "warning": AskingGround(
        label="Something points to another person asking in their name",
        words="Something about it did not let us be certain that it is you.",
        fact="What points to it.",
        law=IDENTITY,
    ),
}
AUTHORITIES = {
    "none-seen": AskingGround(
        label="We have seen no authority",
        words="We have not seen yet that you may ask for them.",
        fact="What came with the request.",
        law=IDENTITY,
    ),
    "incomplete": AskingGround(
        label="What we have is not complete: not signed, not dated, or a page is missing",
        words="The authority that we have is not complete.",
        fact="What is missing.",
        law=IDENTITY,
    ),
    "narrower": AskingGround(
        label="It does not cover this request, or it has ended",
        words="The authority that we have does not cover this request.",
        fact="What it covers, or when it ended.",
        law=IDENTITY,
    ),
}
# Articles 12(5) and 15(3): we have to be able to prove it.
FEES = {
    "unfounded": AskingGround(
        label="Manifestly unfounded",
        words="We find that the request is not meant to use a right, but to cause disruption.",
        fact="What shows that.",
        law="manifestly unfounded: UK GDPR Article 12(5)",
    ),
    "excessive": AskingGround(
        label="Manifestly excessive",
        words=(
            "We find that the request repeats what we answered a short while ago, or asks for "
            "far more than is reasonable."
        ),
        fact="Which request it repeats, or what makes it too much.",
        law="manifestly excessive: UK GDPR Article 12(5)",
    ),
    "further-copy": AskingGround(
        label="A further copy",
        words="The first copy is free. This would be a further copy of the same.",
        fact="When the first copy was given.",
        law="UK GDPR Article 15(3)",
        of_copies=True,
    ),
}
GROUNDS = {"identity": DOUBTS, "authority": AUTHORITIES, "fee": FEES}
ALL = DOUBTS | AUTHORITIES | FEES


def told(code: str) -> str:
    """The ground as a letter says it; empty for a code that is not known."""
    return ALL[code].told if code in ALL else ""
