"""Messages, as the trail tells of them."""

import uuid

from audit.trail import append


def message_queued(
    *, by: str, subject: uuid.UUID | None, message: uuid.UUID, kind: str, means: str
) -> None:
    """A message to a person was stored, to be sent."""
    append("message_queued", by=by, subject=subject, message=message, kind=kind, means=means)


def message_viewed(*, by: str, subject: uuid.UUID | None, message: uuid.UUID) -> None:
    """A member of staff opened a message that was sent to somebody."""
    append("message_viewed", by=by, subject=subject, message=message)


def message_resent(*, by: str, subject: uuid.UUID | None, message: uuid.UUID, was: str) -> None:
    """A member of staff had a message sent once more; `was` is the state in which they found it."""
    append("message_resent", by=by, subject=subject, message=message, was=was)


def message_settled(*, by: str, subject: uuid.UUID | None, message: uuid.UUID, was: str) -> None:
    """A member of staff settled in another way what a message was to say; `was` is the state in
    which they found it."""
    append("message_settled", by=by, subject=subject, message=message, was=was)


def letter_posted(*, by: str, subject: uuid.UUID | None, message: uuid.UUID) -> None:
    """A member of staff printed and posted a letter."""
    append("letter_posted", by=by, subject=subject, message=message)


def message_returned(*, by: str, subject: uuid.UUID | None, message: uuid.UUID) -> None:
    """A mail server reported that a message did not arrive."""
    append("message_returned", by=by, subject=subject, message=message)


def message_sent_on(*, by: str, subject: uuid.UUID | None, message: uuid.UUID) -> None:
    """A message that was not sent yet goes to another address: the person gave up the one it had."""
    append("message_sent_on", by=by, subject=subject, message=message)


def message_given_up(*, by: str, subject: uuid.UUID | None, message: uuid.UUID) -> None:
    """A message will not be sent, since the person gave up the address that it was to go to."""
    append("message_given_up", by=by, subject=subject, message=message)
