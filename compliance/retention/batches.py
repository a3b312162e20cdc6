"""One batch of the purge: a single SQL statement that decides, locks, erases and notes what it did.

The rows come from the very query that the dry run counts (`rules.PurgePlan.rule_rows`), walked by keyset
in the order of the clock's index, so that a batch costs the same at the start and at the end of a
run, also while an old snapshot keeps dead rows in place. Rows locked by somebody else are skipped
and found by the next pass.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import BooleanField, Expression, F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from compliance.retention.rules import Protection, PurgePlan, Schedule
from privacy import declarations
from privacy.declarations import Blank

# The walk stops after so many rows, and only a plan that follows the indexes from row to row can
# stop early. The planner, which thinks little will match, would otherwise read and sort all that is
# due for every batch.
PLANS = ("hashjoin", "mergejoin", "bitmapscan", "sort")
STOP_EARLY = "".join(f"SET LOCAL enable_{plan} = off;" for plan in PLANS)
# A batch of persons names them all, so any plan will do and one plan serves every batch.
PLAN_ONCE = (
    "".join(f"SET LOCAL enable_{plan} = on;" for plan in PLANS)
    + "SET LOCAL plan_cache_mode = force_generic_plan"
)


class RowComparison(Expression):
    """`(a, b) > (x, y)`: the comparison of rows by which a keyset walk goes on."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, columns: Sequence[Any], operator: str, values: Sequence[Any]) -> None:
        super().__init__()
        self.columns, self.operator, self.values = list(columns), operator, list(values)

    def get_source_expressions(self) -> list[Any]:
        return [*self.columns, *self.values]

    def set_source_expressions(self, expressions: Sequence[Any]) -> None:
        half = len(expressions) // 2
        self.columns, self.values = list(expressions[:half]), list(expressions[half:])

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        sides, params = [], []
        for side in (self.columns, self.values):
            compiled = [compiler.compile(expression) for expression in side]
            sides.append("(" + ", ".join(sql for sql, _ in compiled) + ")")
            params += [param for _, found in compiled for param in found]
        return f"{sides[0]} {self.operator} {sides[1]}", params


@dataclass(frozen=True)
class Batch:
    """What one batch did: rows erased, and the keys where the next one goes on (None: nothing was
    left)."""

    erased: int
    reached: tuple[Any, ...] | None


class Keyset:
    """Rows walked in the order of `keys`: each statement locks the next ones after the last that
    was reached."""

    def __init__(self, rows: QuerySet[Any], keys: list[Any]) -> None:
        self.rows, self.keys = rows, keys

    def statement(self, size: int, after: tuple[Any, ...] | None) -> tuple[str, list[Any]]:
        """SQL that selects the place and the keys of the next `size` rows and locks them, skipping
        locked ones."""
        rows, model = self.rows, self.rows.model
        if after is not None:
            values = [Value(value) for value in after]
            if len(self.keys) > 2:  # the part that the other table's index can follow
                rows = rows.filter(RowComparison(self.keys[:2], ">=", values[:2]))
            rows = rows.filter(RowComparison(self.keys, ">", values))
        named = {f"key{number}": key for number, key in enumerate(self.keys)}
        rows = rows.annotate(place=place(model), **named).order_by(*named).values("place", *named)
        sql, params = rows[:size].query.sql_with_params()
        return f"{sql} FOR UPDATE OF {quoted(model)} SKIP LOCKED", list(params)


class Walk:
    """A walk along the due rows of one rule in a model whose rows are deleted, batch by batch."""

    start, smallest, largest = 2_000, 100, 20_000  # rows

    def __init__(
        self,
        plan: PurgePlan,
        schedule: Schedule,
        protection: Protection,
        *,
        run: int,
        confirmed_only: bool,
    ) -> None:
        self.model, self.rule, self.run = schedule.model, protection.code, run
        owner, _, _ = protection.path.rpartition("__")
        # Walk in the order of the clock's own index: (clock, its row's key), then this row's key.
        keys: list[Any] = [F(protection.path), F("pk")]
        if owner:
            # Named by hand: Django would put the foreign key in its place, which that index does
            # not hold.
            table = declarations.resolve(self.model, protection.path).model._meta.db_table
            keys.insert(1, RawSQL(f"{quoted(table)}.id", []))
        # What hung on these rows is erased by now; where something still does (it is kept, or
        # somebody held it), they wait.
        rows = plan.rule_rows(schedule, protection).filter(
            ~Q(schedule.held()), ~Q(schedule.needed(protection)), schedule.bare()
        )
        self.keyset = Keyset(rows.filter(schedule.confirmed()) if confirmed_only else rows, keys)

    @contextmanager
    def ready(self) -> Iterator[None]:
        """Nothing to prepare: most rules have nothing due, and their statements differ by where
        they go on."""
        yield

    def take(self, size: int, after: tuple[Any, ...] | None) -> Batch:
        """Erase the next batch of at most `size` rows after the keys `after`, in a transaction
        under the lock against erasure."""
        try:
            sql, params = self.statement(size, after)
        except EmptyResultSet:
            return Batch(0, None)  # the rule's condition names no row of this table at all
        with connection.cursor() as cursor:
            cursor.execute(STOP_EARLY)
            cursor.execute(sql, params)
            found = cursor.fetchone()
        return Batch(0, None) if found is None else Batch(found[0], tuple(found[1:]))

    def statement(self, size: int, after: tuple[Any, ...] | None) -> tuple[str, list[Any]]:
        """The SQL of a batch, with its parameters."""
        chosen, params = self.keyset.statement(size, after)
        keys = [f"key{number}" for number in range(len(self.keyset.keys))]
        sql = f"""
            WITH due AS MATERIALIZED ({chosen}),
            gone AS (
                DELETE FROM {quoted(self.model)} WHERE ctid = ANY(ARRAY(SELECT place FROM due)) RETURNING 1
            ),
            noted AS (
                INSERT INTO retention_purgeprogress (run_id, model, rule, erased, at)
                SELECT %s, %s, %s, count(*), clock_timestamp() FROM gone HAVING count(*) > 0
            )
            SELECT (SELECT count(*) FROM gone), {", ".join(keys)} FROM due
            ORDER BY {", ".join(f"{key} DESC" for key in keys)} LIMIT 1"""
        return sql, [*params, self.run, self.model._meta.label, self.rule]


# Tables whose statistics say that they are empty, or are of a time before most of their rows.
STALE = """
    SELECT oid::regclass::text FROM pg_class LEFT JOIN pg_stat_user_tables ON relid = oid
    WHERE oid = ANY(%s::regclass[]) AND pg_relation_size(oid) > 0
        AND (reltuples <= 0 OR n_mod_since_analyze > reltuples)"""


def renew_statistics(tables: Sequence[type[models.Model]]) -> list[str]:
    """Tell the planner what has been filled since it last looked; the tables' names.

    A statement that is planned once for all persons must not rest on statistics of an empty table:
    after a restore or a large import it would compare each row with each other. In the caller's
    transaction nothing is done. A role that may not ANALYZE leaves it to autovacuum.
    """
    if connection.in_atomic_block:
        return []
    with connection.cursor() as cursor:
        cursor.execute(STALE, [[quoted(table) for table in tables]])
        stale = [name for (name,) in cursor.fetchall()]
        if stale:
            cursor.execute(f"ANALYZE {', '.join(stale)}")
    return stale


def quoted(table: type[models.Model] | str) -> str:
    """A table's name as SQL takes it."""
    return str(connection.ops.quote_name(table if isinstance(table, str) else table._meta.db_table))


def place(model: type[models.Model]) -> RawSQL:
    """Where a row stands: the quickest way back to it within one statement."""
    return RawSQL(f"{quoted(model)}.ctid", [])


def delete_emptied_customers(schedule: Schedule, size: int) -> int:
    """Delete up to `size` blanked rows on which nothing hangs any more; the number deleted."""
    assert isinstance(schedule.declaration.erase, Blank)  # noqa: S101 the caller asks for blanked models only
    marked = {f"{schedule.declaration.erase.marker}__isnull": False}
    stubs = schedule.model._default_manager.filter(schedule.bare(), **marked).values("pk")[:size]
    sql, params = stubs.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {quoted(schedule.model)} WHERE id IN ({sql} FOR UPDATE SKIP LOCKED)",
            params,
        )
        return int(cursor.rowcount)
