"""What was corrected here is held against the shop's files until the shop has it right too.

Whether a field is held, and what follows when a file brings it right, is told by an upper room
(`registry.register_holds`). Only the lines of customers with something held are looked at.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from customers.importing import registry
from customers.importing.formats import RunningMerge
from customers.models import ContactPoint, Customer
from customers.models.person import contact_key
from privacy import seal

PERSON = ("title", "given_names", "surname", "date_of_birth")
CONTACTS = ("email", "phone", "address")
# the staged columns that go when a field is held
COLUMNS: Mapping[str, Sequence[str]] = {
    **{name: (name,) for name in PERSON},
    "surname": ("surname", "surname_lookup"),
    "email": ("email", "email_lookup"),
    "phone": ("phone", "phone_lookup"),
    "address": ("address", "address_lookup", "postcode_lookup"),
}
SEALED = {name: f"{Customer._meta.db_table}.{name}" for name in PERSON} | dict.fromkeys(
    CONTACTS, f"{ContactPoint._meta.db_table}.value"
)
HELD = "{}: corrected here, and held until the shop has it right too"


@dataclass(frozen=True)
class _Record:
    """What stands here now of one customer."""

    customer: Customer
    points: Sequence[ContactPoint]

    def judge(self, field: str, said: str | None) -> bool | None:
        """Whether the shop has a field right: None when its line does not say."""
        if field in CONTACTS:
            return self._contact(field, said)
        now = getattr(self.customer, field)
        if said is None:
            return True if not now else None
        return bool(now) and _folded(said) == _folded(str(now))

    def _contact(self, kind: str, said: str | None) -> bool | None:
        mine = [one for one in self.points if one.kind == kind]
        own = {_key(kind, one.value) for one in mine if one.source != ContactPoint.Source.SHOP}
        if said is None:
            return None if mine else True
        key = _key(kind, said)
        if key in own:
            return True
        if key in {_key(kind, one.value) for one in mine}:
            return None if own else True  # beside a further one that the shop does not have yet
        return False


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _key(kind: str, value: str) -> str:
    try:
        return contact_key(kind, value)
    except ValueError:
        return value


def hold(merge: RunningMerge) -> None:
    """Take held fields out of the lines that bring them otherwise, and note in `merge` which lines
    these are, and which holds the file confirmed. Five queries and one for each field held; one
    where nothing is."""
    holds = registry.holds()
    by_customer: dict[uuid.UUID, list[registry.Hold]] = defaultdict(list)
    for one in holds:
        by_customer[one.customer].append(one)
    if not by_customer:
        return
    lines = _lines(merge, list(by_customer))
    people = Customer.objects.in_bulk([key for _, key, *_ in lines])
    points: dict[uuid.UUID, list[ContactPoint]] = defaultdict(list)
    for point in ContactPoint.objects.in_use().filter(customer__in=list(people)):
        points[point.customer_id].append(point)
    wrong: dict[str, list[int]] = defaultdict(list)
    for line, key, *sealed in lines:
        record = _Record(people[key], points[key])
        right = {}
        for field, value in zip(COLUMNS, sealed, strict=True):
            said = None if value is None else seal.unseal(bytes(value), SEALED[field])
            right[field] = record.judge(field, said)
        mine = by_customer[key]
        for field in sorted({field for one in mine for field in one.fields}):
            if right.get(field) is False:
                wrong[field].append(line)
                merge.held.add(line, HELD.format(field))
        merge.confirmed += [one.key for one in mine if all(map(right.get, one.fields))]
    _take_out(merge, wrong)


def _lines(merge: RunningMerge, customers: list[uuid.UUID]) -> list[Any]:
    columns = ", ".join(f"s.{name}" for name in COLUMNS)
    merge.cursor.execute(
        f"SELECT s.line, c.id, {columns} FROM import_rows s JOIN customers_customer c "
        "ON c.customer_number = s.customer_number WHERE c.id = ANY(%s) ORDER BY s.line",
        [customers],
    )
    return list(merge.cursor.fetchall())


def _take_out(merge: RunningMerge, wrong: Mapping[str, list[int]]) -> None:
    """A blank says nothing, so what is on record stays. Such a line never counts as known: it is
    looked at again with the next file, when the field may be held no more."""
    for field, lines in wrong.items():
        blank = ", ".join(f"{column} = NULL" for column in COLUMNS[field])
        merge.cursor.execute(f"UPDATE import_rows SET {blank} WHERE line = ANY(%s)", [lines])
    if lines := sorted({line for found in wrong.values() for line in found}):
        merge.cursor.execute(
            "UPDATE import_rows s SET digest = gen_random_uuid() FROM customers_customer c "
            "WHERE c.customer_number = s.customer_number AND s.line = ANY(%s) "
            "AND c.source_digest IS DISTINCT FROM s.digest",
            [lines],
        )
