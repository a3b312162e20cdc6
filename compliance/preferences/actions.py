"""Recording what people say about marketing. Each act is one transaction: the ledger, what is
derived from it, the suppression list, and the audit entry.

`by` names the actor (`staff:ID`, `customer:ID`, `job:NAME`); `at` is when it was said and `now`
when it is written down, both aware moments. An objection needs no match and no proof of identity,
and takes effect at once (UK GDPR Article 21(3)).
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from django.db import connection, transaction
from django.utils import timezone

from audit import events
from audit.actions import Refused
from compliance.preferences import contact_digests as contacts
from compliance.preferences import customer_contacts, partners
from compliance.preferences.channels import CHANNELS
from compliance.preferences.contact_digests import Contact
from compliance.preferences.evidence import evidence
from compliance.preferences.models import ChoiceEvent, MarketingPermission, Wording
from compliance.preferences.references import new_reference
from compliance.preferences.suppression import add_contacts
from compliance.preferences.vocabulary import THIRD_PARTIES, US, ChoiceKind, ChoiceSource
from compliance.register.models import NoticeVersion, Recipient
from customers import erasure_lock
from customers.dealings import heard_from
from customers.models import Customer


@dataclass(frozen=True)
class Proof:
    """What proves a consent, beside who, when and how: see `rules.Evidence`."""

    wording: Wording | None = None
    page: str = ""
    origin: str = ""
    notice_version: int | None = None
    sale: str = ""  # of a soft opt-in: the order or the negotiation that it rests on


def notice_in_force(at: datetime.datetime) -> int | None:
    """The number of the privacy notice that was published on a day; None before the first."""
    return (
        NoticeVersion.objects.filter(published_at__lte=at).values_list("number", flat=True).first()
    )


@transaction.atomic
def object_to(
    *,
    channels: Collection[str],
    senders: Collection[str],
    source: ChoiceSource | str,
    by: str,
    now: datetime.datetime,
    customer: Customer | None = None,
    given: Sequence[Contact] = (),
    at: datetime.datetime | None = None,
    kind: ChoiceKind = ChoiceKind.OBJECTION,
    reference: str = "",
    page: str = "",
    wording: Wording | None = None,
) -> str:
    """Write an objection (or the withdrawal of a consent) down and make it work at once; returns
    its reference.

    `customer` is whom it was matched to, if anybody: every contact point of theirs is suppressed on
    these channels. `given` are the contact points that were named: they are suppressed whoever they
    belong to. `senders` are `us`, `third_parties` or recipients' codes. Refused only when nobody
    and nothing is named, or for an erased customer.
    """
    reference, at = reference or new_reference(), min(at or now, now)
    if not channels or not senders or (customer is None and not given):
        raise Refused("Say which marketing should stop, and for whom.")
    if customer is not None:
        heard_from(customer.pk, on=timezone.localdate(at), by=by)
        customer = Customer.objects.lock_living(customer.pk)
    said = {
        "kind": kind,
        "source": source,
        "at": at,
        "by": by,
        "reference": reference,
        "page": page,
        "wording": wording,
        "recorded_at": now,
    }
    written = []
    for channel in CHANNELS:
        if channel not in channels:
            continue
        for sender in dict.fromkeys(senders):
            if customer is not None:
                written.append(
                    ChoiceEvent(customer=customer, channel=channel, sender=sender, **said)
                )
                continue
            written += [
                ChoiceEvent(
                    contact=contacts.digest(one),
                    contact_kind=one.kind,
                    channel=channel,
                    sender=sender,
                    **said,
                )
                for one in given
                if one.kind in CHANNELS[channel].uses
            ]
    ChoiceEvent.objects.bulk_create(written)
    named = [*given, *(customer_contacts.contacts_of(customer) if customer else ())]
    if customer is not None:
        customer_contacts.note_changed(customer)  # before the list: see there
    add_contacts(
        (
            (one, channel, sender)
            for one in named
            for channel in channels
            if one.kind in CHANNELS[channel].uses
            for sender in senders
        ),
        source=source,
        at=at,
    )
    if customer is not None:
        stops = list(product(senders, channels))
        partners.note_withdrawal(customer, stops=stops, reference=reference, by=by, now=now)
    events.marketing_stopped(
        by=by,
        subject=customer.pk if customer else None,
        kind=kind,
        source=source,
        reference=reference,
        channels=sorted(channels),
        senders=sorted(senders),
        contacts=len(given),
    )
    return reference


@transaction.atomic
def consent(
    *,
    customer: Customer,
    contact: Contact,
    channels: Collection[str],
    sender: str,
    source: ChoiceSource | str,
    proof: Proof,
    by: str,
    now: datetime.datetime,
    at: datetime.datetime | None = None,
    kind: ChoiceKind = ChoiceKind.CONSENT,
    expires_at: datetime.datetime | None = None,
    reference: str = "",
) -> list[str]:
    """Write down a consent (or a soft opt-in) to marketing by one sender to one contact point.

    It is kept whatever it lacks, but counts only with full evidence: returns the names of what is
    missing (see `rules.Evidence`), an empty list when it counts. Refused for an erased customer,
    for a consent to no one in particular, and for a sender who is no marketing partner in the
    register.
    """
    at = min(at or now, now)
    erasure_lock.exclusive()  # evidence that somebody is about to rely on
    heard_from(customer.pk, on=timezone.localdate(at), by=by)
    customer = Customer.objects.lock_living(customer.pk)
    if sender == THIRD_PARTIES:
        raise Refused("A consent names each organisation: “third parties” is not specific enough.")
    if sender != US and not partner_exists(sender, at):
        raise Refused("That organisation is not one of our marketing partners.")
    if kind == ChoiceKind.SOFT_OPT_IN and not proof.sale.strip():
        raise Refused("Name the order or the negotiation that it rests on.")
    reference = reference or new_reference()
    digest = contacts.digest(contact)
    missing: list[str] = []
    for channel in channels:
        if contact.kind not in CHANNELS[channel].uses:
            raise Refused("That contact detail is not one for this channel.")
        event = ChoiceEvent.objects.create(
            customer=customer,
            contact=digest,
            contact_kind=contact.kind,
            contact_value=contact.value,
            kind=kind,
            channel=channel,
            sender=sender,
            source=source,
            at=at,
            recorded_at=now,
            by=by,
            wording=proof.wording,
            page=proof.page,
            notice_version=proof.notice_version,
            origin=proof.origin or None,
            sale=proof.sale.strip() or None,
            expires_at=expires_at,
            reference=reference,
        )
        lacks = evidence(event).missing(kind)
        missing += [name for name in lacks if name not in missing]
        if not lacks:
            derive_permissions([event])
    events.marketing_allowed(
        by=by,
        subject=customer.pk,
        kind=kind,
        source=source,
        reference=reference,
        sender=sender,
        channels=sorted(channels),
        missing=missing,
    )
    return missing


def derive_permissions(proved: Iterable[ChoiceEvent]) -> None:
    """Derive from proved consents and soft opt-ins what marketing may stand on; the latest counts,
    in whatever order."""
    rows: dict[tuple[object, ...], MarketingPermission] = {}
    for event in proved:
        key = event.contact, event.channel, event.sender, event.customer_id
        row = rows.setdefault(key, MarketingPermission())
        if event.kind == ChoiceKind.SOFT_OPT_IN:
            row.soft_at = max(row.soft_at or event.at, event.at)
        elif event.kind == ChoiceKind.CONSENT and row.consented_at == event.at:
            row.expires_at = min(filter(None, (row.expires_at, event.expires_at)), default=None)
        elif event.kind == ChoiceKind.CONSENT and (
            row.consented_at is None or row.consented_at < event.at
        ):
            row.consented_at, row.expires_at = event.at, event.expires_at
    columns = list(
        map(
            list,
            zip(
                *(
                    (*key, row.consented_at, row.expires_at, row.soft_at)
                    for key, row in rows.items()
                    if row.consented_at or row.soft_at
                ),
                strict=True,
            ),
        )
    )
    if not columns:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO preferences_marketingpermission AS f (digest, channel, sender, customer_id, "
            "consented_at, expires_at, soft_at) "
            "SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], "
            "%s::timestamptz[], %s::timestamptz[], "
            "%s::timestamptz[]) ORDER BY 1, 2, 3, 4 "
            "ON CONFLICT (digest, channel, sender, customer_id) DO UPDATE SET "
            "consented_at = GREATEST(f.consented_at, excluded.consented_at), "
            "soft_at = GREATEST(f.soft_at, excluded.soft_at), expires_at = CASE "
            "WHEN excluded.consented_at IS NULL OR f.consented_at > excluded.consented_at THEN "
            "f.expires_at "
            "WHEN f.consented_at = excluded.consented_at THEN LEAST(f.expires_at, "
            "excluded.expires_at) "
            "ELSE excluded.expires_at END",
            columns,
        )


def partner_exists(code: str, at: datetime.datetime) -> bool:
    """Whether the register names a marketing partner of this code on that day."""
    return Recipient.objects.on(timezone.localdate(at)).partners().filter(code=code).exists()
