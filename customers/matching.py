"""Who is it? The one matching table behind the web forms, the mailbox and the desk.

| given                                      | matches when                                  |
|--------------------------------------------|-----------------------------------------------|
| customer number and surname                | both agree (case, accents and spacing folded) |
| email address or telephone number          | exactly one customer holds it now             |
| surname, postcode and first line           | exactly one customer                          |
| anything else, or several different people | nobody: the desk decides                      |
"""

import html
import re
import uuid
from dataclasses import dataclass
from functools import lru_cache

from customers import normalise
from customers.models import ContactPoint, Customer
from customers.models.person import ContactPointQuerySet
from privacy import seal

JOINT = re.compile(r"&amp;|[&+/;]|\band\b", re.IGNORECASE)
# What follows a surname in an address. Names that people bear, such as “Ba” or “Ma”, are not among
# them.
HONOURS = {
    "esq",
    "esquire",
    "jr",
    "jnr",
    "junior",
    "snr",
    "senior",
    "mbe",
    "obe",
    "cbe",
    "jp",
    "kc",
    "phd",
    "bsc",
}


@dataclass(frozen=True)
class Given:
    """What somebody said of themselves, as typed: empty where nothing was said. `address` is lines,
    the postcode last."""

    name: str = ""
    customer_number: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""

    def __repr__(self) -> str:
        return "Given(...)"


def match(given: Given) -> Customer | None:
    """The one customer whom everything given points to; None when nothing does, or two things point
    to two people.

    Never raises for what was typed: a value that is not of its kind matches nobody. A number that
    goes with another surname is nobody's, whatever else was given. At most four queries.
    """
    if given.customer_number.strip() and given.name.strip():
        return _by_number(given.customer_number, given.name)
    found = {
        customer
        for customer in (
            _by_point("email", given.email),
            _by_point("phone", given.phone),
            _by_address(given.name, given.address),
        )
        if customer
    }
    return found.pop() if len(found) == 1 else None


def surnames(name: str) -> list[str]:
    """What the surname in a full name may be, normalised, the likeliest last: “Ada de la Cruz” ends
    in “de la Cruz”, “la Cruz” or “Cruz”.

    It may stand first, before a comma (“Cruz, Ada”), and letters that tell of an honour are no part
    of it (“Ada Cruz MBE”).
    """
    return list(surname_spellings(name))


def surname_spellings(name: str) -> dict[str, str]:
    """As `surnames`: each with how it is written in the name. Of a joint name (“Mr J Cruz & Ms A
    Smith”) the surnames of both."""
    return dict(_spellings(name))


@lru_cache(maxsize=1)  # screening asks twice for each line, once for each version of the form
def _spellings(name: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for one in persons(name):
        words = one.replace(",", " ").split()[-12:]
        found += _endings(words)
        if len(words) > 1 and normalise.surname(words[-1]) in HONOURS:
            found += _endings(words[:-1])
        first, comma, _ = one.partition(",")
        if comma:
            found += _endings(first.split()[-12:])
    likeliest_first: dict[str, str] = {}
    for key, text in reversed(found):
        likeliest_first.setdefault(key, text)
    return tuple(reversed(likeliest_first.items()))


def persons(name: str) -> list[str]:
    """The names in a joint name, each by itself: “Mr J Cruz & Ms A Smith”."""
    if not JOINT.search(name):
        return [name]
    return [one for one in JOINT.split(html.unescape(name)) if one.strip()]


def _endings(words: list[str]) -> list[tuple[str, str]]:
    texts = [" ".join(words[start:]) for start in range(len(words))]
    return [(key, text) for text in texts if (key := normalise.surname(text))]


def _surname_hashes(name: str) -> list[uuid.UUID]:
    return [digest for key in surnames(name) for digest in seal.lookup_hashes("surname", key)]


def _by_number(number: str, name: str) -> Customer | None:
    try:
        number = normalise.customer_number(number)
    except ValueError:
        return None
    return Customer.objects.filter(
        customer_number=number, surname_lookup__in=_surname_hashes(name)
    ).first()


def _by_point(kind: str, value: str) -> Customer | None:
    """The one customer who holds an email address or telephone number now."""
    try:
        key = normalise.email(value) if kind == "email" else normalise.phone(value)
    except ValueError:
        return None
    return _only(
        ContactPoint.objects.filter(lookup__in=seal.lookup_hashes("contact_point", f"{kind}:{key}"))
    )


def _by_address(name: str, address: str) -> Customer | None:
    """The one customer of that surname who lives there now."""
    try:
        key = normalise.address_key(address)
    except ValueError:
        return None
    return _only(
        ContactPoint.objects.filter(
            lookup__in=seal.lookup_hashes("contact_point", f"address:{key}"),
            customer__surname_lookup__in=_surname_hashes(name),
        )
    )


def _only(points: ContactPointQuerySet) -> Customer | None:
    """The customer of these contact points in use, if they are all one person's."""
    people = {
        point.customer
        for point in points.in_use()
        .filter(customer__erased_at__isnull=True)
        .select_related("customer")
        .defer("value")[:20]
    }
    return people.pop() if len(people) == 1 else None
