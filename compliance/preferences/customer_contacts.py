"""The contact points of customers as contacts, whose digests `contact_digests` makes, and keeping
the suppression list true when they change.

A stop follows the person. Whoever leaves a contact point that is on the list (because they objected,
or because somebody whom we could not match named it) takes the stop along: it becomes an objection
of their own, from the day on which it was said. And a customer who objected is not to be reached by
an address that came later. Triggers of the database note whoever leaves a contact point or a
surname, and whoever has an objection and gets another one, however it came; `suppress_pending` does
both for those noted. The acts that change contact points, and imports, call it themselves.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from audit import events
from compliance.preferences import contact_digests, partners
from compliance.preferences.channels import CHANNELS
from compliance.preferences.contact_digests import Contact
from compliance.preferences.models import ChoiceEvent, PendingSuppression, Suppression
from compliance.preferences.references import new_reference
from compliance.preferences.suppression import add_entries
from compliance.preferences.vocabulary import (
    CHOICES,
    STOPS,
    ChoiceKind,
    ChoiceSource,
    ContactKind,
    purpose_of,
)
from compliance.register import gate
from customers.models import ContactPoint, Customer
from privacy import seal

NEVER = datetime.datetime.min.replace(tzinfo=datetime.UTC)
BATCH = 500  # notes in one transaction
SURNAME = "customers_customer.surname"  # what a noted surname is sealed for
JOB = events.job("suppress_pending")


class _Stop(NamedTuple):
    """What somebody takes along: an objection on one channel to one sender, and when it was said."""

    channel: str
    sender: str
    at: datetime.datetime


def contacts_of(customer: Customer) -> Iterator[Contact]:
    """The customer's contact points in use, as the suppression list knows them; one that cannot be
    read is left out."""
    for point in ContactPoint.objects.in_use().filter(customer=customer).order_by("pk"):
        made = contact_of(point, customer)
        if made is not None:
            yield made


def contact_of(point: ContactPoint, customer: Customer) -> Contact | None:
    """One contact point as the suppression list knows it; None when it is not of its kind (an
    address without a name)."""
    return _made(point, customer.surname or "")


def _made(point: ContactPoint, surname: str) -> Contact | None:
    try:
        return contact_digests.make(point.kind, point.value, surname)
    except ValueError:
        return None


def note_changed(customer: Customer) -> None:
    """Have `suppress_pending` look at this customer again: something may be changing in a
    transaction that we cannot see."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO preferences_pendingsuppression (customer_id) VALUES (%s)", [customer.pk]
        )


def suppress_pending(
    *, now: datetime.datetime, by: str = JOB, customer: Customer | None = None
) -> int:
    """Take stops along for the customers noted (or the one named), and suppress every contact point
    of theirs in use; returns how many were looked at.

    A note goes only when every transaction is over that ran when it was made, so an import beside
    an objection is never missed. Two at once share the work. Safe to run at any time, and inside a
    transaction that changes contact points: then it does what that transaction has changed.
    """
    seen: set[uuid.UUID] = set()
    last = 0
    while True:
        with transaction.atomic():
            notes = PendingSuppression.objects.select_for_update(skip_locked=True).order_by("pk")
            if customer is not None:
                notes = notes.filter(customer=customer)
            batch = list(notes.filter(pk__gt=last)[:BATCH])
            if not batch:
                return len(seen)
            last = batch[-1].pk
            keys = {note.customer_id for note in batch}
            _take_along(batch, by=by, now=now)
            suppress_customers(keys, now)
            with connection.cursor() as cursor:
                cursor.execute(
                    "DELETE FROM preferences_pendingsuppression WHERE id = ANY(%s) "
                    "AND during < pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
                    [[note.pk for note in batch]],
                )
        seen |= keys


def _take_along(notes: Collection[PendingSuppression], *, by: str, now: datetime.datetime) -> None:
    """Write down as their own what stands on the suppression list of a contact point that a
    customer left: a stop that was said before they left it, and is none of theirs yet. Of a name
    that they gave up no day is known: what is said under it until the note goes counts as said
    before."""
    people = Customer.objects.living().in_bulk([note.customer_id for note in notes])
    found = _left_behind(notes, people)
    own: dict[tuple[uuid.UUID | None, str, str], datetime.datetime] = {}
    mine = ChoiceEvent.objects.filter(customer__in=list(found), kind__in=STOPS)
    for key, channel, sender, at in mine.order_by("at").values_list(
        "customer", "channel", "sender", "at"
    ):
        own[key, channel, sender] = at  # the latest comes last
    written: list[ChoiceEvent] = []
    for key, stops in found.items():
        news = [one for one in stops if own.get((key, one.channel, one.sender), NEVER) < one.at]
        if not news:
            continue
        reference = new_reference()
        written += [
            ChoiceEvent(
                customer_id=key,
                kind=ChoiceKind.OBJECTION,
                source=ChoiceSource.FOLLOWED,
                by=by,
                reference=reference,
                recorded_at=now,
                **one._asdict(),
            )
            for one in news
        ]
        _tell(people[key], news, reference, by=by, now=now)
    ChoiceEvent.objects.bulk_create(written)


def _left_behind(
    notes: Iterable[PendingSuppression], people: dict[uuid.UUID, Customer]
) -> dict[uuid.UUID, list[_Stop]]:
    """What stands on the list of the contact points that customers left, the latest of each channel
    and sender. Two queries."""
    surnames: dict[uuid.UUID, set[str]] = defaultdict(set)
    for note in notes:
        if note.former_surname is not None:
            surnames[note.customer_id].add(seal.unseal(bytes(note.former_surname), SURNAME))
    left: dict[uuid.UUID, list[tuple[uuid.UUID, datetime.date | None]]] = defaultdict(list)
    for point in ContactPoint.objects.filter(customer__in=list(people)):
        customer = people[point.customer_id]
        names = surnames[customer.pk] if point.kind == ContactPoint.Kind.ADDRESS else set()
        if point.valid_to is not None:
            names = names | {customer.surname or ""}
        for name in names:
            if (made := _made(point, name)) is not None:
                for digest in contact_digests.digests(made):
                    left[digest].append((customer.pk, point.valid_to))
    entries = (
        Suppression.objects.filter(digest__in=list(left)) if left else Suppression.objects.none()
    )
    latest: dict[uuid.UUID, dict[tuple[str, str], datetime.datetime]] = defaultdict(dict)
    for digest, channel, sender, at in entries.values_list("digest", "channel", "sender", "at"):
        for key, until in left[digest]:
            if until is None or timezone.localdate(at) <= until:
                known = latest[key].get((channel, sender))
                latest[key][channel, sender] = max(known, at) if known else at
    return {
        key: [_Stop(*pair, at) for pair, at in sorted(stops.items())]
        for key, stops in latest.items()
    }


def _tell(
    customer: Customer,
    stops: Collection[_Stop],
    reference: str,
    *,
    by: str,
    now: datetime.datetime,
) -> None:
    """The trail learns of it, and so do the partners who have the customer's data."""
    partners.note_withdrawal(
        customer,
        stops=[(one.sender, one.channel) for one in stops],
        reference=reference,
        by=by,
        now=now,
    )
    events.marketing_stopped(
        by=by,
        subject=customer.pk,
        kind=ChoiceKind.OBJECTION,
        source=ChoiceSource.FOLLOWED,
        reference=reference,
        channels=sorted({one.channel for one in stops}),
        senders=sorted({one.sender for one in stops}),
        contacts=0,
    )


def took_along(customer: Customer, *, at: datetime.datetime) -> bool:
    """Whether a change that the customer made at that very moment took a stop along."""
    return ChoiceEvent.objects.filter(
        customer=customer, source=ChoiceSource.FOLLOWED, recorded_at=at
    ).exists()


def suppress_customers(keys: Collection[uuid.UUID], now: datetime.datetime) -> None:
    """Bring every contact point in use of these customers under their owners' objections up to
    `now`.

    A later consent for one of them outweighs its entry all the same, and lifts the objection for no
    other.
    """
    add_entries(entries_of(keys, now))


def entries_of(
    keys: Collection[uuid.UUID],
    now: datetime.datetime,
) -> Iterator[tuple[Contact, str, str, str, datetime.datetime]]:
    """What the suppression list must hold for these customers, as `suppression.enter` takes it."""
    people = Customer.objects.in_bulk(list(keys))
    stops: dict[uuid.UUID | None, list[ChoiceEvent]] = defaultdict(list)
    for event in ChoiceEvent.objects.filter(customer__in=keys, kind__in=STOPS, at__lte=now).defer(
        "contact_value", "origin"
    ):
        stops[event.customer_id].append(event)
    mine = ContactPoint.objects.in_use().filter(customer__in=list(stops))
    made = [(point.customer_id, contact_of(point, people[point.customer_id])) for point in mine]
    return (
        (one, event.channel, event.sender, event.source, event.at)
        for key, one in made
        if one
        for event in stops[key]
        if one.kind in CHANNELS[event.channel].uses
    )


# --- Whose data may not be used for marketing for now, for a reason that is not a choice of theirs:
# it goes by person, and a contact point that such a person uses is stopped for whoever shares it.


def _stopped_points(sender: str, now: datetime.datetime) -> QuerySet[ContactPoint]:
    stopped = gate.stopped(purpose_of(sender), now=now, but=(CHOICES,))
    return ContactPoint.objects.in_use().filter(customer__in=stopped)


def stopped_contacts(kind: str, sender: str, now: datetime.datetime) -> list[Contact]:
    """The contact points of one kind that the gate stops for marketing by a sender. One query, and
    an empty list, while nobody is stopped."""
    made = (
        contact_of(point, point.customer)
        for point in _stopped_points(sender, now).filter(kind=kind).select_related("customer")
    )
    return [one for one in made if one]


def stopped_among(
    person: Customer | None,
    asked: Collection[Contact],
    purposes: Collection[str],
    now: datetime.datetime,
) -> dict[str, set[Contact]]:
    """Which of these contact points the gate stops for each of some purposes: all of a person whom
    it stops. `asked` are all of the person's that are used. At most one query."""
    found: dict[str, set[Contact]] = {purpose: set() for purpose in purposes}
    if not asked:
        return found
    lookups = [lookup for one in asked for lookup in _lookups(one)]
    about = Q(lookup__in=lookups) | (Q(customer=person) if person else Q(pk__in=[]))
    rows = ContactPoint.objects.in_use().filter(about).select_related("customer")
    names = {f"stopped{place}": purpose for place, purpose in enumerate(found)}
    for name, purpose in names.items():
        stopped = gate.stopped(purpose, now=now, but=(CHOICES,))
        rows = rows.annotate(**{name: Exists(stopped.filter(pk=OuterRef("customer")))})
    for point in rows:
        made = contact_of(point, point.customer)
        theirs = person is not None and point.customer_id == person.pk
        alike = {one for one in asked if made and (one.kind, one.key) == (made.kind, made.key)}
        for name, purpose in names.items():
            if getattr(point, name):
                found[purpose] |= set(asked) if theirs else alike
    return found


def _lookups(one: Contact) -> list[uuid.UUID]:
    """The look-up hashes of a contact point: of an address without the surname, which is compared
    afterwards."""
    key = one.key.split("|", 1)[1] if one.kind == ContactKind.ADDRESS else one.key
    return seal.lookup_hashes("contact_point", f"{one.kind}:{key}")
