"""Erasing people: one batch takes so many persons whose own row is due, with everything of theirs
that is due.

A person goes in one transaction, so nobody ever sees half of one. In each table, one statement
reads the rows of these persons, deletes those that no rule keeps, counts them under the rule that
decided, and names what must stay because of the rest: an order whose safety-critical line is kept,
and the person of that order, who is then blanked to a stub and not deleted. The conditions are
those that the dry run counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from django.db.models import Case, F, ForeignKey, Lookup, Q, UUIDField, Value, When
from psycopg2.extensions import AsIs

from compliance.retention.batches import PLAN_ONCE, STOP_EARLY, Batch, Keyset, place, quoted
from compliance.retention.rules import Protection, PurgePlan, Schedule
from customers.models import Customer
from privacy.declarations import Blank

IDS, KEPT = AsIs("$1"), AsIs("$2")  # the two lists that each batch gives to a prepared statement
Kept = dict[type[models.Model], set[Any]]


class AnyOf(Lookup):
    """`column = ANY(array)`: one parameter, however many ids (`IN` would spend the client's time on
    each)."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s)", [*params, self.rhs]


for _field in (UUIDField, models.BigAutoField, models.OneToOneField):
    _field.register_lookup(AnyOf)


def array(keys: Iterable[Any]) -> str:
    """Keys as the text of a PostgreSQL array: read at once, where a list of literals would be
    parsed one by one."""
    return "{" + ",".join(map(str, keys)) + "}"


class BatchOutdatedError(Exception):
    """A row changed while its batch was at work; the batch is to be done anew."""


class PurgeTable:
    """One table as a batch treats it: one statement, prepared once on each connection."""

    def __init__(
        self,
        schedule: Schedule,
        purged: Iterable[type[models.Model]],
        *,
        run: int,
        confirmed_only: bool,
        erase: bool,
    ) -> None:
        self.model, self.run = schedule.model, run
        # Foreign keys to purged tables: while a row stays, so does what it hangs on.
        self.parents = [
            field
            for field in self.model._meta.concrete_fields
            if isinstance(field, ForeignKey) and field.related_model in purged
        ]
        free = ~Q(pk__any_of=KEPT) & (schedule.confirmed() if confirmed_only else Q())
        decided = (
            [
                When(schedule.decided_by(p) & free, then=Value(p.code))
                for p in schedule.protections
                if not p.for_ever
            ]
            if erase
            else []
        )
        rule = Case(*decided, default=Value(None), output_field=models.CharField())
        up = {f"up{number}": F(field.attname) for number, field in enumerate(self.parents)}
        rows = self.model._default_manager.filter(
            **{f"{schedule.declaration.subject_path}__any_of": IDS}
        )
        rows = (
            rows.annotate(place=place(self.model), rule=rule, **up)
            .order_by()
            .values("place", "rule", *up)
        )
        mine, params = rows.query.sql_with_params()
        named = "".join(
            f", (SELECT array_agg(DISTINCT {name}) FROM mine WHERE rule IS NULL)" for name in up
        )
        self.name = f"purge_{self.model._meta.db_table}"
        self.types = ", ".join(
            f"{pk.cast_db_type(connection)}[]" for pk in (Customer._meta.pk, self.model._meta.pk)
        )
        self.params = [*params, run, self.model._meta.label]
        self.sql = f"""
            WITH mine AS MATERIALIZED ({mine}),
            gone AS (
                DELETE FROM {quoted(self.model)}
                WHERE ctid = ANY(ARRAY(SELECT place FROM mine WHERE rule IS NOT NULL)) RETURNING 1
            ),
            noted AS (
                INSERT INTO retention_purgeprogress (run_id, model, rule, erased, at)
                SELECT %s, %s, rule, count(*), clock_timestamp() FROM mine WHERE rule IS NOT NULL GROUP BY rule
            )
            SELECT (SELECT count(*) FROM gone), (SELECT count(rule) FROM mine){named}"""

    def prepare(self) -> None:
        """Let this connection parse and plan the statement once for all batches."""
        with connection.cursor() as cursor:
            cursor.execute(f"PREPARE {self.name} ({self.types}) AS {self.sql}", self.params)

    def erase(self, ids: str, kept: Kept) -> int:
        """Delete what is due of these persons and add to `kept` what must stay because of the rest;
        the rows deleted."""
        with connection.cursor() as cursor:
            cursor.execute(f"EXECUTE {self.name} (%s, %s)", [ids, array(kept[self.model])])
            erased, due, *ups = cursor.fetchone()
        if erased != due:
            # somebody changed one of these rows between the look and the deletion: look again
            raise BatchOutdatedError
        for field, keys in zip(self.parents, ups, strict=True):
            kept[field.related_model] |= {key for key in keys or () if key is not None}
        return int(erased)


class People:
    """A walk along the persons whose own row one rule decides, batch by batch."""

    start, smallest, largest = 500, 20, 1_000  # persons

    def __init__(
        self,
        plan: PurgePlan,
        root: Schedule,
        protection: Protection,
        *,
        run: int,
        confirmed_only: bool,
    ) -> None:
        assert isinstance(root.declaration.erase, Blank)  # noqa: S101 a person's row is blanked first
        self.model, self.blank, self.run, self.rule = (
            root.model,
            root.declaration.erase,
            run,
            protection.code,
        )
        due = plan.rule_rows(root, protection).filter(~Q(root.held()), ~Q(root.needed(protection)))
        self.keyset = Keyset(
            due.filter(root.confirmed()) if confirmed_only else due, [F(protection.path), F("pk")]
        )
        theirs = [s for s in plan.every if s is not root and s.declaration.subject_path is not None]
        purged = {root.model, *(s.model for s in theirs)}
        self.tables = [
            PurgeTable(s, purged, run=run, confirmed_only=confirmed_only, erase=s in plan.schedules)
            for s in theirs
        ]

    @contextmanager
    def ready(self) -> Iterator[None]:
        """Prepare the statements on this thread's connection, for as long as it walks."""
        try:
            for table in self.tables:
                table.prepare()
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("DEALLOCATE ALL")

    def take(self, size: int, after: tuple[Any, ...] | None) -> Batch:
        """Erase the next batch of at most `size` persons, in a transaction under the lock against
        erasure; rows are counted."""
        sql, params = self.keyset.statement(size, after)
        with connection.cursor() as cursor:
            cursor.execute(STOP_EARLY)
            cursor.execute(sql, params)
            found = cursor.fetchall()
            cursor.execute(PLAN_ONCE)
        if not found:
            return Batch(0, None)
        ids = array(row[-1] for row in found)
        kept: Kept = defaultdict(set)
        erased = sum(table.erase(ids, kept) for table in self.tables)
        self._erase_persons(ids, len(found), stubs=array(kept[self.model]))
        return Batch(erased + len(found), tuple(found[-1][1:]))

    def _erase_persons(self, ids: str, count: int, stubs: str) -> None:
        """Blank the persons on whom something hangs, delete the others, and leave the evidence that
        they were erased."""
        table, columns = (
            quoted(self.model),
            {f.name: quoted(str(f.column)) for f in self.model._meta.concrete_fields},
        )
        nulls = ", ".join(f"{columns[name]} = NULL" for name in self.blank.fields)
        with connection.cursor() as cursor:
            if stubs != "{}":
                nulls += f", {columns[self.blank.marker]} = clock_timestamp()"
                cursor.execute(f"UPDATE {table} SET {nulls} WHERE id = ANY(%s::uuid[])", [stubs])
            cursor.execute(
                f"DELETE FROM {table} WHERE id = ANY(%s::uuid[]) AND id <> ALL(%s::uuid[])",
                [ids, stubs],
            )
            cursor.execute(
                "WITH noted AS (INSERT INTO retention_purgeprogress (run_id, model, rule, "
                "erased, at) "
                "VALUES (%s, %s, %s, %s, clock_timestamp())) "
                "INSERT INTO retention_erasedsubject (subject, run_id) SELECT "
                "unnest(%s::uuid[]), %s ON CONFLICT DO NOTHING",
                [self.run, self.model._meta.label, self.rule, count, ids, self.run],
            )
