"""The words of the notice that come from the register: what we hold, why, how long, who receives
it, and where it goes.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from django.conf import settings
from django.utils.formats import date_format

from compliance.register import pages, time_limits
from compliance.register.blocks import (
    Block,
    bullets,
    entry,
    mail,
    paragraph,
    phone,
    strong,
    table,
    web,
)
from compliance.register.countries import name_of
from compliance.register.models import LawfulBasis, Recipient, RetentionRule
from compliance.register.notice import RegisterOnDay, part
from compliance.register.shape import HOME

BASES = {
    "a": ("Consent", "you have said yes, freely and clearly. You can take it back at any time."),
    "b": (
        "Contract",
        "we need it for an agreement with you, or because you asked us to take steps towards one.",
    ),
    "c": ("Legal obligation", "a law asks it of us."),
    "d": ("Vital interests", "somebody’s life depends on it."),
    "e": ("Public task", "a law gives us a task in the public interest."),
    "ea": (
        "Recognised legitimate interest",
        "a reason that the law itself recognises, such as preventing crime.",
    ),
    "f": (
        "Legitimate interests",
        "we, or others, have a good reason that your own interests do not "
        "outweigh. You can object.",
    ),
}
KINDS = {
    "credit_reference_agency": "Credit reference agencies",
    "fraud_prevention_agency": "Fraud prevention agencies",
    "carrier": "Carriers, who deliver what you order",
    "processor": "Companies that work for us (the law calls them processors)",
    "debt_collection": "Debt collection and tracing",
    "insurer": "Insurers",
    "marketing_partner": "Organisations that may send you their own offers",
    "authority": "Public bodies",
}
SAFEGUARDS = {
    "adequacy": "UK law recognises that the protection there is not materially lower than here "
    "(adequacy regulations, UK GDPR Articles 45A and 45B).",
    "idta": "A contract in the regulator’s standard form: the international data transfer "
    "agreement.",
    "addendum": "A contract in the European standard form with the UK addendum.",
    "bcr": "Binding corporate rules that the regulator has approved.",
    "exception": "An exception that the law allows for this case.",
}


@part("in-short", "In short")
def in_short(facts: RegisterOnDay) -> Iterator[Block]:
    points = []
    if facts.uses("orders"):
        points.append(
            "We use your details to take and deliver your orders"
            + (
                ", and to run your credit account if you have one."
                if facts.uses("credit-account")
                else "."
            )
        )
    if facts.uses("agency-reports"):
        points.append(
            "If you apply for credit, our credit system may search [credit reference "
            "agencies](#who-receives-it), and tell them how you keep to the agreement."
        )
    if facts.uses("fraud-prevention"):
        points.append("Our credit system may check details with fraud prevention agencies.")
    if facts.uses("marketing"):
        points.append(
            "We may tell you about offers. You can [stop that](#marketing) at any time, without "
            "giving a "
            "reason."
        )
    if facts.uses("partner-marketing"):
        points.append(
            "We put your email address on a list for another company's marketing only if you have "
            "expressly agreed."
        )
    for_ever = {rule.category.name for rule in facts.rules if rule.period is None}
    if facts.rules and len(for_ever) <= 1 and facts.holds("retention.nothing_for_ever"):
        but = f" except what is called “{for_ever.pop()}” below" if for_ever else ""
        points.append(
            f"We keep nothing for ever{but}: [each kind of record has its time](#how-long)."
        )
    points.append(
        "You can see what we hold about you, have it put right, and more: [your "
        "rights](#your-rights)."
    )
    yield bullets(points)


@part("who-we-are", "Who we are")
def who_we_are(facts: RegisterOnDay) -> Iterator[Block]:
    us = settings.CONTROLLER
    yield paragraph(
        f"We are {us['name']}. We decide why and how your personal data is used; the law calls "
        "us the “controller”. This notice is for everyone who buys from us, has a credit account "
        "with us, enters a prize draw, or gets in touch."
    )
    yield table(
        "How to reach us",
        ["", ""],
        [
            ["Post", us["address"]],
            ["Telephone", phone(us["telephone"])],
            ["Email", mail(us["email"])],
            ["Responsible for data protection", us["data_protection_lead"]],
        ],
    )


@part("what-we-collect", "What we collect")
def what_we_collect(facts: RegisterOnDay) -> Iterator[Block]:
    yield paragraph(
        "Our records on this site hold these kinds of information. Most of it you give us yourself. You do not have "
        "to, but without a name, an address and a payment we cannot deliver an order, and "
        "without the details that we ask for we cannot decide on credit."
    )
    yield table(
        "What we collect and where it comes from",
        ["Kind", "What it is", "Where it comes from"],
        [[category.name, category.description, category.source] for category in facts.categories],
        spoken=True,
    )


@part("why", "Why we use it, and on what basis")
def why(facts: RegisterOnDay) -> Iterator[Block]:
    used = {basis.article for purpose in facts.purposes for basis in purpose.lawful_bases.all()}
    yield paragraph(
        "The law lets us use personal data only for a reason that it names, a “lawful basis”. "
        "Ours are:"
    )
    yield bullets(
        f"{strong(name)}: {meaning}"
        for article, (name, meaning) in BASES.items()
        if article in used
    )
    yield paragraph(
        "Here is each purpose in our register, what we use for it, on which basis, and who else is "
        "involved."
    )
    for purpose in facts.purposes:
        yield entry(
            f"why-{purpose.code}",
            purpose.name,
            purpose.description,
            [
                (
                    "What we use",
                    _joined(_small(category.name) for category in purpose.categories.all()),
                ),
                ("Lawful basis", [_basis(basis) for basis in purpose.lawful_bases.all()]),
                ("The law’s condition", [purpose.condition] if purpose.condition else []),
                (
                    "Who else is involved",
                    _joined(recipient.name for recipient in purpose.recipients.all()),
                ),
            ],
        )


def _basis(basis: LawfulBasis) -> str:
    return f"{strong(BASES[basis.article][0])}. {basis.explanation}"


def _joined(names: Iterable[str]) -> list[str]:
    """The names as one fact; none without names."""
    return [_capital("; ".join(names))] if (names := list(names)) else []


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


@part("how-long", "How long we keep it")
def how_long(facts: RegisterOnDay) -> Iterator[Block]:
    yield paragraph(
        "Often there is more than one reason to keep a record. We keep it until the last of them "
        "has run out"
        + (
            ", and then erase it. A program does so every night."
            if facts.holds("retention.purge_runs") and facts.holds("register.rules_confirmed")
            else "."
        )
        + " While a request or a complaint of yours is open, we keep the records that it needs. Some "
        "records we erase earlier if you ask us to: the table says which. They stay while something "
        "else needs them: an agreement with you that runs, another request of yours, a legal claim, "
        "or the prevention of crime."
    )
    yield table(
        "How long we keep each kind of record",
        ["What", "How long, and because of what"],
        [
            [category.name, " · ".join(_kept(rule) for rule in rules)]
            for category, rules in groupby(facts.rules, key=lambda rule: rule.category)
        ],
        spoken=True,
    )


def _kept(rule: RetentionRule) -> str:
    """One rule as a sentence: “Winners: 2 years from the award. CAP Code rule 8.28.5.”"""
    loud = rule.period_in_words if rule.period != 0 else "no longer"
    period = rule.in_words.replace(loud, strong(loud), 1) + "."
    said = f"{_capital(rule.condition_name)}: {period}" if rule.condition_name else period
    earlier = (
        " We erase it earlier if you ask, unless it is still needed."
        if rule.on_request == RetentionRule.OnRequest.ERASED
        else ""
    )
    return f"{said} {rule.authority}{earlier}"


@part("who-receives-it", "Who receives it")
def who_receives_it(facts: RegisterOnDay) -> Iterator[Block]:
    yield paragraph(
        "On this site, each of our colleagues sees what their role allows. These are the "
        "organisations outside our company that our register names, and what it says that they "
        "receive. A law or a court can oblige us to hand over data to others."
    )
    order = list(KINDS)
    ranked = sorted(facts.current, key=lambda recipient: order.index(recipient.kind))
    for kind, group in groupby(ranked, key=lambda recipient: recipient.kind):
        yield table(
            KINDS[kind],
            ["Who", "What they receive", "How to reach them"],
            [
                [
                    recipient.name + _formerly(facts, recipient),
                    recipient.receives,
                    _reach(recipient),
                ]
                for recipient in group
            ],
        )
    if facts.uses("agency-reports"):
        yield entry(
            "credit-reference-agencies",
            "More about credit reference agencies",
            "When you apply for credit, our credit system may ask the agencies what they hold about "
            "you. The agencies say that they "
            "record that we "
            "asked, whether or not we lend, and that other lenders can see it; and that, if you have a joint "
            "account or "
            "make a joint application with somebody, the agencies link your records, and that "
            "person’s "
            "records may count when you apply, until one of you asks the agencies to break the "
            "link. The "
            "agencies explain how they use data in a joint notice, on the websites above.",
            [
                (
                    "Which agencies we asked about you",
                    [
                        f"Tell us that you want to know, {_ways('credit-reference-agencies')}, "
                        "and we give you the "
                        "names, addresses and telephone numbers of those in our log. If you write within "
                        f"{time_limits.window('cra_disclosure')} after the end of your application, "
                        f"the law gives us {time_limits.period('cra_disclosure')} to answer (Consumer "
                        "Credit Act 1974, "
                        "section 157)."
                    ],
                )
            ],
        )
    if facts.uses("fraud-prevention"):
        yield entry(
            "fraud-prevention-agencies",
            "More about fraud prevention agencies",
            "If somebody gives us false or inaccurate details and we suspect fraud, we record "
            "it. What an "
            "agency holds can make others refuse credit, insurance or a service, for you, for "
            "members of "
            "your household and for those with whom you are financially linked. The agencies’ "
            "own notices "
            "say how to see what they hold about you.",
        )


def _formerly(facts: RegisterOnDay, recipient: Recipient) -> str:
    names = [
        f" (until {date_format(other.valid_to, 'j F Y')}: {other.name})"
        for other in facts.former(recipient)
        if other.valid_to and other.name != recipient.name
    ]
    return "".join(names)


def _reach(recipient: Recipient) -> str:
    """Address, telephone, email and web page, as far as we know them."""
    known = [
        recipient.address.replace("\n", ", "),
        recipient.telephone and phone(recipient.telephone),
        recipient.email and mail(recipient.email),
        recipient.website and web(recipient.website),
    ]
    return " · ".join(line for line in known if line)


@part("outside-the-uk", "Outside the United Kingdom")
def outside_the_uk(facts: RegisterOnDay) -> Iterator[Block]:
    abroad = [recipient for recipient in facts.current if recipient.country != HOME]
    if not abroad:
        yield paragraph(
            "By our register, none of these organisations receives your data outside the United "
            "Kingdom."
        )
        return
    yield paragraph(
        "By our register, your data goes abroad to these organisations, each with a protection that "
        "UK law recognises. You have a right to ask us for a copy of what protects it."
    )
    yield table(
        "Where data goes, and what protects it",
        ["Who", "Where", "What protects it"],
        [
            [
                recipient.name,
                _capital(name_of(recipient.country)),
                " ".join(
                    filter(
                        None, [SAFEGUARDS.get(recipient.safeguard, ""), recipient.safeguard_detail]
                    )
                ),
            ]
            for recipient in abroad
        ],
    )


@part("decisions", "Decisions by computer")
def decisions(facts: RegisterOnDay) -> Iterator[Block]:
    automated = [purpose for purpose in facts.purposes if purpose.automated_decision]
    if not automated:
        yield paragraph(
            "By our register, no computer takes a decision by itself that matters to you in law or in "
            "a similar way."
        )
        return
    for purpose in automated:
        yield entry(f"decision-{purpose.code}", purpose.name, purpose.automated_decision)
    yield paragraph(
        "If a computer has decided, you can ask us what counted, tell us your side, and have a "
        f"person look at the decision afresh: {_ways('decisions')}."
    )


def _ways(section: str) -> str:
    """How to ask for something, inside a sentence: the page that exists for it, and every other
    way."""
    online = "".join(f"[online]({page.url}) or " for page in pages.for_section(section)[:1])
    return f"{online}by any of the ways under [contact](#contact)"
