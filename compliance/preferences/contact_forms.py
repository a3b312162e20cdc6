"""The written forms of contact details by version, for digests that outlive the rule that made them.

A digest of the suppression list cannot be made anew when a rule of `customers.normalise` changes,
since the detail itself is not kept. So each change of what a rule returns is a new version here,
and the rule as it was stays beside it for as long as a digest made with it stands: looking up and
screening try every version under every key. docs/screening.md says how to change a rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from compliance.preferences import former_forms
from compliance.preferences.vocabulary import ContactKind
from customers import normalise


@dataclass(frozen=True)
class Form:
    """One version of the written form of a kind: functions from what was given to what is compared.

    Both raise ValueError for what is not of the kind. `surname` counts for postal addresses alone.
    """

    detail: Callable[[str], str]
    surname: Callable[[str], str] = normalise.surname
    lowers: bool = False  # of `normalise.PLAIN_EMAIL` it makes lower case, and nothing else

    def key(self, kind: str, value: str, surname: str = "") -> str:
        """The text of which a digest is made; an address counts together with the surname."""
        if kind != ContactKind.ADDRESS:
            return self.detail(value)
        return named(self.surname(surname), self.detail(value))


def named(surname: str, address: str) -> str:
    """A surname at an address, both in their written form. ValueError without a surname."""
    if not surname:
        raise ValueError("not a name and address: the name is missing")
    return f"{surname}|{address}"


FORMS: Mapping[str, Mapping[int, Form]] = {
    ContactKind.EMAIL: {
        1: Form(former_forms.email_1, lowers=True),
        2: Form(normalise.email, lowers=True),
    },
    ContactKind.PHONE: {1: Form(normalise.phone)},
    ContactKind.ADDRESS: {
        1: Form(former_forms.address_key_1, former_forms.surname_1),
        2: Form(normalise.address_key, normalise.surname),
    },
}

FEED = 1  # the version that partners have by contract, and work their own digests out in


def current(kind: str) -> int:
    """The version under which new digests of a kind are made."""
    return max(FORMS[kind])


def newest(kind: str) -> Form:
    """The form in which new digests of a kind are made."""
    return FORMS[kind][current(kind)]


def versions(kind: str) -> list[int]:
    """Every version of a kind that digests may stand under, the current one first."""
    return sorted(FORMS[kind], reverse=True)


def keys(kind: str, value: str, surname: str = "") -> list[str]:
    """A contact detail in every version that can be made of it, the current one first, none
    twice."""
    found: dict[str, None] = {}
    for version in versions(kind):
        try:
            found[FORMS[kind][version].key(kind, value, surname)] = None
        except ValueError:
            continue
    return list(found)
