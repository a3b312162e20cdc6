"""Contact points as the suppression list knows them: a keyed digest of the normalised value, and
nothing else. Whose they are is told in `customer_contacts`.

The digest is a 16-byte keyed BLAKE2b under a key ring of its own (`SUPPRESSION_KEYS`), whose keys
are never retired while an entry made with them stands. The same holds for the versions of the
normalised value (`contact_forms`). A postal address counts together with the surname: two families
may share a house.
"""

import hashlib
import hmac
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from compliance.preferences import contact_forms
from compliance.preferences.vocabulary import ContactKind
from privacy import keys


@dataclass(frozen=True)
class Contact:
    """One email address, telephone number, or name with postal address. Made by the functions
    below; never printed."""

    kind: ContactKind
    key: str  # the normalised value, in the current form
    value: str  # as given, to be sealed where evidence needs it
    surname: str = ""  # as given, of a postal address

    def __repr__(self) -> str:
        return f"Contact({self.kind})"


def email(text: str) -> Contact:
    """An email address; ValueError when it is none."""
    return _contact(ContactKind.EMAIL, text)


def phone(text: str) -> Contact:
    """A telephone number; ValueError when it is none."""
    return _contact(ContactKind.PHONE, text)


def address(surname: str, lines: str) -> Contact:
    """A surname with a postal address (lines separated by newlines, the last one the postcode).

    ValueError when there is no surname, no postcode, or no line before it.
    """
    return _contact(ContactKind.ADDRESS, lines, surname)


def _contact(kind: ContactKind, text: str, surname: str = "") -> Contact:
    form = contact_forms.FORMS[kind][contact_forms.current(kind)]
    return Contact(kind, form.key(kind, text, surname), text.strip(), surname)


def make(kind: str, value: str, surname: str = "") -> Contact:
    """A contact point of any kind; `surname` is needed for a postal address. ValueError when it is
    not of its kind."""
    return (
        address(surname, value)
        if kind == ContactKind.ADDRESS
        else {"email": email, "phone": phone}[kind](value)
    )


def digester(kind: str, key_id: str | None = None) -> Callable[[str], str]:
    """A function from normalised values to their digests (32 hex digits) under one suppression key,
    by default the current one.
    """
    ring = keys.ring("SUPPRESSION_KEYS")
    key, blake2b = ring.derive(key_id or ring.current, f"suppression:{kind}"), hashlib.blake2b

    def digest(value: str) -> str:
        return blake2b(value.encode(), digest_size=16, key=key).hexdigest()

    return digest


def digest(contact: Contact) -> uuid.UUID:
    """The digest of a contact point under the current suppression key."""
    return uuid.UUID(digester(contact.kind)(contact.key))


def digests(contact: Contact) -> list[uuid.UUID]:
    """Its digests in every version of its form under every live suppression key, the current one
    first: look entries up by these."""
    texts = [contact.key, *contact_forms.keys(contact.kind, contact.value, contact.surname)]
    return [
        uuid.UUID(digester(contact.kind, key_id)(text))
        for text in dict.fromkeys(texts)
        for key_id in keys.ring("SUPPRESSION_KEYS").ids
    ]


def current_key() -> str:
    """The id of the suppression key under which new entries are made."""
    return keys.ring("SUPPRESSION_KEYS").current


def feed_digest(contact: Contact) -> bytes | None:
    """What partners compare their lists with: HMAC-SHA-256 under the feed key they hold, of the value
    in the form that they have by contract.

    None for a telephone number: there are too few of them for a digest to hide one.
    """
    if contact.kind == ContactKind.PHONE:
        return None
    form = contact_forms.FORMS[contact.kind][contact_forms.FEED]
    try:
        written = form.key(contact.kind, contact.value, contact.surname)
    except ValueError:  # a detail that could not be read in that form
        return None
    key = feed_key(keys.ring("FEED_KEYS").current)
    return hmac.digest(key, f"{contact.kind}:{written}".encode(), "sha256")


def feed_key(key_id: str) -> bytes:
    """The 32 bytes that partners hold, derived from one of `FEED_KEYS`, which never leave. KeyError
    without that one."""
    return keys.ring("FEED_KEYS").derive(key_id, "feed")
