"""Opening the visit that a right code leads to."""

import secrets
from datetime import datetime
from typing import Any

from customers.identity import limits
from customers.identity.models import Challenge
from customers.identity.subjects import Subject, V
from privacy import seal


def open_visit(
    subject: Subject[Any, V], challenge: Challenge, *, replaces: str, browser: str, now: datetime
) -> tuple[str, V]:
    """Begin a visit under a new token, in the caller's transaction; the one that this browser had
    before (its cookie is `replaces`) is over. Returns the token and the visit."""
    subject.visits.objects.named_by(replaces).end(now)
    token = secrets.token_urlsafe(32)
    visit = subject.visits.objects.create(
        token_digest=seal.lookup_hash("visitor_token", token),
        browser_digest=seal.lookup_hash("visitor_browser", browser),
        proved_at=now,
        last_seen_at=now,
        expires_at=now + limits.VISIT_LONGEST,
        **{challenge.OF: challenge.of, challenge.SENT_TO: challenge.sent_to},
    )
    subject.record_opened(visit)
    return token, visit
