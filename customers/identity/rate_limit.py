"""Counting how often something was asked for, under a keyed hash that goes within a day."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from customers.identity.models import RateLimitHit

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
Limit = tuple[int, timedelta]  # so many, in so long


def forget(*, now: datetime) -> None:
    """Throw away the counts that have run out."""
    RateLimitHit.objects.filter(expires_at__lte=now).delete()


def exceeded(digest: uuid.UUID, limits: Iterable[Limit], *, now: datetime) -> bool:
    """Count one request; whether that is more than any of the limits allows.

    Call it outside a transaction, so that each count is committed at once and requests sent at the
    same moment cannot slip past.
    """
    limits = list(limits)
    most_of_all, longest = max(most for most, _ in limits), max(period for _, period in limits)
    RateLimitHit.objects.create(digest=digest, at=now, expires_at=now + longest)
    recent = (
        RateLimitHit.objects.filter(digest=digest, at__gt=now - longest)
        .order_by("-at")
        .values_list("at", flat=True)
    )
    moments = list(
        recent[: most_of_all + 1]
    )  # never more work than that, however often somebody asks
    return any(sum(at > now - period for at in moments) > most for most, period in limits)
