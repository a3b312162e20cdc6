"""The contact points of customers as contacts, whose digests `contact_digests` makes, and keeping
the suppression list true when they change.

A customer who objected is not to be reached by an address that came later. A trigger of the
database notes whoever has an objection and gets another contact point or surname, however it came;
`suppress_pending` puts what is new on the list.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db import connection, transaction
from django.db.models import QuerySet

from compliance.preferences import contact_digests
from compliance.preferences.channels import CHANNELS
from compliance.preferences.contact_digests import Contact
from compliance.preferences.models import ChoiceEvent, PendingSuppression
from compliance.preferences.suppression import add_entries
from compliance.preferences.vocabulary import CHOICES, STOPS, ContactKind, purpose_of
from compliance.register import gate
from customers.models import ContactPoint, Customer
from privacy import seal

BATCH = 500  # customers in one transaction


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
    try:
        return contact_digests.make(point.kind, point.value, customer.surname or "")
    except ValueError:
        return None


def note_changed(customer: Customer) -> None:
    """Have `suppress_pending` look at this customer again: something may be changing in a transaction that
    we cannot see."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO preferences_pendingsuppression (customer_id) VALUES (%s) ON CONFLICT "
            "(customer_id) DO UPDATE "
            "SET during = excluded.during",
            [customer.pk],
        )


def suppress_pending(*, now: datetime.datetime) -> int:
    """Suppress every contact point in use of the customers noted; returns how many were looked at.

    A note goes only when every transaction is over that ran when it was made, so an import beside
    an objection is never missed. Two at once share the work. Safe to run at any time.
    """
    done, last = 0, None
    while True:
        with transaction.atomic():
            notes = PendingSuppression.objects.select_for_update(skip_locked=True).order_by("pk")
            if last is not None:
                notes = notes.filter(pk__gt=last)
            batch = list(notes[:BATCH])
            if not batch:
                return done
            last = batch[-1].pk
            suppress_customers([one.pk for one in batch], now)
            with connection.cursor() as cursor:
                cursor.execute(
                    "DELETE FROM preferences_pendingsuppression WHERE customer_id = ANY(%s) "
                    "AND during < pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
                    [[one.pk for one in batch]],
                )
        done += len(batch)


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
    person: Customer | None, asked: Collection[Contact], sender: str, now: datetime.datetime
) -> set[Contact]:
    """Which of these contact points the gate stops: all of a person whom it stops. At most two
    queries."""
    if not asked:
        return set()
    stopped = gate.stopped(purpose_of(sender), now=now, but=(CHOICES,))
    if person is not None and stopped.filter(pk=person.pk).exists():
        return set(asked)
    lookups = [lookup for one in asked for lookup in _lookups(one)]
    made = {
        contact_of(point, point.customer)
        for point in _stopped_points(sender, now)
        .filter(lookup__in=lookups)
        .select_related("customer")
    }
    keys = {(one.kind, one.key) for one in made if one}
    return {one for one in asked if (one.kind, one.key) in keys}


def _lookups(one: Contact) -> list[uuid.UUID]:
    """The look-up hashes of a contact point: of an address without the surname, which is compared
    afterwards."""
    key = one.key.split("|", 1)[1] if one.kind == ContactKind.ADDRESS else one.key
    return seal.lookup_hashes("contact_point", f"{one.kind}:{key}")
