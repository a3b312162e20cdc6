"""What is proposed to be left out of a text: other people known for a customer, and somebody else's
addresses and numbers.

Organisations are nobody: ourselves, the regulator and every recipient of the register, with the
names, addresses and numbers that they have or had, are never proposed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import phonenumbers
from django.conf import settings
from django.db.models import CharField, TextField

from compliance.access.decisions import own_values
from compliance.access.reasons import OmissionReason
from compliance.access.redaction_marks import Mark, Searchable, tidy, written
from compliance.register.models import Recipient
from customers.models import Customer
from customers.normalise import fold, phone
from privacy.declarations import declarations, told
from privacy.fields import SealedTextField

EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
DIALLED = re.compile(r"[+0(]")  # how a number begins that is written to be dialled
DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
FEWEST = 9  # digits of a number that somebody can dial
ACTORS = ("staff:", "job:", "customer:")
SHORTEST = 3  # letters of a part of a name that is proposed by itself
TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "lady", "the", "and"}
PLACES = ("name", "address", "telephone", "email")


@dataclass(frozen=True)
class KnownNames:
    """Who and what is known about a customer when their texts are read. Made once for a page."""

    others: re.Pattern[str] | None
    organisations: re.Pattern[str] | None
    not_theirs: frozenset[str]  # addresses and numbers that are not somebody else's

    def proposals(self, text: str) -> list[Mark]:
        """What to leave out of a text, unless whoever reads it disagrees."""
        searchable = Searchable(text)
        public = searchable.find(self.organisations)
        found = [
            (start, end)
            for start, end in searchable.find(self.others)
            if not any(first <= start and end <= last for first, last in public)
        ]
        found += [
            one.span() for one in EMAIL.finditer(text) if one[0].casefold() not in self.not_theirs
        ]
        found += [span for span, number in _numbers(text) if number not in self.not_theirs]
        return tidy(text, [Mark(start, end, OmissionReason.OTHER_PERSON) for start, end in found])


def known(customer: Customer) -> KnownNames:
    """The other people who are named in a customer's records, as the models declare them
    (`redact`), and the organisations, which are no people."""
    own, public = own_values(customer), list(_organisations())
    nobody = {fold(value) for value in own}
    words = {part for value in nobody for part in value.split()} | TITLES
    names = {name for name in _others(customer) if fold(name) not in nobody}
    parts = {
        part
        for name in names
        for part in (word.strip('.,;:()"“”') for word in name.split())
        if len(part) >= SHORTEST and part[0].isupper() and fold(part) not in words
    }
    return KnownNames(
        written(names | parts),
        written(value for place in public for value in (place["name"], place["address"])),
        frozenset(
            form
            for value in chain(own, *((place["telephone"], place["email"]) for place in public))
            for form in (value.casefold(), _number(value))
            if form
        ),
    )


def _organisations() -> Iterator[dict[str, str]]:
    """Ourselves, the regulator, and every recipient of the register, as they are reached and were."""
    ours = (settings.CONTROLLER, settings.REGULATOR, *settings.REGULATOR_CHANGES)
    for place in chain(ours, Recipient.objects.values(*PLACES)):
        yield {name: str(place.get(name) or "") for name in PLACES}


def _numbers(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Where telephone numbers stand in a text, however they are dotted and whatever the country,
    each in one form."""
    possible = phonenumbers.PhoneNumberMatcher(text, "GB", leniency=phonenumbers.Leniency.POSSIBLE)
    for found in possible:
        raw = found.raw_string
        digits = sum(sign.isdigit() for sign in raw)
        if DIALLED.match(raw) and digits >= FEWEST and not DATE.fullmatch(raw):
            yield (found.start, found.end), _number(raw)


def _others(customer: Customer) -> Iterable[str]:
    for declaration in declarations():
        names = [
            name
            for name in declaration.redact
            if isinstance(
                declaration.model._meta.get_field(name), (SealedTextField, CharField, TextField)
            )
        ]
        if names and declaration.subject_path is not None:
            rows = declaration.model._base_manager.filter(**{declaration.subject_path: customer.pk})
            for values in told(rows).order_by("pk").values_list(*names):
                yield from _named(values)


def _named(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if value and not str(value).startswith(ACTORS):
            yield " ".join(str(value).split())


def _number(typed: str) -> str:
    try:
        return phone(typed)
    except ValueError:
        return typed
