"""The desk's page about a customer, and the records, as the trail tells of them."""

import datetime
import uuid
from collections.abc import Mapping, Sequence

from audit.trail import append, append_each


def customer_viewed(*, by: str, subject: uuid.UUID) -> None:
    """A member of staff opened the page about a customer."""
    append("customer_viewed", by=by, subject=subject)


def customer_searched(*, by: str, kind: str, matches: int) -> None:
    """A member of staff searched for a customer; `kind` says by what, never the text typed."""
    append("customer_searched", by=by, kind=kind, matches=matches)


def relationship_ended(*, by: str, subject: uuid.UUID, ended_on: datetime.date) -> None:
    """The relationship with a customer ended: the clocks that count from it start."""
    append("relationship_ended", by=by, subject=subject, ended_on=ended_on, reason="said")


def dormant_relationships_ended(*, by: str, ends: Mapping[uuid.UUID, datetime.date]) -> None:
    """Relationships of which nothing was heard for long ended, each on its day."""
    append_each(
        "relationship_ended",
        by=by,
        facts={who: {"ended_on": day, "reason": "dormant"} for who, day in ends.items()},
    )


def dormant_relationships_resumed(*, by: str, subjects: Sequence[uuid.UUID]) -> None:
    """Customers of whom nothing was heard for long had to do with us again."""
    append_each(
        "relationship_resumed", by=by, facts={who: {"reason": "returned"} for who in subjects}
    )


def relationship_resumed(*, by: str, subject: uuid.UUID, reason: str) -> None:
    """An ended relationship goes on; `reason` is a code."""
    append("relationship_resumed", by=by, subject=subject, reason=reason)


def note_added(*, by: str, subject: uuid.UUID, note: int) -> None:
    """A contact note was added to a customer."""
    append("note_added", by=by, subject=subject, note=note)


def note_looked_at(*, by: str, subject: uuid.UUID, note: int, still: bool) -> None:
    """Somebody asked whether what a note says is `still` so."""
    append("note_looked_at", by=by, subject=subject, note=note, still=still)


def keys_rotated(*, by: str, key_id: str, rows: int) -> None:
    """The sealed values and look-up hashes of so many rows were renewed under the current key."""
    append("keys_rotated", by=by, key_id=key_id, rows=rows)
