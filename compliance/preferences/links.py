"""Adding each recipient's own unsubscribe link to a mailing list, line by line, in memory that does
not grow."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import BinaryIO

from django.db import connection

from compliance.preferences import one_click
from compliance.preferences.screening import columns
from compliance.preferences.vocabulary import ContactKind
from customers.importing.reader import BLANK, CsvRecord, CsvSource, InputError
from privacy import keys, seal

ADDED = ("unsubscribe_url", "list_unsubscribe", "list_unsubscribe_post")
BATCH = 5_000  # lines looked up at once
FIRST = 10  # lines named in the report


@dataclass
class LinkCounts:
    """What became of the lines: with a link, without one because the address is none, left out
    because they are no CSV."""

    linked: int = 0
    unreadable: int = 0
    left_out: int = 0
    first: tuple[int, ...] = ()  # the first lines that need a look

    def look_at(self, line: int) -> None:
        if len(self.first) < FIRST:
            self.first = (*self.first, line)


def add(
    source: CsvSource, to: BinaryIO, *, column: str, sender: str, progress: Callable[[int], object]
) -> LinkCounts:
    """Write the list to `to` with three more columns; what stood in it stays as it was, byte for
    byte.

    A line whose address cannot be read gets empty cells. One that is no line of this CSV file is
    left out, for cells could not be told apart in it, and so are blank ones. `progress` gets the
    bytes read. InputError when the column is not found, or the list has one of the three already.
    """
    layout = columns.find(ContactKind.EMAIL, source.header, [column] if column else [])
    if taken := sorted(set(ADDED) & set(source.header)):
        raise InputError(
            f"The list has a column {taken[0]!r} already. Take it away, or use the list as it was."
        )
    token, counts, lines = one_click.token_maker(sender), LinkCounts(), source.lines()
    before, _, after = one_click.url("TOKEN").partition("TOKEN")
    first = next(lines) or b""
    end = b"\r" if first.endswith(b"\r") else b""
    to.write(first.removesuffix(b"\r") + b"," + ",".join(ADDED).encode() + end + source.separator)
    records = _with_bytes(
        source.records(multiline=True, blanks=True, progress=progress), lines, source.separator
    )
    while batch := list(islice(records, BATCH)):
        addresses = [_address(record, layout) for record, _ in batch]
        owners = _owners({address for address in addresses if address})
        for (record, raw), address in zip(batch, addresses, strict=True):
            if record.reason == BLANK:
                continue
            if record.reason:
                counts.left_out += 1
                counts.look_at(record.line)
                continue
            if address:
                counts.linked += 1
                url = f"{before}{token(address, owners.get(address))}{after}"
                cells = f",{url},<{url}>,List-Unsubscribe=One-Click".encode()
            else:
                counts.unreadable += 1
                counts.look_at(record.line)
                cells = b",,,"
            body = raw.removesuffix(b"\r")
            to.write(body + cells + (b"\r" if len(body) < len(raw) else b"") + source.separator)
    return counts


def _with_bytes(
    records: Iterable[CsvRecord], lines: Iterator[bytes | None], separator: bytes
) -> Iterator[tuple[CsvRecord, bytes]]:
    """Each record with the bytes of its lines, without the last line's end."""
    last = CsvRecord(0, [], BLANK, "")
    for record, following in pairwise(_chained(records, last)):
        taken = list(islice(lines, following.line - record.line if following.line else None))
        yield record, separator.join(line or b"" for line in taken)


def _chained(records: Iterable[CsvRecord], last: CsvRecord) -> Iterator[CsvRecord]:
    yield from records
    yield last


def _address(record: CsvRecord, layout: columns.ListLayout) -> str:
    """The normalised email address of a line; empty when it has none that can be read."""
    if record.reason:
        return ""
    try:
        keys: Sequence[str] = layout.keys(record.fields)
    except ValueError:
        return ""
    return keys[0] if keys else ""


def _owners(addresses: set[str]) -> dict[str, uuid.UUID]:
    """The customer of each address that exactly one customer holds now. One query."""
    digests = {
        str(hashed(f"email:{address}")): address
        for hashed in (seal.hasher("contact_point", key_id) for key_id in keys.ring().ids)
        for address in addresses
    }
    found: dict[str, set[uuid.UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.lookup, c.customer_id FROM customers_contactpoint c JOIN "
            "customers_customer o "
            "ON o.id = c.customer_id WHERE c.lookup = ANY(%s::uuid[]) AND c.valid_to IS NULL "
            "AND o.erased_at IS NULL",
            [list(digests)],
        )
        for digest, customer in cursor:
            found.setdefault(digests[str(digest)], set()).add(customer)
    return {address: next(iter(people)) for address, people in found.items() if len(people) == 1}
