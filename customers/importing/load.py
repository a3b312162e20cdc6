"""The import of one file: read, parsed, sealed and hashed in a stream, copied to a temporary table,
merged, recorded.

One transaction: without `keep_good` a single rejected line leaves everything as it was.
"""

import datetime
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from audit import events
from customers import erasure_lock
from customers.importing import encode, presets, reader, registry, values
from customers.importing import rejects as refused
from customers.importing.formats import (
    FileKind,
    FileLayout,
    RowRefused,
    digested,
    lay_out,
    row_parser,
)
from customers.importing.merge import Merge, MergeCounts
from customers.importing.reader import CsvSource, InputError
from customers.importing.rejects import Rejects
from privacy import keys, seal

LOCK = 0x696D706F7274  # "import"
Progress = Callable[[int], object]


class ImportBusy(Exception):
    """Another import is running."""


class _NothingGoesIn(Exception):
    """Rolls the transaction back."""


@dataclass
class ImportOutcome:
    """What an import did. `counts` are those of what went in: all nought when the file was turned
    down."""

    source: CsvSource
    kind: FileKind
    ignored: list[str]
    lines: int = 0
    counts: MergeCounts = field(default_factory=MergeCounts)
    rejects: Rejects = field(default_factory=Rejects)
    held: Rejects = field(default_factory=Rejects)  # fields that stay as they were corrected here
    went_in: bool = True
    seconds: float = 0.0


def import_file(
    kind: str,
    path: Path,
    *,
    by: str,
    now: datetime.datetime,
    preset: str = "",
    keep_good: bool = False,
    allow_expired: bool = False,
    encoding: str = "",
    progress: Progress = lambda size: None,
) -> ImportOutcome:
    """Import a file of one kind and leave its rejects beside it.

    `progress` is told each number of bytes read. InputError when the file cannot be imported at
    all, Busy while another import runs, OSError when the rejects cannot be written (then nothing
    has gone in either).
    """
    started = time.monotonic()
    source = reader.inspect(path, encoding)
    layout = _layout(kind, source, preset)
    outcome = ImportOutcome(source, layout.kind, list(layout.ignored))
    try:
        with transaction.atomic():
            _import(
                outcome,
                layout,
                keep_good=keep_good,
                allow_expired=allow_expired,
                by=by,
                now=now,
                progress=progress,
            )
    except _NothingGoesIn:
        outcome.went_in, outcome.counts = False, MergeCounts()
    outcome.seconds = time.monotonic() - started
    return outcome


def _layout(kind: str, source: CsvSource, preset: str) -> FileLayout:
    known = registry.kinds()
    if kind not in known:
        raise InputError(f"There is no kind {kind!r}. The kinds are: {', '.join(sorted(known))}.")
    return (
        presets.lay_out(known[kind], source.header, preset)
        if preset
        else lay_out(known[kind], source.header)
    )


def _import(
    outcome: ImportOutcome,
    layout: FileLayout,
    *,
    keep_good: bool,
    allow_expired: bool,
    by: str,
    now: datetime.datetime,
    progress: Progress,
) -> None:
    kind, rejects, today = layout.kind, outcome.rejects, timezone.localdate(now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise ImportBusy
        merge = Merge(cursor, layout, rejects, today=today, allow_expired=allow_expired, by=by)
        merge.prepare()
        orders = values.DayOrders()
        _copy(cursor, kind, _staged(outcome, layout, today, orders, progress))
        _refuse_month_first(orders)
        erasure_lock.exclusive()  # what goes in may keep somebody who was about to be erased
        outcome.counts = merge.run()
        outcome.held = merge.held
        refused.write(
            rejects, outcome.source, multiline=kind.multiline, holds_cards=kind.holds_cards
        )
        if rejects and not keep_good:
            raise _NothingGoesIn
        refused.write(
            merge.held,
            outcome.source,
            multiline=kind.multiline,
            holds_cards=kind.holds_cards,
            what=refused.HELD,
        )
        if merge.confirmed:
            registry.confirm(merge.confirmed, by=by, now=now)
        if merge.held:
            events.corrected_fields_held(
                by=by,
                digest=outcome.source.digest,
                fields=len(merge.held),
                confirmed=len(merge.confirmed),
            )
        if outcome.counts.anything:
            registry.follow(kind.name, by=by, now=now)
            events.file_imported(
                by=by,
                kind=kind.name,
                digest=outcome.source.digest,
                lines=outcome.lines,
                added=outcome.counts.added,
                changed=outcome.counts.changed,
                rejected=len(rejects),
            )


def _refuse_month_first(orders: values.DayOrders) -> None:
    """InputError for a column some of whose days have the month first: 02/01 could be either day,
    and one line must not be taken otherwise than the next."""
    if columns := orders.contradicted():
        raise InputError(
            f"Some days in {', '.join(columns)} have the month first (12/31/1980), so nobody can tell "
            "what 02/01/1980 means there. Write all of them as YYYY-MM-DD: in a spreadsheet program "
            "choose the format yyyy-mm-dd for the cells of these columns, and save the file again. "
            "If only a line is wrong, mend it."
        )


def _staged(
    outcome: ImportOutcome,
    layout: FileLayout,
    today: datetime.date,
    orders: values.DayOrders,
    progress: Progress,
) -> Iterator[bytes]:
    """The good rows of a file as lines of COPY; the others are rejected on the way."""
    kind, reject, line = layout.kind, outcome.rejects.add, encode.line
    parse, text_of, stage = row_parser(layout, today, orders), digested(layout), kind.stage()
    current, *former = [seal.hasher("source", key_id) for key_id in keys.ring().ids]
    known = encode.NULL
    for record in outcome.source.records(multiline=kind.multiline, progress=progress):
        outcome.lines += 1
        if record.reason:
            reject(record.line, record.reason)
            continue
        try:
            row = parse(record.fields)
        except RowRefused as error:
            if any(value.strip() for value in record.fields):
                reject(record.line, str(error))
            else:
                outcome.lines -= 1  # a row of empty cells, as spreadsheets leave them at the end
            continue
        text = text_of(row)
        if former:
            known = "{" + ",".join(digest(text).hex for digest in former) + "}"
        yield line((str(record.line), current(text).hex, known, *stage(row)))


def _copy(cursor: Any, kind: FileKind, lines: Iterator[bytes]) -> None:
    encode.copy_in(
        cursor, f"import_rows ({', '.join(('line', 'digest', 'former', *kind.staged))})", lines
    )
