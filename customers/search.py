"""Finding a customer from what they say on the telephone: the one question behind the desk's search
box.

Names and contact details are sealed, so each is found through its keyed hash, under every live key:
a search works during a rotation too. Every look-up goes by an index and its number of queries does
not depend on the data.
"""

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from customers import normalise
from customers.models import ContactPoint, Customer, contact_key
from privacy import seal

LIMIT = 50  # matches shown; whoever needs more is asked to narrow the search
POSTCODE = r"(?:GIR\s*0AA|BFPO\s*[0-9]{1,4}|[A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][A-Z]{2})"
LONGEST = 200  # characters of what was typed that are looked at
SURNAME_FIRST = re.compile(
    rf"^(?P<name>.*[^\W\d_].*?)[\s,;]+(?P<postcode>{POSTCODE})$", re.IGNORECASE
)
POSTCODE_FIRST = re.compile(
    rf"^(?P<postcode>{POSTCODE})[\s,;]+(?P<name>.*[^\W\d_].*)$", re.IGNORECASE
)
TELEPHONE = re.compile(r"^\+?[\d\s().\-/]+$")


@dataclass(frozen=True)
class Match:
    """One customer found. `until` is set when the contact detail was theirs until that day and is
    no longer."""

    customer: Customer
    postcode: str = ""
    until: datetime.date | None = None


@dataclass(frozen=True)
class SearchResult:
    """What a search brought: by which kind of look-up, whom, and when nobody, a `hint` what to try
    instead."""

    kind: str
    matches: list[Match] = field(default_factory=list)
    more: bool = False
    hint: str = ""

    @property
    def kind_in_words(self) -> str:
        return {
            "customer_number": "customer number",
            "email": "email address",
            "phone": "telephone number",
            "surname_postcode": "surname and postcode",
        }.get(self.kind, "")


def find(text: str) -> SearchResult:
    """The customers whom a customer number, email address, telephone number, or surname with
    postcode names.

    A text that could be a customer number or a telephone number is tried as both, in this order.
    Never raises for what was typed: a text that is none of the four is found by nobody, with a
    hint.
    """
    text = " ".join(text.split())[:LONGEST]
    found = SearchResult(
        "unreadable",
        hint="Give a customer number, an email address, a telephone number, or a surname "
        "with a postcode, such as “Okafor BD1 1AA”.",
    )
    for look_up in _look_ups(text):
        found = look_up()
        if found.matches:
            return found
    return found


def _look_ups(text: str) -> Iterable[Callable[[], SearchResult]]:
    """The look-ups that a text fits, in the order in which they are tried."""
    if "@" in text:
        yield lambda: _by_email(text)
        return
    named = SURNAME_FIRST.match(text) or POSTCODE_FIRST.match(text)
    if named:
        yield lambda: _by_surname(named["name"], named["postcode"])
        return
    number = _read(normalise.customer_number, text)
    phone = _read(normalise.phone, _bare(text)) if TELEPHONE.match(text) else None
    if number:
        yield lambda: _by_number(number, text)
    if phone:
        yield lambda: _by_contact_point(
            ContactPoint.Kind.PHONE,
            phone,
            "Ask whether they gave another number, or for their surname and postcode.",
        )


def _bare(number: str) -> str:
    """A telephone number without the signs that people put between its digits, nor the (0) after a
    country code."""
    return re.sub(r"[().\-/]", "", number.replace("(0)", "") if number.startswith("+") else number)


def _read(rule: Callable[[str], str], text: str) -> str | None:
    try:
        return rule(text)
    except ValueError:
        return None


def _by_number(number: str, text: str) -> SearchResult:
    matches = [Match(person) for person in Customer.objects.filter(customer_number=number)]
    hint = "Check the number with the customer."
    if _read(normalise.postcode, text):
        hint = "That is a postcode: add the surname, such as “Okafor BD1 1AA”."
    elif not any(c.isdigit() for c in text):
        hint = "If that is a surname, add the postcode, such as “Okafor BD1 1AA”."
    elif TELEPHONE.match(text) and len(re.sub(r"\D", "", text)) > 8:
        hint = "If that is a telephone number, check its digits with the customer."
    return SearchResult("customer_number", matches, hint=hint)


def _by_email(text: str) -> SearchResult:
    address = _read(normalise.email, text)
    if address is None:
        return SearchResult(
            "email", hint="That is not a whole email address: check the part after the @."
        )
    return _by_contact_point(
        ContactPoint.Kind.EMAIL,
        address,
        "Ask whether they gave another address, or for their surname and postcode.",
    )


def _by_contact_point(kind: ContactPoint.Kind, key: str, hint: str) -> SearchResult:
    """Whoever has this contact detail now, or had it; now comes first."""
    hashes = seal.lookup_hashes("contact_point", f"{kind}:{contact_key(kind, key)}")
    points = (
        ContactPoint.objects.filter(lookup__in=hashes)
        .select_related("customer")
        .defer("value")
        .order_by("customer_id", "-valid_to")[: LIMIT * 4]
    )
    until: dict[Customer, datetime.date | None] = {}
    for point in points:  # a detail in use now has no end, and comes first of its customer's
        until.setdefault(point.customer, point.valid_to)
    people = sorted(
        until, key=lambda person: (until[person] is not None, person.customer_number or "")
    )
    return _listed(str(kind), people, hint, until)


def _by_surname(name: str, postcode: str) -> SearchResult:
    """Whoever has this surname and an address, now or before, with this postcode.

    “Ada Okafor” is tried whole and without its first words; the longest surname that somebody bears
    wins.
    """
    words = name.replace(",", " ").split()
    lengths = {
        digest: len(words) - start
        for start in range(len(words))
        for digest in seal.lookup_hashes("surname", normalise.surname(" ".join(words[start:])))
    }
    there = seal.lookup_hashes("postcode", normalise.postcode(postcode))
    points = ContactPoint.objects.filter(postcode_lookup__in=there)
    people = list(
        Customer.objects.filter(
            surname_lookup__in=list(lengths), pk__in=points.values("customer_id")
        ).order_by("customer_number")[: LIMIT + 1]
    )
    longest = max(
        (lengths[person.surname_lookup] for person in people if person.surname_lookup), default=0
    )
    people = [
        person
        for person in people
        if person.surname_lookup and lengths[person.surname_lookup] == longest
    ]
    return _listed(
        "surname_postcode",
        people,
        "Ask how the surname is spelt, and whether they have moved: an old postcode works too.",
        {},
    )


def _listed(
    kind: str, people: list[Customer], hint: str, until: dict[Customer, datetime.date | None]
) -> SearchResult:
    shown = people[:LIMIT]
    postcodes = _postcodes(shown)
    matches = [Match(person, postcodes.get(person, ""), until.get(person)) for person in shown]
    return SearchResult(kind, matches, more=len(people) > LIMIT, hint=hint)


def _postcodes(people: list[Customer]) -> dict[Customer, str]:
    """The postcode of each customer's address in use, as people write it."""
    addresses = ContactPoint.objects.in_use().filter(
        customer__in=people, kind=ContactPoint.Kind.ADDRESS
    )
    known = {person.pk: person for person in people}
    return {
        known[point.customer_id]: normalise.pretty_postcode(point.postcode_key() or "")
        for point in addresses
    }
