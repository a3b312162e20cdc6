"""What upper rooms give to the import as they start (`AppConfig.ready`): further kinds of files, and
what is past its time.
"""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from customers.importing.formats import FileKind

ExpiryCheck = Callable[[type[Model], str], Collection[Any]]
_kinds: dict[str, FileKind] = {}


@dataclass(frozen=True)
class Hold:
    """Fields of one customer that were corrected here, and that the shop does not have right yet."""

    key: uuid.UUID
    customer: uuid.UUID
    fields: Collection[str]


HoldSource = Callable[[], Iterable[Hold]]
Confirmation = Callable[[Collection[uuid.UUID], str, datetime.datetime], None]
Numbers = Callable[[], list[str]]
AfterMerge = Callable[[str, datetime.datetime], object]
_expiry_checks: list[ExpiryCheck] = []
_holds: list[tuple[HoldSource, Confirmation]] = []
_erased: list[Numbers] = []
_after: dict[str, list[AfterMerge]] = {}


def register(kind: FileKind) -> FileKind:
    """Offer a kind of import file."""
    _kinds[kind.name] = kind
    return kind


def kinds() -> dict[str, FileKind]:
    """Every kind of import file by its name."""
    return dict(_kinds)


def register_expiry_check(check: ExpiryCheck) -> ExpiryCheck:
    """Let `check` say which newly imported rows are past their retention period already.

    `check(model, staged_ids_table)` is called inside the import's transaction, once for each model
    that the file adds to, children before parents, after the rows were inserted. `staged_ids_table`
    names a temporary table with one column `id`: the primary keys of the rows just inserted. It
    returns the primary keys among them that no rule keeps any more; the import deletes these rows
    again and reports their lines as rejects with the reason `past retention`. It answers by one
    query over the set and changes nothing. It is not asked with `--allow-expired`.
    """
    if check not in _expiry_checks:
        _expiry_checks.append(check)
    return check


def register_holds(source: HoldSource, confirm: Confirmation) -> None:
    """Let `source` say which fields are held against the shop's files; `confirm(keys, by, now)` is
    told of those that a file brought right."""
    if (source, confirm) not in _holds:
        _holds.append((source, confirm))


def holds() -> list[Hold]:
    """Everything that is held now."""
    return [one for source, _ in _holds for one in source()]


def register_erased(source: Numbers) -> None:
    """Let `source` say which customer numbers were erased here and are still in the shop's
    files."""
    if source not in _erased:
        _erased.append(source)


def erased() -> list[str]:
    """The customer numbers that no file brings back for now."""
    return [number for source in _erased for number in source()]


def confirm(keys: Collection[uuid.UUID], *, by: str, now: datetime.datetime) -> None:
    """A file brought right what these holds are about."""
    for _, told in _holds:
        told(keys, by, now)


def register_after(kind: str, act: AfterMerge) -> None:
    """Let `act(by, now)` follow what a file of a kind changed, inside the import's transaction, after
    its rows were merged and before anybody sees them. It works on what triggers of the database
    noted, or on the temporary tables of the merge (`import_touched`, `import_children`)."""
    _after.setdefault(kind, []).append(act)


def follow(kind: str, *, by: str, now: datetime.datetime) -> None:
    """What follows the merge of a file of this kind, if anything."""
    for act in _after.get(kind, ()):
        act(by, now)


def expiry_checks() -> Iterator[ExpiryCheck]:
    """Every registered check."""
    yield from _expiry_checks
