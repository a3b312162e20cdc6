"""Why a record stays although its person asked for its erasure, as the person reads it: the reason
with its place in Article 17 of the UK GDPR, and until when, or what the end waits for."""

import datetime
from dataclasses import dataclass

from compliance.register.models import LawfulBasis, RetentionRule
from compliance.retention.models import LegalHold

NECESSARY = "UK GDPR Article 17(1)(a): it is still necessary"
DUTY = "UK GDPR Article 17(3)(b)"
CLAIMS = "UK GDPR Article 17(3)(e)"
# The purpose of the register, and the law, by which a rule serves legal claims.
FOR_CLAIMS, LIMITATION = "legal-claims", "Limitation Act"


@dataclass(frozen=True)
class Reason:
    """Why a record stays, and until when: a day, or in words what has to happen."""

    why: str
    until: datetime.date | str
    rule: str = ""  # the code of the rule that keeps it


CONTRACT = Reason(
    "Your credit account is open, or money is owed on it, and the agreement needs it "
    f"({NECESSARY})",
    "the account is closed and nothing is owed",
)
NEEDED = Reason(
    "It says who you are, how to reach you or what you decided, and stays with the other records "
    f"that we keep about you ({NECESSARY})",
    "the last of these records goes",
)
NO_ROUTINE = Reason(
    f"It proves what we did with your data ({DUTY})", "its period in our privacy notice ends"
)
# What a hold says of itself, where the person knows of the matter. Any other hold says nothing: what
# it keeps is told by the rule of the register that runs anyway, or not at all.
HOLDS = {
    LegalHold.Kind.REQUEST: Reason(
        f"It belongs to a request of yours that is not settled ({NECESSARY})",
        "that request is settled",
    ),
    LegalHold.Kind.COMPLAINT: Reason(
        f"It belongs to a complaint of yours ({CLAIMS})", "the complaint is settled"
    ),
    LegalHold.Kind.DEBT: Reason(
        f"It belongs to a debt about which you and we do not agree ({CLAIMS})",
        "the dispute is settled",
    ),
}


def of_rule(rule: RetentionRule, until: datetime.date | None) -> Reason:
    """Why a rule of the register keeps a record; where no day can be named yet, for how long from
    what is still to come."""
    return Reason(
        f"{rule.authority.rstrip('.')}. We keep it for “{rule.purpose.name}” ({article(rule)})",
        until or _after(rule),
        rule.code,
    )


def _after(rule: RetentionRule) -> str:
    if rule.period is None:
        return "it is no longer needed"
    return f"{rule.period_in_words} after {rule.clock_name}" if rule.period else rule.clock_name


def article(rule: RetentionRule) -> str:
    """The place in Article 17 that lets a rule keep a record: a legal duty, legal claims, or that
    it is still necessary for its purpose."""
    places = []
    if any(
        basis.article == LawfulBasis.Article.LEGAL_OBLIGATION
        for basis in rule.purpose.lawful_bases.all()
    ):
        places.append(DUTY)
    if rule.purpose.code == FOR_CLAIMS or LIMITATION in rule.authority:
        places.append(CLAIMS.removeprefix("UK GDPR Article ") if places else CLAIMS)
    return " and ".join(places) or NECESSARY


def of_request(label: str) -> Reason:
    """Another request of the person is open, and needs the record."""
    return Reason(
        f"You also asked us for something else, and we need it for our answer: {label} "
        f"({NECESSARY})",
        "we have answered that",
    )
