"""The pack as one zip archive, written as a stream: memory stays flat however much is held.

Every table is read twice, once for its CSV file and once for the JSON, inside one snapshot where
the caller has opened no transaction. What the document shows of it is kept on the way. Nothing
stands unsealed on a disk.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.utils import timezone

from compliance.access import document
from compliance.access import records as gathering
from compliance.access.explanation import Explanation, RecipientLine, explain
from compliance.access.records import PlainValue, RecordTable, Row
from compliance.access.reviewed import Texts
from compliance.access.table_parts import Collected, End, Kind, kinds
from compliance.disclosures.received import standing
from compliance.register.models import DataCategory
from compliance.retention.explain import british, each
from compliance.retention.rules import PurgePlan
from customers.models import Customer
from customers.spreadsheet import harmless
from privacy.declarations import Declaration

SCHEMA = "1.0"
DOCUMENT, DATA, MANIFEST = "your-data.pdf", "pack.json", "manifest.txt"
KEPT = ("Kept until", "Why it is kept")
AT_ONCE = 1 << 16  # bytes
# records by which the reasons may run ahead of the data, when something changes meanwhile
AHEAD = 1_000
UNKNOWN: End = ("", None)


class Target(Protocol):
    """Where the bytes go."""

    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True)
class Made:
    """What was written: how many records, how many bytes, the SHA-256 of them, and the fingerprint
    of what was gathered."""

    records: int
    size: int
    digest: str
    fingerprint: str


def write(
    target: Target, customer: Customer, *, reference: str, texts: Texts, now: datetime
) -> Made:
    """Write the archive into `target`, which need not seek. The same data at the same moment is the
    same bytes.

    `reference` is the public one of the request that it answers. TypesetError when the document
    cannot be laid out.
    """
    out = _Counted(target)
    with gathering.snapshot(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:  # type: ignore[call-overload]  # it can be written to
        pack = _Pack(made, customer, reference=reference, texts=texts, now=now)
        pack.write()
    return Made(pack.records, out.size, out.digest.hexdigest(), pack.fingerprint)


class _Counted:
    """Bytes that pass on their way to the target: counted and hashed. It cannot seek, so nothing is
    written twice."""

    def __init__(self, target: Target) -> None:
        self._target, self.size, self.digest = target, 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._target.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back here."""


class _Pack:
    """One archive in the making."""

    def __init__(
        self,
        made: zipfile.ZipFile,
        customer: Customer,
        *,
        reference: str,
        texts: Texts,
        now: datetime,
    ) -> None:
        self.made, self.customer, self.reference, self.texts, self.now = (
            made,
            customer,
            reference,
            texts,
            now,
        )
        self.today = timezone.localdate(now)
        self.plan = PurgePlan(self.today)
        self.sums: dict[str, str] = {}
        self.records, self.fingerprint = 0, ""

    def write(self) -> None:
        """Write every file: the tables, the data, the document, and the manifest at the end."""
        digests: dict[str, str] = {}
        order = {
            code: place
            for place, code in enumerate(DataCategory.objects.values_list("code", flat=True))
        }
        tables = gathering.tables(self.customer)
        tables.sort(key=lambda table: order.get(table.declaration.category, len(order)))
        collected = [one for table in tables if (one := self._table(table, digests)).count]
        self.fingerprint = gathering.fingerprint_of(digests)
        self.records = sum(one.count for one in collected)
        held: dict[str, list[Declaration]] = {}
        for one in collected:
            held.setdefault(one.table.declaration.category, []).append(one.table.declaration)
        received = [
            *(found for one in collected for found in one.recipients()),
            *map(RecipientLine.of, standing(self.customer)),
        ]
        explanation = explain(held, received, today=self.today)
        with self._entry(DATA) as data:
            self._data(data, collected, explanation)
        with self._entry(DOCUMENT) as pdf:
            pdf.write(
                document.render(
                    self.customer,
                    collected,
                    explanation,
                    reference=self.reference,
                    files=[*self.sums, MANIFEST],
                    now=self.now,
                )
            )
        with self._entry(MANIFEST) as manifest:
            manifest.write(self._manifest().encode())

    def _table(self, table: RecordTable, digests: dict[str, str]) -> Collected:
        """The CSV file of a table, unless everything in it is held back; and what the document
        needs of it."""
        collected, digest = Collected(table), gathering.Digest()
        shown = self._shown(table, digest)
        first = next(shown, None)
        if first is not None:
            with self._entry(f"{table.file}.csv") as entry:
                out = io.TextIOWrapper(entry, encoding="utf-8-sig", newline="")
                writer = csv.writer(out, lineterminator="\r\n")
                known = kinds(table)
                writer.writerow([*(kind.words for kind in known), *KEPT])
                for row, (why, until) in _chained(first, shown):
                    collected.add(row, (why, until))
                    writer.writerow(
                        [
                            *(_cell(row.values[kind.name], kind) for kind in known),
                            until.isoformat() if until else "",
                            why,
                        ]
                    )
                out.flush()
                out.detach()
        if not table.declaration.answering:
            digests[table.label] = digest.hex()
        return collected

    def _shown(
        self, table: RecordTable, digest: gathering.Digest | None = None
    ) -> Iterator[tuple[Row, End]]:
        """The records of a table that are shown, each with why it is kept and until when."""
        ends = self._ends(table)
        ahead: dict[str, End] = {}
        for row in gathering.unreviewed(table, self.customer):
            if digest is not None:
                digest.add(row)
            while (
                row.pk not in ahead
                and len(ahead) < AHEAD
                and (found := next(ends, None)) is not None
            ):
                ahead[found[0]] = found[1]
            end = ahead.pop(row.pk, UNKNOWN)
            if (reviewed := gathering.reviewed(table, row, self.texts)) is not None:
                yield reviewed, end

    def _ends(self, table: RecordTable) -> Iterator[tuple[str, End]]:
        order = gathering.order_of(table.declaration)
        return (
            (pk, (why, until))
            for pk, why, until in each(
                self.customer, table.declaration, plan=self.plan, order=order
            )
        )

    def _data(
        self, entry: io.BufferedWriter, collected: list[Collected], explanation: Explanation
    ) -> None:
        head = {
            "schema": SCHEMA,
            "reference": self.reference,
            "made_at": timezone.localtime(self.now).isoformat(timespec="seconds"),
            "controller": {
                name: settings.CONTROLLER[name]
                for name in ("name", "address", "telephone", "email")
            },
            "explanation": explanation.as_data(),
        }
        entry.write(_json(head)[:-1].encode() + b', "tables": [')
        for place, one in enumerate(collected):
            table = one.table
            about = {
                "name": table.file,
                "title": table.title,
                "category": table.declaration.category,
                "records": one.count,
                "columns": [
                    {"name": kind.name, "words": kind.words, "kind": kind.kind}
                    for kind in kinds(table)
                ],
            }
            entry.write(
                (", " if place else "").encode() + _json(about)[:-1].encode() + b', "rows": [\n'
            )
            for number, (row, (why, until)) in enumerate(self._shown(table)):
                line = {
                    "values": row.values,
                    "kept_until": until.isoformat() if until else None,
                    "kept_because": why,
                }
                entry.write(((",\n" if number else "") + _json(line)).encode())
            entry.write(b"]}")
        entry.write(b"]}\n")

    def _manifest(self) -> str:
        us = settings.CONTROLLER["name"]
        lines = [
            f"# What {us} holds about you: a copy of your personal data, reference "
            f"{self.reference},",
            f"# made on {british(self.today)}. Open {DOCUMENT} to read it. The .csv files hold "
            "the records of this copy, for a",
            f"# spreadsheet; {DATA} holds the same for programs. Below is the SHA-256 of each "
            "file, in hex: whoever",
            "# wants to make sure that nothing was changed can run: sha256sum --check manifest.txt",
        ]
        return "".join(
            f"{line}\n"
            for line in [*lines, *(f"{digest}  {name}" for name, digest in self.sums.items())]
        )

    def _entry(self, name: str) -> io.BufferedWriter:
        return io.BufferedWriter(_Entry(self.made, name, self.now, self.sums), AT_ONCE)


class _Entry(io.RawIOBase):
    """One file of the archive, open for writing; its digest stands in `sums` when it is closed."""

    def __init__(
        self, made: zipfile.ZipFile, name: str, now: datetime, sums: dict[str, str]
    ) -> None:
        about = zipfile.ZipInfo(name, date_time=timezone.localtime(now).timetuple()[:6])
        about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        self._file, self._name, self._sums = made.open(about, "w", force_zip64=True), name, sums
        self._hash = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._hash.update(data)
        return self._file.write(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
            if self._name != MANIFEST:
                self._sums[self._name] = self._hash.hexdigest()
        super().close()


def _chained(first: tuple[Row, End], rest: Iterator[tuple[Row, End]]) -> Iterator[tuple[Row, End]]:
    yield first
    yield from rest


def _cell(value: PlainValue, kind: Kind) -> str:
    """A value in a CSV file: dates in ISO form, amounts as digits, nothing that a spreadsheet would
    run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value) if kind.kind in ("pounds", "number") else harmless(str(value))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
