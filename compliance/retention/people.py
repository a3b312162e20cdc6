"""Erasing people: one batch takes so many persons whose own row is due, with everything of theirs that is due.

A person goes in one transaction, so nobody ever sees half of one. In each table, one statement reads the rows of these
persons, deletes those that no rule keeps, counts them under the rule that decided, and names what must stay because of
the rest: an order whose safety-critical line is kept, and the person of that order, who is then blanked to a stub and not
deleted. The conditions are those that the dry run counts.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.db.models import Case, F, ForeignKey, Lookup, Q, UUIDField, Value, When

from compliance.retention.batches import FREELY, STOP_EARLY, Batch, Keyset, place, quoted
from compliance.retention.rules import Plan, Protection, Schedule
from privacy.declarations import Blank

IDS, KEPT = object(), object()  # stand in a compiled statement for the lists that each batch fills in
Kept = dict[type[models.Model], set[Any]]


class AnyOf(Lookup):
    """`column = ANY(array)`: one parameter, however many ids (`IN` would spend the client's time on each)."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s::{self.lhs.output_field.cast_db_type(connection)}[])", [*params, self.rhs]


for _field in (UUIDField, models.BigAutoField):
    _field.register_lookup(AnyOf)


class Table:
    """One table as a batch treats it. Its statement is compiled once and filled in for each batch."""

    def __init__(self, schedule: Schedule, purged: Iterable[type[models.Model]], *, run: int, confirmed_only: bool,
                 erase: bool) -> None:
        self.model, self.run = schedule.model, run
        # Foreign keys to purged tables: while a row stays, so does what it hangs on.
        self.parents = [field for field in self.model._meta.concrete_fields
                        if isinstance(field, ForeignKey) and field.related_model in purged]
        free = ~Q(pk__any_of=KEPT) & (schedule.confirmed() if confirmed_only else Q())
        arms = [When(schedule.decided_by(p) & free, then=Value(p.code))
                for p in schedule.protections if not p.for_ever] if erase else []
        rule = Case(*arms, default=Value(None), output_field=models.CharField())
        up = {f"up{number}": F(field.attname) for number, field in enumerate(self.parents)}
        rows = self.model._default_manager.filter(**{f"{schedule.declaration.subject_path}__any_of": IDS})
        rows = rows.annotate(place=place(self.model), rule=rule, **up).order_by().values("place", "rule", *up)
        mine, self.params = rows.query.sql_with_params()
        named = ", ".join(f"(SELECT array_agg(DISTINCT {name}) FROM kept)" for name in up)
        self.sql = f"""
            WITH mine AS MATERIALIZED ({mine}),
            gone AS (
                DELETE FROM {quoted(self.model)}
                WHERE ctid = ANY(ARRAY(SELECT place FROM mine WHERE rule IS NOT NULL)) RETURNING ctid AS place
            ),
            counted AS (SELECT rule, count(*) AS erased FROM gone JOIN mine USING (place) GROUP BY rule),
            noted AS (
                INSERT INTO retention_purgeprogress (run_id, model, rule, erased, at)
                SELECT %s, %s, rule, erased, clock_timestamp() FROM counted
            ),
            kept AS (SELECT mine.* FROM mine LEFT JOIN gone USING (place) WHERE gone.place IS NULL)
            SELECT (SELECT coalesce(sum(erased), 0)::bigint FROM counted), {named}"""

    def erase(self, ids: list[str], kept: Kept) -> int:
        """Delete what is due of these persons and add to `kept` what must stay because of the rest; the rows deleted."""
        lists = {id(IDS): ids, id(KEPT): [str(key) for key in kept[self.model]]}
        params = [lists.get(id(param), param) for param in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [*params, self.run, self.model._meta.label])
            erased, *ups = cursor.fetchone()
        for field, keys in zip(self.parents, ups, strict=True):
            kept[field.related_model] |= {key for key in keys or () if key is not None}
        return int(erased)


class People:
    """A walk along the persons whose own row one rule decides, batch by batch."""

    start, smallest, largest = 500, 20, 1_000  # persons

    def __init__(self, plan: Plan, root: Schedule, protection: Protection, *, run: int, confirmed_only: bool) -> None:
        assert isinstance(root.declaration.erase, Blank)  # noqa: S101 a person's row is blanked first
        self.model, self.blank, self.run, self.rule = root.model, root.declaration.erase, run, protection.code
        due = root.arm(protection).filter(~Q(root.held()))
        self.keyset = Keyset(due.filter(root.confirmed()) if confirmed_only else due, [F(protection.path), F("pk")])
        theirs = [s for s in plan.every if s is not root and s.declaration.subject_path is not None]
        purged = {root.model, *(s.model for s in theirs)}
        self.tables = [Table(s, purged, run=run, confirmed_only=confirmed_only, erase=s in plan.schedules) for s in theirs]

    def take(self, size: int, after: tuple[Any, ...] | None) -> Batch:
        """Erase the next batch of at most `size` persons, in a transaction behind the barrier; rows are counted."""
        sql, params = self.keyset.statement(size, after)
        with connection.cursor() as cursor:
            cursor.execute(STOP_EARLY)
            cursor.execute(sql, params)
            found = cursor.fetchall()
            cursor.execute(FREELY)
        if not found:
            return Batch(0, None)
        ids = [str(row[-1]) for row in found]
        kept: Kept = defaultdict(set)
        erased = sum(table.erase(ids, kept) for table in self.tables)
        self._erase_persons(ids, stubs=[str(key) for key in kept[self.model]])
        return Batch(erased + len(ids), tuple(found[-1][1:]))

    def _erase_persons(self, ids: list[str], stubs: list[str]) -> None:
        """Blank the persons on whom something hangs, delete the others, and leave the evidence that they were erased."""
        table, columns = quoted(self.model), {f.name: quoted(str(f.column)) for f in self.model._meta.concrete_fields}
        nulls = ", ".join(f"{columns[name]} = NULL" for name in self.blank.fields)
        with connection.cursor() as cursor:
            if stubs:
                nulls += f", {columns[self.blank.marker]} = clock_timestamp()"
                cursor.execute(f"UPDATE {table} SET {nulls} WHERE id = ANY(%s::uuid[])", [stubs])
            cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s::uuid[]) AND id <> ALL(%s::uuid[])", [ids, stubs])
            cursor.execute(
                "WITH noted AS (INSERT INTO retention_purgeprogress (run_id, model, rule, erased, at) "
                "VALUES (%s, %s, %s, %s, clock_timestamp())) "
                "INSERT INTO retention_erasedsubject (subject, run_id) SELECT unnest(%s::uuid[]), %s ON CONFLICT DO NOTHING",
                [self.run, self.model._meta.label, self.rule, len(ids), ids, self.run])
