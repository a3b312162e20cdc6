"""Proof that a visitor is a customer, as the trail tells of them."""

import uuid

from audit.trail import append


def code_asked(*, by: str, subject: uuid.UUID | None, attempt: uuid.UUID, means: str) -> None:
    """A visitor asked for a one-time code; without a subject nobody was found, or too many were
    asked for."""
    append("code_asked", by=by, subject=subject, attempt=attempt, means=means)


def proved(*, by: str, subject: uuid.UUID, session: uuid.UUID, means: str) -> None:
    """A visitor gave the right code, and a short session began."""
    append("proved", by=by, subject=subject, session=session, means=means)


def session_ended(*, by: str, subject: uuid.UUID, session: uuid.UUID) -> None:
    """A visitor ended the session."""
    append("session_ended", by=by, subject=subject, session=session)
