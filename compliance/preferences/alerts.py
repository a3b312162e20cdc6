"""What marketing choices put on the desk's first page."""

import datetime
from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from accounts.desk import Alert
from compliance.preferences.desk.views import RECORDS
from compliance.preferences.models import MarketingRequest

MOST_COUNTED = 1_000  # rows: an alert that has more to count says “or more”
LATE = datetime.timedelta(
    days=2
)  # how long a request may wait before the alert turns red: a working day, and a margin


def waiting(request: HttpRequest) -> Iterator[Alert]:
    """An alert for those who match: how many requests wait, and how long the oldest has."""
    if not request.user.has_perm(RECORDS):
        return
    now = timezone.now()
    open_ones = list(
        MarketingRequest.objects.open()
        .order_by("received_at")
        .values_list("received_at", flat=True)[:MOST_COUNTED]
    )
    if open_ones:
        noun = (
            "request to stop marketing waits"
            if len(open_ones) == 1
            else "requests to stop marketing wait"
        )
        count = (
            f"{MOST_COUNTED:,} or more" if len(open_ones) == MOST_COUNTED else f"{len(open_ones):,}"
        )
        age = timesince(open_ones[0], now, depth=1)
        yield Alert(
            f"{count} {noun} to be matched to a customer; the oldest came {age} ago. What they "
            "named is stopped.",
            reverse("admin:preferences_marketingrequest_changelist"),
            level="danger" if now - open_ones[0] > LATE else "warning",
        )


ALERTS = (waiting,)
