"""What a restriction stops, and what its person may read of it: each sentence from a recorded
effect."""

from collections.abc import Iterator

from django.utils import timezone

from audit.evidence import Evidence
from compliance.cases.lines import Line
from compliance.cases.models import Restriction
from compliance.deadlines.wording import words_of
from compliance.disclosures.models import Instruction, InstructionQuerySet, purposes_in_words
from compliance.preferences.vocabulary import MARKETING, PARTNER_MARKETING, TAILORING
from compliance.register import gate
from compliance.register.models import DataCategory, Purpose, Recipient

# The ground, as the person reads it.
WHY = {
    Restriction.Ground.ACCURACY: "You say that it is not accurate, and we check it (UK GDPR "
    "Article 18(1)(a))",
    Restriction.Ground.UNLAWFUL: "We should not be using it, and you do not want it erased (UK "
    "GDPR Article 18(1)(b))",
    Restriction.Ground.CLAIM: "You need it for a legal claim (UK GDPR Article 18(1)(c))",
    Restriction.Ground.ASKED: "You asked for it, and we look at the reason",
    Restriction.Ground.OBJECTION: "You objected to a use, and we weigh your reasons (UK GDPR "
    "Article 18(1)(d))",
}


# What lets a use go on all the same, as the person reads it.
GOES_ON = dict(Purpose.WhenRestricted.choices)


def stopping(restriction: Restriction) -> list[str]:
    """The codes of the uses in force that a confirmed restriction stops, in the register's
    order."""
    codes = Purpose.objects.in_use().values_list("code", flat=True)
    about = restriction.purposes or codes
    return [code for code in codes if code in about and code not in restriction.goes_on]


def told_to(restriction: Restriction) -> InstructionQuerySet:
    """What the systems of ours were told of a restriction."""
    ours = Recipient.objects.filter(kind=Recipient.Kind.OWN_SYSTEM).values("code")
    return Instruction.objects.filter(
        customer=restriction.customer_id,
        reference=restriction.case.reference,
        what=Instruction.What.RESTRICT,
        recipient__in=ours,
    )


def lines(restriction: Restriction) -> list[Line]:
    """What its person may read of a restriction now: on which ground, which data, since when
    marketing is stopped and erasure held, how far it is with every other use, and what goes on."""
    begun = Evidence.row(restriction, restriction.began_at)
    if restriction.lifted_on:
        return [Line.released("The restriction", Evidence.row(restriction, restriction.lifted_on))]
    known = dict(DataCategory.objects.values_list("code", "name"))
    data = "; ".join(known.get(code, code) for code in restriction.categories)
    found = [
        Line.proved("Why", WHY[Restriction.Ground(restriction.ground)], begun),
        Line.proved("Which data", data or "What we hold about you", begun),
    ]
    about = restriction.purposes
    if not about or {MARKETING, PARTNER_MARKETING, TAILORING} & {*about}:
        found.append(
            Line.stopped(
                "Marketing",
                begun,
                why=f"Since {words_of(timezone.localdate(restriction.began_at), False)}",
            )
        )
    if restriction.hold.released_on is None:
        held = Evidence.row(restriction.hold, restriction.began_at)
        found.append(Line.restricted("Erasing your records", held, why="None is erased for now"))
    return [
        *found,
        *(_others(restriction) if restriction.confirmed_at else [_not_yet(restriction)]),
    ]


def _not_yet(restriction: Restriction) -> Line:
    until = restriction.expires_on
    return Line.said(
        "Other uses",
        "They go on until it is clear who asks",
        why=f"If that is not clear by {words_of(until, False)}, the restriction ends"
        if until
        else "",
    )


def _others(restriction: Restriction) -> Iterator[Line]:
    assert restriction.confirmed_at is not None  # noqa: S101 the caller has asked
    names, confirmed = purposes_in_words(), Evidence.row(restriction, restriction.confirmed_at)
    rows = [row for row in told_to(restriction) if not row.impossible_on]
    elsewhere = {code for row in rows for code in row.parts}
    direct = set(Purpose.objects.filter(direct_marketing=True).values_list("code", flat=True))
    for code in stopping(restriction):
        if code not in elsewhere | direct and gate.asked(code):
            yield Line.stopped(names(code), confirmed)
    for row in rows:
        what = "; ".join(names(code) for code in row.parts)
        yield Line.told(f"{what}: {row.recipient_name}", row, Evidence.row(row, row.asked_at))
    for exception, words in GOES_ON.items():
        going = [
            names(code) for code, by_this in restriction.goes_on.items() if by_this == exception
        ]
        if going:
            yield Line.quoted(f"Goes on {words}", "; ".join(going))
