"""Links that stop marketing emails with one press, by a person or by their mail program (RFC 8058).

A link carries all that it needs, sealed under a key derived from `SUPPRESSION_KEYS`: the digest of
the address as in the suppression list, who sends, and the customer if exactly one held the address.
It is bound to the version of the address's normalised form.
So it works for years, after the person was erased, and as long as its key is on the ring; it names
nobody, and nobody can make one.
"""

import contextlib
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse

from audit import events
from compliance.preferences import contact_digests as contacts
from compliance.preferences import contact_forms
from compliance.preferences.actions import object_to
from compliance.preferences.channels import CHANNELS, EMAIL, using
from compliance.preferences.models import ChoiceEvent
from compliance.preferences.references import new_reference
from compliance.preferences.suppression import add_digest
from compliance.preferences.vocabulary import (
    STOPS,
    THIRD_PARTIES,
    US,
    ChoiceKind,
    ChoiceSource,
    ContactKind,
)
from customers.models import Customer
from privacy import keys

LONGEST = 240  # characters; ours are shorter
# The same content always makes the same link. AES-GCM-SIV allows that (RFC 8452): it shows that two
# links are equal, and nothing else.
NONCE = bytes(12)
NOBODY = bytes(16)
SAME_FOR = timedelta(days=1)  # how long the same link pressed again is the same act


@dataclass(frozen=True)
class Link:
    """What a link says. `digest` is that of the email address, in version `form` of its normalised
    form, under suppression key `key_id`."""

    key_id: str
    form: int
    digest: uuid.UUID
    sender: str
    customer: uuid.UUID | None


def token_maker(sender: str = US) -> Callable[[str, uuid.UUID | None], str]:
    """A function from a normalised email address and a customer's id (or None) to the token of
    their link."""
    ring = keys.ring("SUPPRESSION_KEYS")
    key_id, digest = ring.current, contacts.digester(ContactKind.EMAIL)
    encrypt = AESGCMSIV(ring.derive(key_id, "one-click")).encrypt
    prefix, code = bytes((len(key_id),)) + key_id.encode(), sender.encode()
    bound = _bound_to(contact_forms.current(ContactKind.EMAIL))

    def token(address: str, customer: uuid.UUID | None) -> str:
        content = bytes.fromhex(digest(address)) + (customer.bytes if customer else NOBODY) + code
        return urlsafe_b64encode(prefix + encrypt(NONCE, content, bound)).decode().rstrip("=")

    return token


def read(token: str) -> Link | None:
    """What a link says; None when it is not one that we made, or its key is no longer on the
    ring."""
    if len(token) > LONGEST:
        return None
    try:
        body = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        if (
            urlsafe_b64encode(body).decode().rstrip("=") != token
        ):  # decoding passes over what is not base64
            return None
        size = body[0]
        key_id = body[1 : 1 + size].decode("ascii")
        cipher = AESGCMSIV(keys.ring("SUPPRESSION_KEYS").derive(key_id, "one-click"))
        form, content = _opened(cipher, body[1 + size :])
    except (InvalidTag, KeyError, IndexError, ValueError):
        return None
    customer = content[16:32]
    return Link(
        key_id,
        form,
        uuid.UUID(bytes=content[:16]),
        content[32:].decode(),
        None if customer == NOBODY else uuid.UUID(bytes=customer),
    )


def _opened(cipher: AESGCMSIV, sealed: bytes) -> tuple[int, bytes]:
    """The version of the form of a link's address, and its content. InvalidTag when there is none
    such."""
    for form in contact_forms.versions(ContactKind.EMAIL):
        with contextlib.suppress(InvalidTag):
            return form, cipher.decrypt(NONCE, sealed, _bound_to(form))
    raise InvalidTag


def _bound_to(form: int) -> bytes:
    """What a link is sealed together with, so that it opens under its own version alone."""
    return f"one-click {form}".encode()


def url(token: str) -> str:
    """The whole address of a link."""
    return settings.PUBLIC_URL + reverse("preferences:one_click", args=[token])


@transaction.atomic
def stop(link: Link, *, now: datetime, everything: bool = False) -> str:
    """Stop marketing emails of the link's sender, or with `everything` all marketing of everybody;
    returns the reference.

    For the customer all their addresses and numbers; in any case the address itself, which with
    `everything` also must not be used for advertising online. The same link again within a day is
    the same act, unless they agreed anew meanwhile.
    """
    channels = list(CHANNELS) if everything else [EMAIL.code]
    senders = [US, THIRD_PARTIES] if everything else [link.sender]
    with (
        connection.cursor() as cursor
    ):  # a mail program and its person may press at the same moment
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(link.digest.bytes[:8], signed=True)]
        )
    known = Customer.objects.living().select_for_update(no_key=True)
    customer = known.filter(pk=link.customer).first() if link.customer else None
    by_email = using(ContactKind.EMAIL, channels)
    needed = {
        (channel, sender) for channel in (channels if customer else by_email) for sender in senders
    }
    if earlier := _earlier(link, customer, needed, now):
        return earlier
    reference, by = new_reference(), events.job("one_click")
    add_digest(
        link.digest,
        ContactKind.EMAIL,
        key_id=link.key_id,
        form=link.form,
        channels=by_email,
        senders=senders,
        source=ChoiceSource.ONE_CLICK,
        at=now,
    )
    if customer:
        return object_to(
            customer=customer,
            channels=channels,
            senders=senders,
            source=ChoiceSource.ONE_CLICK,
            by=by,
            now=now,
            reference=reference,
        )
    ChoiceEvent.objects.bulk_create(
        [
            ChoiceEvent(
                contact=link.digest,
                contact_kind=ContactKind.EMAIL,
                kind=ChoiceKind.OBJECTION,
                channel=channel,
                sender=sender,
                source=ChoiceSource.ONE_CLICK,
                at=now,
                by=by,
                reference=reference,
            )
            for channel, sender in sorted(needed)
        ]
    )
    events.marketing_stopped(
        by=by,
        subject=None,
        kind=ChoiceKind.OBJECTION,
        source=ChoiceSource.ONE_CLICK,
        reference=reference,
        channels=sorted(by_email),
        senders=sorted(senders),
        contacts=1,
    )
    return reference


def _earlier(
    link: Link, customer: Customer | None, needed: set[tuple[str, str]], now: datetime
) -> str:
    """The reference of the same act, if it was done within `SAME_FOR` and nothing was agreed to
    since; else empty."""
    about = Q(customer=customer) if customer else Q(contact=link.digest)
    said = list(ChoiceEvent.objects.filter(about, at__gt=now - SAME_FOR).order_by("-at", "-pk"))
    agreed = max((event.at for event in said if event.kind not in STOPS), default=None)
    stops = [
        event
        for event in said
        if event.source == ChoiceSource.ONE_CLICK
        and event.kind in STOPS
        and (agreed is None or event.at > agreed)
    ]
    return (
        stops[0].reference if needed <= {(event.channel, event.sender) for event in stops} else ""
    )
