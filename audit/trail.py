"""Writing the trail: one entry of an event. Only the functions of `audit.events` call it."""

import datetime
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg2.extras import Json


def job(name: str) -> str:
    """The actor of a command or a background job."""
    return f"job:{name}"


def append(event: str, *, by: str, subject: uuid.UUID | None = None, **facts: object) -> None:
    """Append one entry. The database gives it its number, time and digest as the transaction ends
    (see migration 0001)."""
    _write(
        "INSERT INTO audit_newentry (actor, event, subject, facts) VALUES (%s, %s, %s, %s)",
        [by, event, subject, Json(facts, dumps=lambda value: json.dumps(value, default=_plain))],
    )


def append_each(event: str, *, by: str, facts: Mapping[uuid.UUID, Mapping[str, object]]) -> None:
    """Append one entry for each of several subjects, in one statement."""
    _write(
        "INSERT INTO audit_newentry (actor, event, subject, facts) SELECT %s, %s, s, f "
        "FROM unnest(%s::uuid[], %s::jsonb[]) AS each (s, f)",
        [
            by,
            event,
            [str(subject) for subject in facts],
            [json.dumps(said, default=_plain) for said in facts.values()],
        ],
    )


def append_all(
    entries: Sequence[tuple[str, Mapping[str, object]]], *, by: str, subject: uuid.UUID
) -> None:
    """Append entries of several events about one subject, in one statement."""
    _write(
        "INSERT INTO audit_newentry (actor, event, subject, facts) SELECT %s, e, %s, f "
        "FROM unnest(%s::text[], %s::jsonb[]) AS each (e, f)",
        [
            by,
            str(subject),
            [event for event, _ in entries],
            [json.dumps(said, default=_plain) for _, said in entries],
        ],
    )


def _write(sql: str, params: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _plain(value: object) -> str:
    """Dates, moments and ids, also inside lists and mappings, as text."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"a fact of the audit trail cannot be a {type(value).__name__}")
