"""From the staged rows to the tables, by a fixed number of set-based statements whatever the size
of the file.

A row whose digest is on record already is not touched at all: nothing is written, locked or updated
for it. Names of tables and columns in these statements come from code, never from a file.
"""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from customers.dealings import resume_returned
from customers.importing import registry
from customers.importing.formats import Child, FileLayout, Refusal
from customers.importing.rejects import Rejects
from customers.models import Customer
from privacy import keys
from privacy.declarations import declared

PAST_RETENTION = "past retention"
CONTRADICTS = "contradicts an earlier line"
ANOTHERS = "on record for another customer"
ERASED = "erased here on request, and left out until the shop confirms that it erased it too"


@dataclass
class MergeCounts:
    """What a merge did, in records, and in the rows that go in with them (`children`)."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    children_added: int = 0
    children_changed: int = 0

    @property
    def anything(self) -> bool:
        """Whether any row was added or changed."""
        return bool(self.added or self.changed or self.children_added or self.children_changed)


class Merge:
    """One file's way from the temporary table `import_rows` into the tables. Runs inside the
    import's transaction."""

    def __init__(
        self,
        cursor: Any,
        layout: FileLayout,
        rejects: Rejects,
        *,
        today: datetime.date,
        allow_expired: bool,
        by: str,
    ) -> None:
        self.by = by
        self.cursor, self.layout, self.kind, self.rejects = cursor, layout, layout.kind, rejects
        self.today, self.allow_expired = today, allow_expired
        self.held = Rejects()
        self.confirmed: list[uuid.UUID] = []

    def prepare(self) -> None:
        """Make the temporary tables."""
        kind = self.kind
        pk, child_pk = _pk_type(kind.model), _pk_type(kind.child.model) if kind.child else "bigint"
        staged = "".join(f", {name} {form}" for name, form in kind.staged.items())
        self.cursor.execute(f"""
            DROP TABLE IF EXISTS pg_temp.import_rows, pg_temp.import_touched, pg_temp.import_children, pg_temp.import_new;
            CREATE TEMPORARY TABLE import_rows (line integer, digest uuid, former uuid[]{staged}) ON COMMIT DROP;
            CREATE TEMPORARY TABLE import_touched (id {pk}, added boolean) ON COMMIT DROP;
            CREATE TEMPORARY TABLE import_children (id {child_pk}, parent {pk}, added boolean) ON COMMIT DROP;
            CREATE TEMPORARY TABLE import_new (id {pk}) ON COMMIT DROP;
        """)

    def run(self) -> MergeCounts:
        """Merge what was staged."""
        self.cursor.execute("ANALYZE import_rows")
        self._drop_repeats()
        self._leave_out_erased()
        self.kind.before(self)
        self._refuse()
        self._renew_digests()
        self._upsert()
        self.cursor.execute("ANALYZE import_touched")
        self.kind.after(self)
        self._remove_expired()
        self._resume_returned()
        self.kind.tidy(self)
        return self._count()

    def reject(self, statement: str, reason: str, params: Sequence[Any] = ()) -> None:
        """Execute a DELETE on the staged rows that returns their lines, and reject these."""
        self.cursor.execute(statement, params)
        for line, *_ in self.cursor.fetchall():
            self.rejects.add(line, reason)

    def _drop_repeats(self) -> None:
        """An identical line that comes twice goes in once; one that contradicts an earlier line is
        rejected."""
        kind = self.kind
        if kind.record_key:
            self.reject(
                _repeats(kind.record_key, "digest", only="s.digest <> f.digest"), CONTRADICTS
            )
        repeats = _repeats(kind.file_key, kind.row_digest)
        self.reject(
            f"WITH gone AS ({repeats}) SELECT line FROM gone WHERE contradicts", CONTRADICTS
        )

    def _leave_out_erased(self) -> None:
        """Whoever was erased here does not come back with the shop's files before the shop has
        confirmed that it erased them too. One query, and one where there are such people."""
        numbers = registry.erased() if "customer_number" in self.kind.staged else []
        if not numbers:
            return
        self.cursor.execute(
            "DELETE FROM import_rows s WHERE s.customer_number = ANY(%s) AND NOT EXISTS (SELECT FROM "
            f"{Customer._meta.db_table} c WHERE c.customer_number = s.customer_number) RETURNING line",
            [numbers],
        )
        for (line,) in self.cursor.fetchall():
            self.held.add(line, ERASED)

    def _refuse(self) -> None:
        refusals = [*self.kind.refusals]
        if self.kind.owned and "customer_id" not in self.kind.key:
            refusals.append(
                Refusal(
                    f"EXISTS (SELECT FROM {self.kind.table} t WHERE {self._same_key()} AND "
                    "t.customer_id IS DISTINCT FROM "
                    f"{self.kind.values['customer_id']})",
                    ANOTHERS,
                )
            )
        if not refusals:
            return
        cases = " ".join(
            f"WHEN {refusal.when} THEN {number}" for number, refusal in enumerate(refusals)
        )
        self.cursor.execute(f"""
            WITH judged AS (SELECT s.line, CASE {cases} END AS reason FROM import_rows s {self.kind.joins})
            DELETE FROM import_rows s USING judged WHERE s.line = judged.line AND judged.reason IS NOT NULL
            RETURNING s.line, judged.reason
        """)
        for line, number in self.cursor.fetchall():
            self.rejects.add(line, refusals[number].reason)

    def _renew_digests(self) -> None:
        """While a key is being replaced: a row known by its digest under a former key is the same
        row."""
        if len(keys.ring().ids) == 1:
            return
        if self.kind.append_only:
            self.cursor.execute(f"""
                UPDATE {self.kind.table} t SET source_digest = s.digest FROM import_rows s
                WHERE t.source_digest = ANY(s.former) AND t.source_digest <> s.digest
            """)
        else:
            self.cursor.execute(f"""
                UPDATE {self.kind.table} t SET source_digest = s.digest FROM import_rows s {self.kind.joins}
                WHERE {self._same_key()} AND t.source_digest = ANY(s.former)
            """)

    def _same_key(self) -> str:
        said = {"source_digest": "s.digest", **self.kind.values}
        return " AND ".join(f"t.{name} = {said[name]}" for name in self.kind.key)

    def _upsert(self) -> None:
        kind = self.kind
        names = [*kind.values, "source_digest"]
        changing = [name for name in names if name not in kind.key and name not in kind.insert_only]
        first = f"DISTINCT ON ({_of('s', kind.record_key)})" if kind.record_key else ""
        order = f"ORDER BY {_of('s', kind.record_key)}, s.line" if kind.record_key else ""
        change = (
            "DO NOTHING"
            if kind.append_only
            else f"""({", ".join(kind.key)}) DO UPDATE
                SET {", ".join(f"{name} = excluded.{name}" for name in changing)}
                WHERE t.source_digest IS DISTINCT FROM excluded.source_digest"""
        )
        self.cursor.execute(f"""
            WITH merged AS (
                INSERT INTO {kind.table} AS t ({", ".join(names)})
                SELECT {first} {", ".join(kind.values.values())}, s.digest
                FROM import_rows s {kind.joins}
                WHERE NOT EXISTS (SELECT FROM {kind.table} t WHERE {self._same_key()} AND t.source_digest = s.digest)
                {order}
                ON CONFLICT {change}
                RETURNING t.id, t.xmax = 0 AS added  -- a row that was inserted has no deleting transaction
            )
            INSERT INTO import_touched SELECT id, added FROM merged
        """)

    # --- What is past its time --------------------------------------------------------------------

    def _remove_expired(self) -> None:
        checks = (
            [] if self.allow_expired or not self.kind.expires else list(registry.expiry_checks())
        )
        child = self.kind.child
        for check in checks:
            if child is not None:
                self._fill_new("SELECT id FROM import_children WHERE added", child)
                self._remove_children(child, list(check(child.model, "import_new")))
            self._fill_new("SELECT id FROM import_touched WHERE added")
            self._remove_records(list(check(self.kind.model, "import_new")))

    def _fill_new(self, select: str, child: Child | None = None) -> None:
        pk = _pk_type(child.model if child else self.kind.model)
        self.cursor.execute(f"""
            DROP TABLE import_new;
            CREATE TEMPORARY TABLE import_new (id {pk}) ON COMMIT DROP;
            INSERT INTO import_new {select};
            ANALYZE import_new;
        """)

    def _remove_children(self, child: Child, expired: list[Any]) -> None:
        if not expired:
            return
        if child.own_line:
            self.reject(
                f"""
                DELETE FROM import_rows s USING {child.model._meta.db_table} t, {self.kind.table} p
                WHERE t.id = ANY(%s) AND p.id = t.{child.parent} AND {child.own_line} RETURNING s.line
            """,
                PAST_RETENTION,
                [expired],
            )
        self._delete(child.model._meta.db_table, "import_children", expired)

    def _remove_records(self, expired: list[Any]) -> None:
        if not expired:
            return
        child = self.kind.child
        if (
            child is not None and child.own_line
        ):  # a record stays while a row that hangs on it stays
            self.cursor.execute(
                f"SELECT id FROM {self.kind.table} t WHERE id = ANY(%s) AND NOT EXISTS "
                f"(SELECT FROM {child.model._meta.db_table} h WHERE h.{child.parent} = t.id)",
                [expired],
            )
            expired = [pk for (pk,) in self.cursor.fetchall()]
        elif child is not None:
            self.cursor.execute(
                f"DELETE FROM {child.model._meta.db_table} WHERE {child.parent} = ANY(%s)",
                [expired],
            )
            self.cursor.execute("DELETE FROM import_children WHERE parent = ANY(%s)", [expired])
        self.reject(
            f"""
            WITH mine AS (
                SELECT s.line FROM import_rows s {self.kind.joins} JOIN {self.kind.table} t ON {self._same_key()}
                WHERE t.id = ANY(%s)
            ) DELETE FROM import_rows s USING mine WHERE s.line = mine.line RETURNING s.line
        """,
            PAST_RETENTION,
            [expired],
        )
        self._delete(self.kind.table, "import_touched", expired)

    def _delete(self, table: str, noted: str, ids: Iterable[Any]) -> None:
        self.cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [list(ids)])
        self.cursor.execute(f"DELETE FROM {noted} WHERE id = ANY(%s)", [list(ids)])

    def _resume_returned(self) -> None:
        """Whoever the file shows to have had to do with us again is no longer dormant."""
        declaration = declared(self.kind.model)
        if declaration is None or not declaration.dealings or declaration.model is Customer:
            return
        self.cursor.execute(f"""
            SELECT DISTINCT c.id FROM {self.kind.table} t JOIN import_touched USING (id)
            JOIN customers_customer c ON c.id = t.customer_id WHERE c.ended_as_dormant
        """)
        resume_returned(Q(pk__in=[pk for (pk,) in self.cursor.fetchall()]), by=self.by)

    # --- The result -------------------------------------------------------------------------------

    def _count(self) -> MergeCounts:
        records = (
            f"count(DISTINCT ({_of('s', self.kind.record_key)}))"
            if self.kind.record_key
            else "count(*)"
        )
        self.cursor.execute(f"""
            SELECT (SELECT count(*) FROM import_touched WHERE added),
                   (SELECT count(*) FROM (
                        SELECT id FROM import_touched WHERE NOT added
                        UNION SELECT h.parent FROM import_children h
                        WHERE NOT EXISTS (SELECT FROM import_touched t WHERE t.id = h.parent AND t.added)) AS changed),
                   (SELECT {records} FROM import_rows s),
                   (SELECT count(*) FROM import_children WHERE added),
                   (SELECT count(*) FROM import_children WHERE NOT added)
        """)
        added, changed, records_staged, children_added, children_changed = self.cursor.fetchone()
        return MergeCounts(
            added, changed, records_staged - added - changed, children_added, children_changed
        )


def _of(table: str, names: Iterable[str]) -> str:
    return ", ".join(f"{table}.{name}" for name in names)


def _repeats(key: Sequence[str], digest: str, only: str = "true") -> str:
    """A DELETE of the rows that repeat the key of an earlier line; it returns lines and whether
    they contradict it."""
    columns = ", ".join(key)
    same = " AND ".join(f"s.{name} = r.{name}" for name in key)
    return f"""
        DELETE FROM import_rows s
        USING (SELECT {columns}, min(line) AS first FROM import_rows GROUP BY {columns} HAVING count(*) > 1) r
        JOIN import_rows f ON f.line = r.first
        WHERE {same} AND s.line > r.first AND {only}
        RETURNING s.line, s.{digest} <> f.{digest} AS contradicts
    """


def _pk_type(model: Any) -> str:
    return "uuid" if model._meta.pk.get_internal_type() == "UUIDField" else "bigint"
