"""Marketing choices, the suppression list and partners, as the trail tells of them."""

import datetime
import uuid
from collections.abc import Sequence

from audit.trail import append


def marketing_stopped(
    *,
    by: str,
    subject: uuid.UUID | None,
    kind: str,
    source: str,
    reference: str,
    channels: Sequence[str],
    senders: Sequence[str],
    contacts: int,
) -> None:
    """An objection to marketing, or the withdrawal of a consent, took effect; no subject when
    nobody was matched."""
    append(
        "marketing_stopped",
        by=by,
        subject=subject,
        kind=kind,
        source=source,
        reference=reference,
        channels=list(channels),
        senders=list(senders),
        contacts=contacts,
    )


def marketing_allowed(
    *,
    by: str,
    subject: uuid.UUID,
    kind: str,
    source: str,
    reference: str,
    sender: str,
    channels: Sequence[str],
    missing: Sequence[str],
) -> None:
    """A consent or soft opt-in was written down; it counts unless something of its evidence is
    `missing`."""
    append(
        "marketing_allowed",
        by=by,
        subject=subject,
        kind=kind,
        source=source,
        reference=reference,
        sender=sender,
        channels=list(channels),
        missing=list(missing),
    )


def marketing_request_viewed(
    *, by: str, subject: uuid.UUID | None, request: int, proposals: int
) -> None:
    """A member of staff opened a request about marketing, and was shown so many customers whom it
    could be from."""
    append("marketing_request_viewed", by=by, subject=subject, request=request, proposals=proposals)


def marketing_request_closed(
    *, by: str, subject: uuid.UUID | None, request: int, state: str
) -> None:
    """A member of staff matched a request about marketing to a customer, or to nobody."""
    append("marketing_request_closed", by=by, subject=subject, request=request, state=state)


def suppression_asked(*, by: str, kind: str, entries: int) -> None:
    """A member of staff asked whether an address or number is on the suppression list; never
    which."""
    append("suppression_asked", by=by, kind=kind, entries=entries)


def list_screened(
    *,
    by: str,
    screening: int,
    channel: str,
    sender: str,
    campaign: str,
    allowed: int,
    suppressed: int,
    unreadable: int,
) -> None:
    """A list was screened before a campaign."""
    append(
        "list_screened",
        by=by,
        screening=screening,
        channel=channel,
        sender=sender,
        campaign=campaign,
        allowed=allowed,
        suppressed=suppressed,
        unreadable=unreadable,
    )


def feed_written(*, by: str, partner: str, channel: str, digests: int) -> None:
    """A file of digests was made with which a partner can leave out those who objected."""
    append("feed_written", by=by, partner=partner, channel=channel, digests=digests)


def feed_key_shown(*, by: str, partner: str, keys: list[str]) -> None:
    """The keys of the feed were printed to be handed to a partner; `keys` are their ids."""
    append("feed_key_shown", by=by, partner=partner, keys=keys)


def preference_list_loaded(
    *, by: str, service: str, dated_on: datetime.date, digest: str, lines: int
) -> None:
    """A preference service's list was loaded; `digest` is the SHA-256 of the file."""
    append(
        "preference_list_loaded",
        by=by,
        service=service,
        dated_on=dated_on,
        digest=digest,
        lines=lines,
    )
