"""Who may not be marketed to for now, for a reason that this room does not know.
A higher room registers such people.

    marketing_blocks.register(lambda: Restriction.objects.in_force().values("customer"))

Unlike an entry of the suppression list a block ends without a trace. It goes by person; a contact
point that a blocked person uses is blocked for whoever shares it.
"""

import uuid
from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Q, QuerySet

from compliance.preferences import customer_contacts
from compliance.preferences.contact_digests import Contact
from compliance.preferences.vocabulary import ContactKind
from customers.models import ContactPoint, Customer
from privacy import seal

BlockSource = Callable[
    [], QuerySet[Any, Any]
]  # a query of one column: the ids of blocked customers
_sources: list[BlockSource] = []


def register(source: BlockSource) -> None:
    """Let `source` name the people who are blocked; it is asked each time. Called by a higher room
    as it starts."""
    if source not in _sources:
        _sources.append(source)


def _points() -> QuerySet[ContactPoint]:
    """The contact points in use of everybody who is blocked."""
    anybody = Q(pk__in=[])
    for source in _sources:
        anybody |= Q(customer__in=source())
    return ContactPoint.objects.in_use().filter(anybody)


def blocked_contacts(kind: str) -> list[Contact]:
    """The contact points of one kind that are blocked. One query, and an empty list, while nobody is
    blocked."""
    made = (
        customer_contacts.contact_of(point, point.customer)
        for point in _points().filter(kind=kind).select_related("customer")
    )
    return [one for one in made if one]


def blocked_among(person: Customer | None, asked: Collection[Contact]) -> set[Contact]:
    """Which of these contact points are blocked: all of a person who is. At most two queries."""
    if not asked or not _sources:
        return set()
    if person is not None and any(source().filter(customer=person).exists() for source in _sources):
        return set(asked)
    lookups = [lookup for one in asked for lookup in _lookups(one)]
    made = {
        customer_contacts.contact_of(point, point.customer)
        for point in _points().filter(lookup__in=lookups).select_related("customer")
    }
    keys = {(one.kind, one.key) for one in made if one}
    return {one for one in asked if (one.kind, one.key) in keys}


def _lookups(one: Contact) -> list[uuid.UUID]:
    """The look-up hashes of a contact point: of an address without the surname, which is compared
    afterwards."""
    key = one.key.split("|", 1)[1] if one.kind == ContactKind.ADDRESS else one.key
    return seal.lookup_hashes("contact_point", f"{one.kind}:{key}")
