"""Renewing sealed values and look-up hashes under the current key.

Every model is walked by introspection, so a new sealed field is rotated without an edit here. A row
is stale while any of its sealed values stands under an older key; its hashes are worked out anew
together with them, since an UPDATE always writes both (see privacy.fields). What remains to be done
is therefore written in the rows themselves: a killed run is simply run again, and a second run
finds nothing.
"""

# ruff: noqa: S608  names of tables and columns come from the models, and every value is a parameter

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from audit import events
from privacy import keys, seal
from privacy.fields import LookupHashField, SealedTextField

BATCH = 1_000  # rows in one transaction
BATCH_BYTES = (
    32_000_000  # of sealed values in one transaction, and so in memory; or one row that has more
)


def quote(name: str | None) -> str:
    return str(connection.ops.quote_name(str(name)))


@dataclass(frozen=True)
class SealedTable:
    """One model with sealed fields."""

    model: type[models.Model]
    sealed: Sequence[SealedTextField]
    lookups: Sequence[LookupHashField]

    @property
    def name(self) -> str:
        return quote(self.model._meta.db_table)

    @property
    def key(self) -> str:
        return quote(self.model._meta.pk.column)

    def stale(self) -> tuple[str, list[Any]]:
        """The condition on a row that some value is under an older key and every value is under a
        live one."""
        ring = keys.ring()
        current, live = (
            seal.key_prefix(ring.current),
            [seal.key_prefix(key_id) for key_id in ring.ids],
        )
        columns = [quote(one.column) for one in self.sealed]
        older = " OR ".join(f"substr({column}, 1, %s) <> %s" for column in columns)
        known = " AND ".join(
            f"({column} IS NULL OR {' OR '.join(f'substr({column}, 1, %s) = %s' for _ in live)})"
            for column in columns
        )
        older_params = [len(current), current] * len(columns)
        known_params = [part for prefix in live for part in (len(prefix), prefix)] * len(columns)
        return f"({older}) AND {known}", older_params + known_params


@dataclass
class RotationResult:
    """What one run did: how many rows it renewed, and those that need a person, each as `app.Model
    key: why`."""

    rows: int = 0
    faults: list[str] = field(default_factory=list)


def tables() -> Iterator[SealedTable]:
    """Every model with sealed fields, each table once."""
    for model in apps.get_models():
        mine = (
            []
            if model._meta.proxy or not model._meta.managed
            else model._meta.local_concrete_fields
        )
        sealed = [one for one in mine if isinstance(one, SealedTextField)]
        if sealed:
            yield SealedTable(
                model, sealed, [one for one in mine if isinstance(one, LookupHashField)]
            )


def rotate(*, by: str, done: Callable[[int], object] = int) -> RotationResult:
    """Renew every stale row of every table; `done` is told how many rows each batch took.

    Each batch is one transaction. What was renewed is recorded once at the end, also when the run
    is broken off.
    """
    result = RotationResult()
    try:
        for table in tables():
            _rotate_table(table, result, done)
    finally:
        if result.rows:
            events.keys_rotated(by=by, key_id=keys.ring().current, rows=result.rows)
    return result


def stale_rows() -> int:
    """How many rows a rotation would renew now."""
    count = 0
    with connection.cursor() as cursor:
        for table in tables():
            condition, params = table.stale()
            cursor.execute(f"SELECT count(*) FROM {table.name} WHERE {condition}", params)
            count += cursor.fetchone()[0]
    return count


def values_by_key() -> Counter[str]:
    """How many values each key id seals in the database now; `?` stands for bytes that name no
    key."""
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        for table in tables():
            for one in table.sealed:
                column = quote(one.column)
                cursor.execute(
                    f"SELECT CASE WHEN length({column}) > 0 THEN substr({column}, 2, "
                    f"get_byte({column}, 0)) END, "
                    f"count(*) FROM {table.name} WHERE {column} IS NOT NULL GROUP BY 1"
                )
                for key_id, count in cursor.fetchall():
                    name = bytes(key_id or b"").decode("ascii", "replace")
                    found[name if keys.KEY_ID.fullmatch(name) else "?"] += count
    return found


Row = tuple[Any, ...]  # the primary key, then each sealed value as it stands


def _rotate_table(
    table: SealedTable, result: RotationResult, done: Callable[[int], object]
) -> None:
    last = None
    while True:
        with transaction.atomic():
            rows = _lock(table, last)
            if not rows:
                return
            result.rows += _write(table, _renewed(table, rows, result), result)
        last = rows[-1][0]
        done(len(rows))


def _lock(table: SealedTable, last: Any) -> list[Row]:
    """The next stale rows in the order of their keys, held so that nobody edits them before they
    are written.

    What somebody renewed meanwhile is among them and stays as it is, so that an empty batch is the
    end.
    """
    condition, params = table.stale()
    columns = ", ".join(quote(one.column) for one in table.sealed)
    size = " + ".join(f"COALESCE(octet_length({quote(one.column)}), 0)" for one in table.sealed)
    after, after_params = ("", []) if last is None else (f"{table.key} > %s AND ", [last])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {table.key}, {columns} FROM {table.name} WHERE {table.key} IN (SELECT key "
            "FROM ("
            "SELECT key, sum(size) OVER (ORDER BY key) - size AS before FROM (SELECT "
            f"{table.key} AS key, {size} AS size "
            f"FROM {table.name} WHERE {after}{condition} ORDER BY {table.key} LIMIT {BATCH}) AS "
            "few) AS sized "
            f"WHERE before < {BATCH_BYTES}) ORDER BY {table.key} FOR NO KEY UPDATE",
            [*after_params, *params],
        )
        return list(cursor.fetchall())


def _renewed(table: SealedTable, rows: list[Row], result: RotationResult) -> list[Row]:
    """The rows with their values sealed anew and their hashes worked out; one that does not open is
    left and named."""
    current = seal.key_prefix(keys.ring().current)
    instances = table.model._base_manager.defer(*(one.name for one in table.sealed)).in_bulk(
        [row[0] for row in rows]
    )
    renewed = []
    for key, *values in rows:
        try:
            fresh: list[Any] = [key]
            for one, value in zip(table.sealed, values, strict=True):
                text = None if value is None else seal.unseal(value, one.sealed_column)
                setattr(instances[key], one.attname, None if text is None else one.from_text(text))
                kept = text is None or bytes(value).startswith(current)
                fresh.append(value if kept else seal.seal(text or "", one.sealed_column))
            fresh += [one.pre_save(instances[key], add=False) for one in table.lookups]
        except (seal.UnsealError, ValueError) as error:
            result.faults.append(f"{table.model._meta.label} {key}: {error}")
        else:
            renewed.append(tuple(fresh))
    return renewed


def _write(table: SealedTable, rows: list[Row], result: RotationResult) -> int:
    """Write rows in one statement; returns how many. One that would double another is left and
    named."""
    if not rows:
        return 0
    fields = [table.model._meta.pk, *table.sealed, *table.lookups]
    arrays = ", ".join(
        f"%s::{one.rel_db_type(connection) or one.db_type(connection)}[]" for one in fields
    )
    columns = [quote(one.column) for one in fields]
    changes = ", ".join(f"{column} = fresh.{column}" for column in columns[1:])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # whoever watches for changed values is told that these are the same ones
            cursor.execute("SET LOCAL privacy.renewing_keys = 'on'")
            cursor.execute(
                f"UPDATE {table.name} SET {changes} FROM unnest({arrays}) AS fresh "
                f"({', '.join(columns)}) "
                f"WHERE {table.name}.{table.key} = fresh.{table.key}",
                [list(values) for values in zip(*rows, strict=True)],
            )
            return len(rows)
    except IntegrityError:
        if len(rows) == 1:
            fault = "the same value stands in another row already"
            result.faults.append(f"{table.model._meta.label} {rows[0][0]}: {fault}")
            return 0
    return sum(_write(table, [row], result) for row in rows)
