"""Every event that the trail knows: one function each, called inside the transaction of the change it tells of.

`by` names who did it: `staff:ID`, `job:NAME` or `customer:ID`, never nobody. Facts are ids, codes, counts, dates and
field names; a personal value has no parameter to go through.
"""

import datetime
import json
import uuid
from collections.abc import Mapping, Sequence

from django.db import connection
from psycopg2.extras import Json


def job(name: str) -> str:
    """The actor of a command or a background job."""
    return f"job:{name}"


def _record(event: str, *, by: str, subject: uuid.UUID | None = None, **facts: object) -> None:
    """Append one entry. The database gives it its number, time and digest (see migration 0001)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (actor, event, subject, facts) VALUES (%s, %s, %s, %s)",
            [by, event, subject, Json(facts, dumps=lambda value: json.dumps(value, default=_plain))],
        )


def _plain(value: object) -> str:
    """Dates, moments and ids, also inside lists and mappings, as text."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"a fact of the audit trail cannot be a {type(value).__name__}")


def customer_viewed(*, by: str, subject: uuid.UUID) -> None:
    """A member of staff opened a customer's page."""
    _record("customer_viewed", by=by, subject=subject)


def customer_searched(*, by: str, kind: str, matches: int) -> None:
    """A member of staff searched for a customer; `kind` says by what, never the text typed."""
    _record("customer_searched", by=by, kind=kind, matches=matches)


def relationship_ended(*, by: str, subject: uuid.UUID, ended_on: datetime.date) -> None:
    """The relationship with a customer ended: the clocks that count from it start."""
    _record("relationship_ended", by=by, subject=subject, ended_on=ended_on)


def relationship_resumed(*, by: str, subject: uuid.UUID, reason: str) -> None:
    """An ended relationship goes on; `reason` is a code."""
    _record("relationship_resumed", by=by, subject=subject, reason=reason)


def note_added(*, by: str, subject: uuid.UUID, note: int) -> None:
    """A contact note was added to a customer."""
    _record("note_added", by=by, subject=subject, note=note)


def draw_changed(*, by: str, draw: int, change: str, fields: Sequence[str]) -> None:
    """A prize draw was added or changed: its closing date is the clock of its entries."""
    _record("draw_changed", by=by, draw=draw, change=change, fields=list(fields))


def file_imported(*, by: str, kind: str, digest: str, lines: int, added: int, changed: int, rejected: int) -> None:
    """An import file went in; `digest` is the SHA-256 of its bytes."""
    _record("file_imported", by=by, kind=kind, digest=digest, lines=lines, added=added, changed=changed,
            rejected=rejected)


def hold_placed(*, by: str, subject: uuid.UUID, hold: int, review_on: datetime.date) -> None:
    """A legal hold was placed: nothing about the person is due until it is released.

    Its kind is not said: whoever reads the trail may not know of a fraud investigation.
    """
    _record("hold_placed", by=by, subject=subject, hold=hold, review_on=review_on)


def hold_released(*, by: str, subject: uuid.UUID, hold: int) -> None:
    """A legal hold was released."""
    _record("hold_released", by=by, subject=subject, hold=hold)


def purge_started(*, by: str, run: int, as_of: datetime.date, category: str) -> None:
    """A purge began; an empty `category` means every one."""
    _record("purge_started", by=by, run=run, as_of=as_of, category=category)


def purge_finished(
    *, by: str, run: int, outcome: str, erased: int, rules: Sequence[Mapping[str, object]]
) -> None:
    """A purge ended, with its figures per rule."""
    _record("purge_finished", by=by, run=run, outcome=outcome, erased=erased, rules=list(rules))


def register_loaded(*, by: str, added: Mapping[str, int]) -> None:
    """The shipped register was loaded; `added` counts the rows per table that were missing."""
    _record("register_loaded", by=by, added=dict(added))


def register_changed(*, by: str, table: str, row: str, change: str, fields: Sequence[str]) -> None:
    """A register row was added, changed or retired; the register's own history holds before, after and why."""
    _record("register_changed", by=by, table=table, row=row, change=change, fields=list(fields))


def notice_published(*, by: str, version: int, digest: str) -> None:
    """A version of the privacy notice was frozen and shown to the public."""
    _record("notice_published", by=by, version=version, digest=digest)


def staff_changed(*, by: str, staff: int, change: str, fields: Sequence[str]) -> None:
    """A staff account was added or changed."""
    _record("staff_changed", by=by, staff=staff, change=change, fields=list(fields))


def staff_signed_in(*, by: str) -> None:
    """A member of staff gave the right password."""
    _record("staff_signed_in", by=by)


def staff_sign_in_refused(*, by: str, staff: int | None, waits: bool) -> None:
    """A wrong password for a staff account, or (None) for a staff ID that does not exist, which is not kept.

    `waits` says that this was one too many: further attempts for that staff ID are not looked at for a while.
    """
    _record("staff_sign_in_refused", by=by, staff=staff, waits=waits)


def keys_rotated(*, by: str, key_id: str, rows: int) -> None:
    """The sealed values and look-up hashes of so many rows were renewed under the current key."""
    _record("keys_rotated", by=by, key_id=key_id, rows=rows)
