"""What all ways in have in common: a message is stored, then let go of where it was, then read."""

import datetime
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from compliance.mailbox import handler, headers, storage
from compliance.mailbox.states import Transport
from compliance.mailbox.storage import RawMessage

QUEUED = datetime.timedelta(days=6)  # for how long a mail server tries to hand a message over


def from_pipe(arrived: RawMessage, *, by: str, now: datetime.datetime) -> int:
    """Store a message that a mail server hands over; returns its id."""
    return storage.store(
        arrived, transport=Transport.PIPE, by=by, now=now, received_at=queued_at(arrived.raw, now)
    )


def queued_at(raw: bytes, now: datetime.datetime) -> datetime.datetime:
    """When our mail server took a message, which may have waited in its queue while the database
    was away.

    Only the topmost Received line is believed, which our own server wrote last, and only for as
    long as a queue may last.
    """
    received = next(_values(raw, "received"), "")
    try:
        at = parsedate_to_datetime(received.rpartition(";")[2].strip())
    except (ValueError, TypeError, OverflowError):
        return now
    return at if at.tzinfo and now - QUEUED <= at <= now else now


def _values(raw: bytes, name: str) -> Iterator[str]:
    return iter(headers.read(headers.split(raw[:200_000])[0]).get(name, []))


def read(mail_id: int, *, by: str, now: datetime.datetime) -> None:
    """Read a stored message at once. A fault leaves it to the next run; it is safe already."""
    handler.read_stored(mail_id, by=by, now=now)
