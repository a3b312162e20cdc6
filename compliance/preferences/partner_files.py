"""The file of withdrawals for a marketing partner: whom it may write to no longer.

It names nobody: each line carries a digest under the feed key that the partner holds, to compare its
own list with.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.utils import timezone

from compliance.disclosures.instruction_files import Format, Lines
from compliance.disclosures.models import Instruction
from compliance.preferences import contact_digests as contacts
from compliance.preferences import customer_contacts
from compliance.preferences.vocabulary import ContactKind
from customers.models import ContactPoint
from privacy import keys

CONTACT = {
    ContactKind.EMAIL: "email",
    ContactKind.ADDRESS: "name_and_address",
}  # telephone numbers are never fed


def lines(rows: Sequence[Instruction]) -> Lines:
    """The lines of each instruction: one for each address under the feed key; none of a person
    with neither an email nor a postal address, of whom the partner is told in another way."""
    digests = _digests({row.customer_id for row in rows})
    return {row.pk: list(_of(row, digests[row.customer_id])) for row in rows}


def _digests(customers: set[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, str]]]:
    """Each customer's email and postal addresses under the feed key, also those of former days: the
    partner may hold them."""
    found: dict[uuid.UUID, dict[tuple[str, str], None]] = defaultdict(dict)
    mine = (
        ContactPoint.objects.filter(customer__in=customers, kind__in=CONTACT)
        .select_related("customer")
        .order_by("pk")
    )
    for point in mine.iterator(chunk_size=2_000):
        made = customer_contacts.contact_of(point, point.customer)
        digest = contacts.feed_digest(made) if made else None
        if made and digest:
            found[point.customer_id][CONTACT[ContactKind(made.kind)], digest.hex()] = None
    return defaultdict(list, {key: list(value) for key, value in found.items()})


def _of(row: Instruction, digests: list[tuple[str, str]]) -> Iterator[Sequence[str]]:
    key, since = keys.ring("FEED_KEYS").current, timezone.localdate(row.asked_at).isoformat()
    for kind, digest in digests:
        yield row.reference, " ".join(row.parts), since, kind, digest, key


WITHDRAWALS = Format(
    "withdrawals",
    "Who wants no more marketing",
    Q(what=Instruction.What.NO_MARKETING),
    ("reference", "stops", "since", "contact", "digest", "feed_key"),
    lines,
)
