"""The grounds of refusal that several rights share; the others stand with their right."""

from compliance.cases.right import RefusalGround

ANY_REQUEST = {
    "unfounded": RefusalGround(
        label="Manifestly unfounded",
        words="We find that your request is not meant to use your right, but to cause disruption.",
        law="manifestly unfounded: UK GDPR Article 12(5)",
    ),
    "excessive": RefusalGround(
        label="Manifestly excessive",
        words=(
            "We find that your request repeats what we answered a short while ago, or asks for "
            "far more than is reasonable."
        ),
        law="manifestly excessive: UK GDPR Article 12(5)",
    ),
    "identity": RefusalGround(
        label="We cannot tell who asks",
        words=(
            "We could not make sure that the request comes from the person whose data it is "
            "about, so we may not act on it."
        ),
        law="UK GDPR Articles 11(2) and 12(2)",
        unproven=True,
    ),
    "no-authority": RefusalGround(
        label="No authority to act for the person",
        words="You asked for somebody else, and we do not have their authority for it.",
        law="UK GDPR Articles 12(2) and 15(4)",
        for_somebody=True,
    ),
}
OTHERS_RIGHTS = {
    "others-rights": RefusalGround(
        label="It would reveal data of somebody else",
        words=(
            "What we do not give you is also about another person, who has not agreed, and it "
            "would not be reasonable to give it to you without that."
        ),
        law="UK GDPR Articles 15(4) and 20(4); Data Protection Act 2018 Schedule 2 paragraph 16",
    ),
}
