"""The mailbox, as the trail tells of them."""

import uuid

from audit.trail import append


def mail_received(*, by: str, mail: int, road: str, size: int) -> None:
    """An email to us was stored, sealed and unread; `road` is how it came, `size` in bytes."""
    append("mail_received", by=by, mail=mail, road=road, size=size)


def mail_read(
    *,
    by: str,
    subject: uuid.UUID | None,
    mail: int,
    state: str,
    kind: str,
    reason: str,
    reference: str = "",
) -> None:
    """An email was read by the program: what it seems to be, what became of it, and why it waits
    for somebody."""
    append(
        "mail_read",
        by=by,
        subject=subject,
        mail=mail,
        state=state,
        kind=kind,
        reason=reason,
        reference=reference,
    )


def mail_viewed(*, by: str, subject: uuid.UUID | None, mail: int, original: bool) -> None:
    """A member of staff opened an email, or fetched its original with the files in it."""
    append("mail_viewed", by=by, subject=subject, mail=mail, original=original)


def mail_looked_at(*, by: str, mail: int) -> None:
    """A member of staff looked at an email that was set aside unread, and found nothing for us."""
    append("mail_looked_at", by=by, mail=mail)


def mail_dealt_with(
    *, by: str, subject: uuid.UUID | None, mail: int, outcome: str, reference: str
) -> None:
    """A member of staff dealt with an email that waited; `outcome` is a code."""
    append(
        "mail_dealt_with", by=by, subject=subject, mail=mail, outcome=outcome, reference=reference
    )
