"""Writing the trail: one entry of an event. Only the functions of `audit.events` call it."""

import datetime
import json
import uuid

from django.db import connection
from psycopg2.extras import Json


def job(name: str) -> str:
    """The actor of a command or a background job."""
    return f"job:{name}"


def append(event: str, *, by: str, subject: uuid.UUID | None = None, **facts: object) -> None:
    """Append one entry. The database gives it its number, time and digest (see migration 0001)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (actor, event, subject, facts) VALUES (%s, %s, %s, %s)",
            [
                by,
                event,
                subject,
                Json(facts, dumps=lambda value: json.dumps(value, default=_plain)),
            ],
        )


def _plain(value: object) -> str:
    """Dates, moments and ids, also inside lists and mappings, as text."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"a fact of the audit trail cannot be a {type(value).__name__}")
