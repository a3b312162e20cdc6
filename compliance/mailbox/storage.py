"""Storing an email sealed before anything else is looked at: from here on it cannot be lost."""

import datetime
import io
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from audit import events
from compliance.mailbox.message_id import identify
from compliance.mailbox.models import InboundMail
from compliance.mailbox.states import Transport
from compliance.mailbox.truncate import truncate
from privacy import seal

PIECE = 1_000_000  # bytes read at once


@dataclass(frozen=True)
class RawMessage:
    """A message as it came in: its bytes, how many there had been, and whether its attachments were
    too large to keep."""

    raw: bytes
    size: int
    cut: bool

    def __repr__(self) -> str:
        return f"Arrived({self.size})"


class CountedStream(io.RawIOBase):
    """A stream that begins with what was read of it already, and counts its bytes."""

    def __init__(self, before: list[bytes], stream: BinaryIO) -> None:
        self.before, self.stream, self.size = before, stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]  # any buffer
        piece = self.before.pop(0) if self.before else self.stream.read(len(buffer))
        if len(piece) > len(buffer):
            self.before.insert(0, piece[len(buffer) :])
            piece = piece[: len(buffer)]
        buffer[: len(piece)] = piece
        self.size += len(piece)
        return len(piece)


def read_stream(stream: BinaryIO) -> RawMessage:
    """Read a message of any size. One that is larger than MAIL_LARGEST keeps its headers and texts,
    not its attachments."""
    pieces, size = [], 0
    while size <= settings.MAIL_LARGEST and (piece := stream.read(PIECE)):
        pieces.append(piece)
        size += len(piece)
    if size <= settings.MAIL_LARGEST:
        return RawMessage(b"".join(pieces), size, cut=False)
    counted = CountedStream(pieces, stream)
    raw = truncate(
        io.BufferedReader(counted, PIECE),
        text=min(2_000_000, settings.MAIL_LARGEST),
        whole=min(8_000_000, settings.MAIL_LARGEST),
    )
    return RawMessage(raw, counted.size, cut=True)


def store(
    arrived: RawMessage,
    *,
    transport: Transport,
    by: str,
    now: datetime.datetime,
    received_at: datetime.datetime | None = None,
) -> int:
    """Store a message and commit; returns its id. The same message again, however it comes, is the
    one stored before.

    `received_at` is when it reached us (`now` unless given, and never later). OperationalError when
    the database is away: the message is then to be kept where it is.
    """
    identity = identify(arrived.raw)
    same = InboundMail.objects.filter(
        lookup__in=seal.lookup_hashes("inbound_mail", identity)
    ).values_list("pk", flat=True)
    if known := same.first():
        return known
    try:
        with transaction.atomic(durable=True):
            mail = InboundMail.objects.create(
                identity=identity,
                raw=arrived.raw.decode("latin-1"),
                size=arrived.size,
                cut=arrived.cut,
                transport=transport,
                received_at=min(received_at or now, now),
            )
            events.mail_received(by=by, mail=mail.pk, road=transport, size=arrived.size)
    except IntegrityError:  # another process stored it at the same moment
        return same.get()
    return mail.pk


@transaction.atomic(durable=True)
def count_attempt(mail_id: int) -> int:
    """Note, before a message is read, that it will be: how often this has happened. 0 when it was
    read already."""
    if not InboundMail.objects.unread().filter(pk=mail_id).update(attempts=F("attempts") + 1):
        return 0
    return InboundMail.objects.values_list("attempts", flat=True).get(pk=mail_id)
