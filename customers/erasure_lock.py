"""The lock between what erases and what saves from erasure.

The purge holds it shared while each of its short transactions decides and erases. Anything
that makes records no longer due (a hold, a customer who returns) takes it alone, so it waits for
the batch under way, and every later batch sees it. Held until the transaction ends; a PostgreSQL
advisory lock, so nothing is written.
"""

from django.db import connection

from privacy.append_only import ERASING

KEY = 0x7075726765  # "purge"


def exclusive() -> None:
    """Take the lock alone: call it first in a transaction that makes records no longer due."""
    _lock("pg_advisory_xact_lock")


def shared() -> None:
    """Take the lock together with other erasers: call it first in a transaction that erases.

    For this transaction the append-only tables let rows go.
    """
    _lock("pg_advisory_xact_lock_shared")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, 'on', true)", [ERASING])


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [KEY])
