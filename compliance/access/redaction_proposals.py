"""What is proposed to be left out of a text: other people known for a customer, and somebody else's
addresses and numbers."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import CharField, TextField

from compliance.access.decisions import own_values
from compliance.access.reasons import OmissionReason
from compliance.access.redaction_marks import Mark, occurrences, tidy
from customers.models import Customer
from customers.normalise import phone
from privacy.declarations import declarations, told
from privacy.fields import SealedTextField

EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w+])(?:\+44|0)[\d ()-]{8,14}\d")
ACTORS = ("staff:", "job:", "customer:")
SHORTEST = 3  # letters of a part of a name that is proposed by itself
TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "lady", "the", "and"}


@dataclass(frozen=True)
class KnownNames:
    """Who and what is known about a customer when their texts are read. Made once for a page."""

    others: tuple[str, ...]
    own: frozenset[str]

    def proposals(self, text: str) -> list[Mark]:
        """What to leave out of a text, unless whoever reads it disagrees."""
        found = [span for words in self.others for span in occurrences(text, words)]
        found += [one.span() for one in EMAIL.finditer(text) if one[0].casefold() not in self.own]
        found += [one.span() for one in PHONE.finditer(text) if _number(one[0]) not in self.own]
        return tidy(text, [Mark(start, end, OmissionReason.OTHER_PERSON) for start, end in found])


def known(customer: Customer) -> KnownNames:
    """The other people who are named in a customer's records, as the models declare them
    (`redact`)."""
    own = {value.casefold() for value in (*own_values(customer), *public())}
    words = {part for value in own for part in value.split()} | TITLES
    names = {name for name in _others(customer) if name.casefold() not in own}
    parts = {
        part
        for name in names
        for part in re.findall(r"[\w’'-]+", name)
        if len(part) >= SHORTEST and part[0].isupper() and part.casefold() not in words
    }
    return KnownNames(tuple(sorted(names | parts, key=len, reverse=True)), frozenset(own))


def public() -> set[str]:
    """Our own ways to be reached, and the regulator's: they stand in every letter, and are
    nobody's."""
    places = (settings.CONTROLLER, settings.REGULATOR, *settings.REGULATOR_CHANGES)
    return {
        settings.CONTROLLER["email"],
        *(_number(one["telephone"]) for one in places if one.get("telephone")),
    }


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
