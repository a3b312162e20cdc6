"""One batch of the purge: a single SQL statement that decides, locks, erases and notes what it did.

The rows come from the very query that the dry run counts (an arm of `rules.Plan`), walked by keyset in the order of the
clock's index, so that a batch costs the same at the start and at the end of a run, also while an old snapshot keeps
dead rows in place. Rows locked by somebody else are skipped and found by the next pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Expression, F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from compliance.retention.rules import Plan, Protection, Schedule
from privacy.declarations import Blank


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

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sides, params = [], []
        for side in (self.columns, self.values):
            compiled = [compiler.compile(expression) for expression in side]
            sides.append("(" + ", ".join(sql for sql, _ in compiled) + ")")
            params += [param for _, found in compiled for param in found]
        return f"{sides[0]} {self.operator} {sides[1]}", params


@dataclass(frozen=True)
class Batch:
    """What one statement did: rows erased, subjects erased, and where the next one goes on (None: nothing was left)."""

    erased: int
    reached: tuple[Any, ...] | None


class Walk:
    """A walk along one arm, batch by batch."""

    def __init__(self, plan: Plan, schedule: Schedule, protection: Protection, *, run: int, confirmed_only: bool) -> None:
        self.schedule, self.protection, self.run = schedule, protection, run
        self.model = schedule.model
        owner, _, _ = protection.path.rpartition("__")
        # Walk in the order of the clock's own index: (clock, its row's key), then this row's key.
        self.keys = [protection.path, *([f"{owner}__pk"] if owner else []), "pk"]
        rows = plan.arm(schedule, protection).filter(~Q(schedule.held()))
        if confirmed_only:
            rows = rows.filter(schedule.confirmed())
        if not isinstance(schedule.declaration.erase, Blank):
            rows = rows.filter(schedule.bare())
        self.rows = rows

    def statement(self, size: int, after: tuple[Any, ...] | None) -> tuple[str, list[Any]]:
        """The SQL of the next batch of at most `size` rows after the keys `after`, with its parameters."""
        chosen, params = self._chosen(size, after)
        erase, erase_params = self._erase()
        order = ", ".join(f"key{number} DESC" for number in range(len(self.keys)))
        keys = ", ".join(f"d.key{number}" for number in range(len(self.keys)))
        sql = f"""
            WITH due AS MATERIALIZED ({chosen}), {erase},
            noted AS (
                INSERT INTO retention_purgeprogress (run_id, model, rule, erased, at)
                SELECT %s, %s, %s, count(*), clock_timestamp() FROM gone HAVING count(*) > 0
            )
            SELECT (SELECT count(*) FROM gone), {keys} FROM due d ORDER BY {order} LIMIT 1"""
        return sql, [*params, *erase_params, self.run, self.model._meta.label, self.protection.code]

    def take(self, size: int, after: tuple[Any, ...] | None) -> Batch:
        """Erase the next batch. Call inside a transaction that holds the barrier."""
        sql, params = self.statement(size, after)
        with connection.cursor() as cursor:
            # The walk stops after `size` rows: only plans that follow the indexes from row to row can stop early.
            cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off")
            cursor.execute(sql, params)
            found = cursor.fetchone()
        return Batch(0, None) if found is None else Batch(found[0], tuple(found[1:]))

    def _chosen(self, size: int, after: tuple[Any, ...] | None) -> tuple[str, list[Any]]:
        rows: QuerySet = self.rows
        if after is not None:
            values = [Value(value) for value in after]
            columns = [F(key) for key in self.keys]
            if len(self.keys) > 2:  # the part that the other table's index can follow
                rows = rows.filter(RowComparison(columns[:2], ">=", values[:2]))
            rows = rows.filter(RowComparison(columns, ">", values))
        table = connection.ops.quote_name(self.model._meta.db_table)
        named = {f"key{number}": F(key) for number, key in enumerate(self.keys)}
        rows = rows.annotate(place=RawSQL(f"{table}.ctid", []), **named).order_by(*self.keys).values("place", *named)
        sql, params = rows[:size].query.sql_with_params()
        return f"{sql} FOR NO KEY UPDATE OF {table} SKIP LOCKED", list(params)

    def _erase(self) -> tuple[str, list[Any]]:
        table = connection.ops.quote_name(self.model._meta.db_table)
        places = "ctid = ANY(ARRAY(SELECT place FROM due))"
        erase = self.schedule.declaration.erase
        if not isinstance(erase, Blank):
            return f"gone AS (DELETE FROM {table} WHERE {places} RETURNING 1)", []
        bare, params = _compile(self.model._default_manager.filter(self.schedule.bare()))
        blank = ", ".join(f"{self._column(name)} = NULL" for name in erase.fields)
        return f"""
            deleted AS (DELETE FROM {table} WHERE {places} AND {bare} RETURNING id),
            blanked AS (
                UPDATE {table} SET {blank}, {self._column(erase.marker)} = clock_timestamp()
                WHERE {places} AND NOT ({bare}) RETURNING id
            ),
            gone AS (SELECT id FROM deleted UNION ALL SELECT id FROM blanked),
            evidence AS (
                INSERT INTO retention_erasedsubject (subject, run_id) SELECT id, %s FROM gone ON CONFLICT DO NOTHING
            )""", [*params, *params, self.run]

    def _column(self, name: str) -> str:
        return connection.ops.quote_name(self.model._meta.get_field(name).column)  # type: ignore[union-attr]


def remove_stubs(schedule: Schedule, size: int) -> int:
    """Delete up to `size` blanked rows on which nothing hangs any more; the number deleted."""
    erase = schedule.declaration.erase
    assert isinstance(erase, Blank)  # noqa: S101 the caller asks for blanked models only
    stubs = schedule.model._default_manager.filter(schedule.bare(), **{f"{erase.marker}__isnull": False})
    sql, params = stubs.order_by().values("pk")[:size].query.sql_with_params()
    table = connection.ops.quote_name(schedule.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id IN ({sql} FOR UPDATE SKIP LOCKED)", params)
        return int(cursor.rowcount)


def _compile(rows: QuerySet) -> tuple[str, list[Any]]:
    """The WHERE clause of a queryset, with its parameters."""
    query = rows.query
    compiler = query.get_compiler(connection=connection)
    compiler.pre_sql_setup()
    sql, params = compiler.compile(query.where) if query.where else ("true", [])
    return sql, list(params)


