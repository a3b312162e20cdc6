"""What mail servers report of the emails that we send: that one did not arrive, or that its reader
called it spam.

A report is tied to the very message by its number (Message-ID), which nobody can guess. Which reports
tell of a failure, the package flufl.bounce knows; reports of unwanted email are those of RFC 5965.
"""

import email
import io
import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from email import policy
from email.message import Message as Parsed

from flufl.bounce import all_failures

from compliance.mailbox import headers
from compliance.mailbox.automated import UNDELIVERED, Sign, from_us
from compliance.mailbox.parser import SMALL
from compliance.mailbox.truncate import truncate
from customers.outbox.models import Message

OUR_NUMBER = re.compile(rb"<([0-9a-f]{32})@([\w.-]{1,200})>", re.IGNORECASE)
MOST_NUMBERS = 20
COMPLAINT = "message/feedback-report"
TO_WHOM = ("original-rcpt-to", "removal-recipient")  # RFC 5965, RFC 6591


@dataclass(frozen=True)
class Report:
    """What a report says: the message of ours that it is about, whether that did not arrive, and who
    called it spam. Empty when it is none of ours."""

    message: Message | None = None
    failed: bool = False
    complainants: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"Report({self.message}, failed={self.failed})"


def read(raw: bytes, subject: str, signs: Collection[Sign], ours: str) -> Report:
    """Read a raw message as a report, where its signs or its subject call it one; `ours` is our own
    address. One query where it names a message of ours. Raises for nothing that a message may hold."""
    if not {Sign.REPORT, Sign.PROGRAM} & set(signs) and not UNDELIVERED.match(subject):
        return Report()
    if len(raw) > SMALL:
        raw = truncate(io.BytesIO(raw), text=SMALL, whole=SMALL)
    try:
        parsed = email.message_from_bytes(raw, policy=policy.compat32)
        complainants = _complainants(parsed, ours)
        failed = bool(all_failures(parsed)[1])
    except Exception:  # whatever a hostile report does to the parsers, it is then an email
        return Report()
    if complainants:
        return Report(complainants=complainants)
    return Report(message=_named(raw, ours), failed=failed)


def _named(raw: bytes, ours: str) -> Message | None:
    """The email of ours whose number a report holds."""
    domain = ours.rpartition("@")[2].lower().encode()
    found = [
        uuid.UUID(hex=one[1].decode())
        for one, _ in zip(OUR_NUMBER.finditer(raw), range(MOST_NUMBERS), strict=False)
        if one[2].lower() == domain
    ]
    return (
        Message.objects.filter(pk__in=found, means=Message.Means.EMAIL).first() if found else None
    )


def _complainants(parsed: Parsed, ours: str) -> list[str]:
    """Who told their provider that an email of ours was unwanted: as the report says, or else whom
    that email had been to."""
    if parsed.get_content_type() != "multipart/report":
        return []
    parts = list(parsed.walk())
    report = next((one for one in parts if one.get_content_type() == COMPLAINT), None)
    if report is None:
        return []
    fields = [one for one in report.walk() if one is not report]
    given = [str(one.get(name, "")) for one in fields for name in TO_WHOM]
    people = headers.people([one for one in given if one])
    if not people:
        about = [
            one for one in parts if one.get("from") and one is not parsed and one not in fields
        ]
        people = headers.people([str(one.get("to", "")) for one in about])
    return [address for _, address in people if not from_us(address, ours)]
