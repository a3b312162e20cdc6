"""Checking the chain of the audit trail: one query that finds every changed, removed or inserted row."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

FAULTS = """
WITH walked AS (
    SELECT e.number, e.digest, audit_digest(e) AS computed, e.previous,
           lag(e.number) OVER chain AS number_before, lag(e.digest) OVER chain AS digest_before
    FROM audit_entry e WINDOW chain AS (ORDER BY e.number)
), judged AS (
    SELECT w.*, coalesce(w.number_before, h.removed_number) AS expected_after,
           coalesce(w.digest_before, h.removed_digest) AS expected_link
    FROM walked w CROSS JOIN audit_chainhead h
)
SELECT number, 'changed' AS fault, NULL::bigint AS since FROM judged WHERE digest <> computed
UNION ALL
SELECT number, CASE WHEN number > expected_after + 1 THEN 'missing before' ELSE 'inserted' END, expected_after
    FROM judged WHERE number <> expected_after + 1
UNION ALL
SELECT number, 'unlinked', NULL FROM judged
    WHERE number = expected_after + 1 AND previous <> expected_link AND digest = computed
UNION ALL
SELECT greatest(h.number, t.number), CASE WHEN h.number > coalesce(t.number, h.removed_number) THEN 'missing end' ELSE 'inserted' END, coalesce(t.number, h.removed_number)
    FROM audit_chainhead h
    LEFT JOIN LATERAL (SELECT number, digest FROM audit_entry ORDER BY number DESC LIMIT 1) t ON true
    WHERE h.number <> coalesce(t.number, h.removed_number) OR h.digest <> coalesce(t.digest, h.removed_digest)
ORDER BY 1
"""


@dataclass(frozen=True)
class Fault:
    """One fault: the number of the row it shows at, and a sentence that says what is wrong."""

    number: int
    sentence: str


def faults(limit: int = 100) -> Iterator[Fault]:
    """Each fault of the chain, oldest first, at most `limit`. None means that the trail is whole."""
    with connection.cursor() as cursor:
        cursor.execute(f"{FAULTS} LIMIT %s", [limit])
        for number, kind, since in cursor.fetchall():
            yield Fault(number, _sentence(number, kind, since))


def _sentence(number: int, kind: str, since: int | None) -> str:
    if kind == "changed":
        return f"Row {number} was changed after it was written: its digest does not fit its contents."
    if kind == "missing before":
        first, last = (since or 0) + 1, number - 1
        which = f"Row {first} was" if first == last else f"Rows {first} to {last} were"
        return f"{which} removed: row {number} follows row {since}."
    if kind == "missing end":
        return f"The last rows up to {number} were removed: the trail ends at row {since or 0}."
    if kind == "unlinked":
        return f"Row {number} does not link to the row before it: it or its predecessor was rewritten."
    return f"Row {number} was inserted: it is not where the chain put it."


def length() -> int:
    """How many rows the trail holds now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry")
        return int(cursor.fetchone()[0])
