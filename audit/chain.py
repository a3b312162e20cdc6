"""Checking the chain of the audit trail: one query that finds every changed, removed or inserted
row."""

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
), ends AS (
    SELECT h.number AS head, coalesce(t.number, h.removed_number) AS tail,
           h.digest <> coalesce(t.digest, h.removed_digest) AS differs
    FROM audit_chainhead h
    LEFT JOIN LATERAL (SELECT number, digest FROM audit_entry ORDER BY number DESC LIMIT 1) t ON true
)
SELECT number, 'changed' AS fault, NULL::bigint AS since FROM judged WHERE digest <> computed
UNION ALL
SELECT number, CASE WHEN number > expected_after + 1 THEN 'missing before' ELSE 'inserted' END, expected_after
    FROM judged WHERE number <> expected_after + 1
UNION ALL
SELECT number, 'unlinked', NULL FROM judged
    WHERE number = expected_after + 1 AND previous <> expected_link AND digest = computed
UNION ALL
SELECT greatest(head, tail),
       CASE WHEN head > tail THEN 'missing end' WHEN head < tail THEN 'inserted end' ELSE 'rewritten end' END,
       least(head, tail) FROM ends WHERE head <> tail OR differs
UNION ALL
SELECT 0, 'no head', count(*) FROM audit_chainhead HAVING count(*) <> 1
ORDER BY 1
"""


@dataclass(frozen=True)
class Fault:
    """One fault: the number of the row it shows at, and a sentence that says what is wrong."""

    number: int
    sentence: str


def faults(limit: int = 100) -> Iterator[Fault]:
    """Each fault of the chain, oldest first, at most `limit`. None means that the trail is
    whole."""
    with connection.cursor() as cursor:
        cursor.execute(f"{FAULTS} LIMIT %s", [limit])
        for number, kind, since in cursor.fetchall():
            yield Fault(number, _sentence(number, kind, since))


def _sentence(number: int, kind: str, since: int | None) -> str:
    if kind == "missing before":
        return f"{_rows((since or 0) + 1, number - 1)} removed: row {number} follows row {since}."
    if kind == "missing end":
        return (
            f"{_rows((since or 0) + 1, number)} removed from the end: the trail ends at row "
            f"{since}."
        )
    if kind == "inserted end":
        return f"{_rows((since or 0) + 1, number)} inserted: the chain ends at row {since}."
    return {
        "changed": f"Row {number} was changed after it was written: its digest does not fit its "
        "contents.",
        "unlinked": f"Row {number} does not link to the row before it: it or its predecessor was "
        "rewritten.",
        "rewritten end": f"Row {number}, the last one, was rewritten: the head of the chain "
        "remembers another.",
        "no head": f"The head of the chain has {since} rows instead of one: the trail cannot be "
        "told to be whole.",
    }.get(kind, f"Row {number} was inserted: it is not where the chain put it.")


def _rows(first: int, last: int) -> str:
    return f"Row {first} was" if first == last else f"Rows {first} to {last} were"


def length() -> int:
    """How many rows the trail holds now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry")
        return int(cursor.fetchone()[0])


def expired() -> int:
    """How many rows were removed from the old end because they had expired; the chain starts after
    them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(removed_number), 0) FROM audit_chainhead")
        return int(cursor.fetchone()[0])
