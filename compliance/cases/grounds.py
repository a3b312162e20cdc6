"""Why a request may be refused, whole or in part: the law's list, each ground with its words for
the person. No model here.

What must not be known at all (a fraud marker under investigation) is no ground and leaves no line:
it is simply not there.
"""

from collections.abc import Collection
from dataclasses import dataclass

from compliance.cases.kinds import NEVER_REFUSED, CaseKind

RIGHTS = tuple(kind for kind in CaseKind if kind not in (*NEVER_REFUSED, CaseKind.AGENCIES))


@dataclass(frozen=True)
class Ground:
    """`label` is for the desk, `words` for the person: whole sentences that say why, without
    revealing what it protects."""

    label: str
    words: str
    law: str
    kinds: Collection[CaseKind]

    @property
    def told(self) -> str:
        """As a letter says it."""
        return f"{self.words} ({self.law})"


ACCESS, MOVING = (CaseKind.ACCESS,), (CaseKind.PORTABILITY,)
GROUNDS: dict[str, Ground] = {
    "unfounded": Ground(
        "Manifestly unfounded",
        "We find that your request is not meant to use your right, but to cause disruption.",
        "manifestly unfounded: UK GDPR Article 12(5)",
        RIGHTS,
    ),
    "excessive": Ground(
        "Manifestly excessive",
        "Your request repeats what we answered a short while ago, or asks for far more than is "
        "reasonable.",
        "manifestly excessive: UK GDPR Article 12(5)",
        RIGHTS,
    ),
    "identity": Ground(
        "We cannot tell who asks",
        "We could not make sure that the request comes from the person whose data it is about, so "
        "we may not act on it.",
        "UK GDPR Articles 11(2) and 12(2)",
        RIGHTS,
    ),
    "no-authority": Ground(
        "No authority to act for the person",
        "You asked for somebody else, and we do not have their authority for it.",
        "UK GDPR Articles 12(2) and 15(4)",
        RIGHTS,
    ),
    "others-rights": Ground(
        "It would reveal data of somebody else",
        "What we leave out is also about another person, who has not agreed, and it "
        "would not be reasonable to give it to you without that.",
        "UK GDPR Articles 15(4) and 20(4); Data Protection Act 2018 Schedule 2 paragraph 16",
        (*ACCESS, *MOVING),
    ),
    "disproportionate": Ground(
        "No reasonable search would find it",
        "We have made a reasonable and proportionate search. The law does not ask us "
        "to search further than that.",
        "UK GDPR Article 15(1A)",
        ACCESS,
    ),
    "privilege": Ground(
        "Legal advice",
        "What we leave out is confidential advice of lawyers, or was written for legal "
        "proceedings.",
        "legal professional privilege: Data Protection Act 2018 Schedule 2 paragraph 19",
        ACCESS,
    ),
    "self-incrimination": Ground(
        "It would show that we committed an offence",
        "To give you this data would mean giving evidence against ourselves.",
        "Data Protection Act 2018 Schedule 2 paragraph 20",
        ACCESS,
    ),
    "forecasts": Ground(
        "Management forecasts",
        "What we leave out is part of our planning, which would suffer if it were known.",
        "Data Protection Act 2018 Schedule 2 paragraph 22",
        ACCESS,
    ),
    "negotiations": Ground(
        "Negotiations with the person",
        "What we leave out records what we intend in our negotiations with you.",
        "Data Protection Act 2018 Schedule 2 paragraph 23",
        ACCESS,
    ),
    "references": Ground(
        "Confidential references",
        "What we leave out is a reference that was given in confidence.",
        "Data Protection Act 2018 Schedule 2 paragraph 24",
        ACCESS,
    ),
    "accurate": Ground(
        "The data is accurate",
        "We have checked the data and found that it is accurate and complete.",
        "UK GDPR Article 16",
        (CaseKind.RECTIFICATION,),
    ),
    "opinion": Ground(
        "An opinion, recorded as one",
        "What you ask us to change is an opinion, and our records show that it is one.",
        "UK GDPR Articles 5(1)(d) and 16",
        (CaseKind.RECTIFICATION,),
    ),
    "legal-duty": Ground(
        "The law makes us keep it",
        "The law makes us keep this data for a time, for example for tax.",
        "UK GDPR Article 17(3)(b)",
        (CaseKind.ERASURE,),
    ),
    "legal-claims": Ground(
        "Needed for legal claims",
        "We need this data to bring or to answer a legal claim, for example over money that is "
        "owed.",
        "UK GDPR Articles 17(3)(e) and 21(1)",
        (CaseKind.ERASURE, CaseKind.OBJECTION),
    ),
    "still-needed": Ground(
        "Still needed",
        "We still need this data for what we collected it for, such as the agreement between you "
        "and us.",
        "UK GDPR Article 17(1)",
        (CaseKind.ERASURE,),
    ),
    "free-expression": Ground(
        "Freedom of expression",
        "This data is needed for the freedom of expression and information.",
        "UK GDPR Article 17(3)(a)",
        (CaseKind.ERASURE,),
    ),
    "no-restriction": Ground(
        "None of the four reasons for a restriction",
        "Use can be restricted while its accuracy or our grounds are checked, "
        "when it is unlawful, or when you need the data for a claim. We found that none of these "
        "is so.",
        "UK GDPR Article 18(1)",
        (CaseKind.RESTRICTION,),
    ),
    "compelling": Ground(
        "Our grounds override",
        "We have compelling reasons to go on, which weigh more than yours. We set them out below.",
        "UK GDPR Article 21(1)",
        (CaseKind.OBJECTION,),
    ),
    "other-basis": Ground(
        "The right does not reach this use",
        "The use to which you object does not rest on legitimate interests or a public "
        "task, so this right does not reach it.",
        "UK GDPR Article 21(1)",
        (CaseKind.OBJECTION,),
    ),
    "not-covered": Ground(
        "Not data that can be moved",
        "This right is for data that you gave us under an agreement or with your consent, and "
        "that a computer handles. What you ask for is not of that kind.",
        "UK GDPR Article 20(1)",
        MOVING,
    ),
    "not-automated": Ground(
        "A person took the decision",
        "The decision was not taken by a computer alone: a person took a real part in it.",
        "UK GDPR Article 22A",
        (CaseKind.REVIEW,),
    ),
    "not-significant": Ground(
        "The decision has no significant effect",
        "The decision has no legal or similarly significant effect on you.",
        "UK GDPR Article 22A",
        (CaseKind.REVIEW,),
    ),
    "outside-window": Ground(
        "It came too late for section 157",
        "Section 157 is for requests that reach us within 28 days after the negotiations "
        "about credit ended, and yours came later. We answer it all the same, as a request for a "
        "copy of your data.",
        "Consumer Credit Act 1974 section 157(2)",
        (CaseKind.AGENCIES,),
    ),
    "section-157": Ground(
        "Section 157(2A)",
        "The law does not let us name the agencies in this case.",
        "Consumer Credit Act 1974 section 157(2A)",
        (CaseKind.AGENCIES,),
    ),
}


def grounds_for(kind: str) -> dict[str, Ground]:
    """The grounds on which a request of this kind may be refused; none for what is never
    refused."""
    return {code: ground for code, ground in GROUNDS.items() if kind in ground.kinds}
