"""What messages put on the desk's first page."""

import datetime
from collections.abc import Iterator

from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from accounts.desk import Alert
from customers.outbox import desk_views
from customers.outbox.messages import UNDELIVERED
from customers.outbox.models import Message
from jobs.health import waiting_jobs_since

LETTER_LATE = datetime.timedelta(days=1)  # a letter not printed by the next day misses the post
WORKER_LATE = datetime.timedelta(minutes=15)  # a job waits so long: then the worker does not run


def needing_somebody(rows: QuerySet[Message]) -> QuerySet[Message]:
    """The messages that did not arrive, or may not have, and that it is not too late for."""
    return rows.filter(
        Q(send_before__isnull=True) | Q(send_before__gt=timezone.now()),
        state__in=UNDELIVERED,
    )


def undelivered(request: HttpRequest) -> Iterator[Alert]:
    """What needs somebody: messages that did not leave, letters to print, and a worker that does
    not run."""
    listing = reverse("admin:outbox_message_changelist")
    if request.user.has_perm("outbox.change_message"):
        if stuck := needing_somebody(Message.objects.all()).count():
            noun = "message was" if stuck == 1 else "messages were"
            yield Alert(
                f"{stuck} {noun} not sent, may not have been, or did not arrive. Send again, or "
                "settle in another way.",
                f"{listing}?state=attention",
                "danger",
            )
        yield from _letters()
    if request.user.has_perm("outbox.view_message") or request.user.has_perm(
        "accounts.add_staffuser"
    ):
        since = waiting_jobs_since()
        if since and timezone.now() - since > WORKER_LATE:
            mine = request.user.has_perm("accounts.add_staffuser")  # the operator's own business
            ask = (
                "Start it (deploy/systemd/portal-worker.service)."
                if mine
                else "Ask the operator to start it."
            )
            yield Alert(
                f"Nothing has been sent since {timezone.localtime(since):%-d %B %Y, %H:%M}: the "
                "worker does not run. "
                f"{ask}",
                listing if not mine else "",
                "danger",
            )


def _letters() -> Iterator[Alert]:
    """Letters to print; in red once one has waited for longer than `LETTER_LATE`."""
    now = timezone.now()
    waiting = desk_views.waiting(now).order_by()
    post, oldest = waiting.aggregate(post=Count("pk"), oldest=Min("queued_at")).values()
    if not post:
        return
    late = now - oldest > LETTER_LATE
    noun = "letter waits" if post == 1 else "letters wait"
    since = f" The oldest has waited for {timesince(oldest, now, depth=1)}." if late else ""
    yield Alert(
        f"{post} {noun} to be printed and posted.{since}",
        reverse("admin:outbox_message_letters"),
        "danger" if late else "warning",
    )


ALERTS = (undelivered,)
