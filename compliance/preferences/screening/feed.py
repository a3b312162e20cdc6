"""What a partner compares its own list with, so that it can leave people out without learning who
they are."""

import contextlib
import datetime
import os
from pathlib import Path

from django.db import connection, transaction

from audit import events
from compliance.preferences import actions, customer_contacts
from compliance.preferences.channels import CHANNELS
from compliance.preferences.contact_digests import feed_digest
from compliance.preferences.vocabulary import US, covering
from customers.importing.reader import InputError
from privacy import keys

NAME = "feed.csv"
# Whoever agreed again, with proof, to this very partner after the objection is left out; whoever is
# blocked for now is in it.
ENTRIES = """
    SELECT encode(s.feed_digest, 'hex') AS digest, min(s.feed_key_id) AS key
    FROM preferences_suppression s
    WHERE s.channel = %(channel)s AND s.sender = ANY(%(senders)s) AND s.feed_digest IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM preferences_marketingpermission f
        WHERE f.digest = s.digest AND f.channel = s.channel AND f.sender = %(sender)s
        AND f.consented_at > s.at AND (f.expires_at IS NULL OR f.expires_at > %(now)s))
    AND s.feed_digest <> ALL(%(blocked)s::bytea[])
    GROUP BY s.feed_digest
    UNION ALL SELECT encode(digest, 'hex'), %(key)s FROM unnest(%(blocked)s::bytea[]) AS blocked (digest)
    ORDER BY 1"""


def write(folder: Path, *, channel: str, sender: str, by: str, now: datetime.datetime) -> int:
    """Write `feed.csv` (digest in hex, key) for one partner and one channel; returns the number of
    digests.

    Email and post only: there are too few telephone numbers for a digest to hide one, so those
    lists are screened here. InputError when the partner is none, the channel has no feed, or the
    file cannot be written.
    """
    if channel not in CHANNELS or not CHANNELS[channel].has_feed:
        raise InputError(
            "There is no feed of telephone numbers. Let the partner send its list, and screen it "
            "here."
        )
    if sender == US or not actions.partner_exists(sender, now):
        raise InputError(f"A feed is for a marketing partner of the register; {sender!r} is none.")
    customer_contacts.suppress_pending(now=now)
    target, part = folder / NAME, folder / f".{NAME}.{os.getpid()}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.ExitStack() as opened, transaction.atomic(), connection.cursor() as cursor:
            opened.callback(part.unlink, missing_ok=True)
            file = opened.enter_context(
                os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb")
            )
            sql = cursor.mogrify(
                f"COPY ({ENTRIES}) TO STDOUT WITH (FORMAT csv, HEADER)",
                {
                    "channel": str(channel),
                    "senders": list(covering(sender)),
                    "sender": sender,
                    "now": now,
                    "blocked": _stopped(channel, sender, now),
                    "key": keys.ring("FEED_KEYS").current,
                },
            ).decode()
            with connection.wrap_database_errors:
                cursor.copy_expert(sql, file)
            count = max(int(cursor.rowcount), 0)
            file.flush()
            events.feed_written(by=by, partner=sender, channel=channel, digests=count)
            part.replace(target)
    except OSError as error:
        raise InputError(f"The feed cannot be written to {folder}: {error.strerror}.") from None
    return count


def _stopped(channel: str, sender: str, now: datetime.datetime) -> list[bytes]:
    """The digests under the feed key of the people whose data the gate stops for this use."""
    kind = CHANNELS[channel].kind
    return sorted(
        {
            made
            for one in customer_contacts.stopped_contacts(kind, sender, now)
            if (made := feed_digest(one))
        }
    )
