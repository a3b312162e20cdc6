"""The suppression list's one way in.

Whoever writes here while others do takes locks in one order, so that two never wait for each other:
the customer, the note to catch up (`customer_contacts.note_changed`), and last the list, by one statement in a
transaction that goes through it in its own order.
"""

import datetime
import uuid
from collections.abc import Collection, Iterable, Iterator

from django.db import connection

from compliance.preferences import contact_digests as contacts
from compliance.preferences import contact_forms
from compliance.preferences.contact_digests import Contact
from compliance.preferences.vocabulary import ChoiceSource
from privacy import keys

INTO = """INSERT INTO preferences_suppression AS known
    (digest, channel, sender, kind, feed_digest, source, at, key_id, feed_key_id, form) """
GIVEN = """SELECT given.* FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::text[],
    %s::timestamptz[], %s::text[], %s::text[], %s::smallint[])
    AS given (digest, channel, sender, kind, feed, source, at, key, feed_key, form)"""
LATEST_COUNTS = """
    ON CONFLICT (digest, channel, sender) DO UPDATE SET at = GREATEST(known.at, excluded.at),
        source = CASE WHEN known.at < excluded.at THEN excluded.source ELSE known.source END,
        feed_key_id = CASE WHEN known.feed_digest IS NULL THEN excluded.feed_key_id ELSE known.feed_key_id END,
        feed_digest = COALESCE(known.feed_digest, excluded.feed_digest)
    WHERE known.at < excluded.at OR (known.feed_digest IS NULL AND excluded.feed_digest IS NOT NULL)"""


def add_contacts(
    entries: Iterable[tuple[Contact, str, str]],
    *,
    source: ChoiceSource | str,
    at: datetime.datetime,
) -> None:
    """Put contact points on the suppression list as (contact, channel, sender)."""
    add_entries((*entry, source, at) for entry in entries)


def add_entries(
    entries: Iterable[tuple[Contact, str, str, ChoiceSource | str, datetime.datetime]],
) -> None:
    """Put contact points on the suppression list as (contact, channel, sender, source, at), by one
    statement.

    Whatever comes when, an entry ends with the time of the latest objection.
    """
    _write(_rows(entries))


def stage(
    entries: Iterable[tuple[Contact, str, str, ChoiceSource | str, datetime.datetime]],
) -> None:
    """Keep entries, as for `enter`, until `enter_gathered` in the same transaction: for more than
    memory should hold."""
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE TEMPORARY TABLE IF NOT EXISTS stops_gathered (digest uuid, channel text, sender text, kind text,
                feed bytea, source text, at timestamptz, key text, feed_key text, form smallint) ON COMMIT DROP""")
        if columns := _columns(_rows(entries)):
            cursor.execute(f"INSERT INTO stops_gathered {GIVEN}", columns)


def add_staged() -> None:
    """Put what was gathered on the suppression list, by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"""{INTO} SELECT DISTINCT ON (digest, channel, sender) * FROM stops_gathered
            ORDER BY digest, channel, sender, at DESC {LATEST_COUNTS}""")  # noqa: S608
        cursor.execute("DROP TABLE stops_gathered")


def _rows(
    entries: Iterable[tuple[Contact, str, str, ChoiceSource | str, datetime.datetime]],
) -> Iterator[tuple[object, ...]]:
    rows: dict[tuple[uuid.UUID, str, str], tuple[str, bytes | None, str, datetime.datetime]] = {}
    known: dict[Contact, tuple[uuid.UUID, bytes | None]] = {}
    for one, channel, sender, source, at in entries:
        if one not in known:
            known[one] = contacts.digest(one), contacts.feed_digest(one)
        digest, feed = known[one]
        key = digest, channel, sender
        if key not in rows or rows[key][-1] < at:
            rows[key] = one.kind, feed, str(source), at
    feed_key, key_id = keys.ring("FEED_KEYS").current, contacts.current_key()
    return (
        (
            *key,
            *value,
            key_id,
            "" if value[1] is None else feed_key,
            contact_forms.current(value[0]),
        )
        for key, value in rows.items()
    )


def add_digest(
    digest: uuid.UUID,
    kind: str,
    *,
    key_id: str,
    form: int,
    channels: Collection[str],
    senders: Collection[str],
    source: ChoiceSource | str,
    at: datetime.datetime,
) -> None:
    """Put on the list a contact point of which only the digest is known, made under one suppression
    key from one version of its form: it has no feed digest."""
    _write(
        (digest, channel, sender, kind, None, str(source), at, key_id, "", form)
        for channel in dict.fromkeys(channels)
        for sender in dict.fromkeys(senders)
    )


def _columns(rows: Iterable[tuple[object, ...]]) -> list[list[object]]:
    return list(map(list, zip(*rows, strict=True)))


def _write(rows: Iterable[tuple[object, ...]]) -> None:
    """Rows of (digest, channel, sender, kind, feed digest, source, at, key, feed key, form), no key
    of an entry twice."""
    if not (columns := _columns(rows)):
        return
    with connection.cursor() as cursor:
        cursor.execute(f"{INTO} {GIVEN} ORDER BY digest, channel, sender {LATEST_COUNTS}", columns)
