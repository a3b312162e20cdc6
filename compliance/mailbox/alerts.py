"""What the mailbox puts on the desk's first page."""

import datetime
from collections.abc import Iterator

from django.db.models import Count, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from accounts.desk import Alert
from compliance.mailbox import set_aside
from compliance.mailbox.desk import CHANGE
from compliance.mailbox.models import InboundMail
from compliance.mailbox.states import may_have_deadline

MOST_COUNTED = 1_000  # rows: an alert that has more to count says “or more”
LATE = datetime.timedelta(days=2)  # how long an email may wait before the alert turns red
UNREAD = datetime.timedelta(
    minutes=30
)  # stored and not read so long: then the command does not run


def waiting(request: HttpRequest) -> Iterator[Alert]:
    """Alerts: how many emails wait and since when, which of them may have a deadline, and what lies
    unread. Three queries."""
    now, url = timezone.now(), reverse("admin:mailbox_inboundmail_changelist")
    if request.user.has_perm(CHANGE):
        yield from _unanswered(now, url)
        yield from _set_aside(now)
    operator = request.user.has_perm("accounts.add_staffuser")
    if not (operator or request.user.has_perm(CHANGE)):
        return
    unread = InboundMail.objects.unread().filter(received_at__lt=now - UNREAD).count()
    if unread:
        noun = (
            "1 email is stored and was not read."
            if unread == 1
            else f"{unread:,} emails are stored and were not read."
        )
        ask = (
            "Run receive_mail --pending."
            if operator
            else "Ask the operator to run receive_mail --pending."
        )
        yield Alert(f"{noun} {ask}", "" if operator else f"{url}?state=received", level="danger")


def _set_aside(now: datetime.datetime) -> Iterator[Alert]:
    found = set_aside.unseen(now).aggregate(count=Count("pk"), oldest=Min("received_at"))
    if not found["count"]:
        return
    noun = "email was" if found["count"] == 1 else "emails were"
    yield Alert(
        f"{found['count']:,} {noun} set aside unread; the oldest came "
        f"{timesince(found['oldest'], now, depth=1)} ago. Look whether a customer’s is among them.",
        reverse("admin:mailbox_set_aside"),
        level="danger" if now - found["oldest"] > LATE else "warning",
    )


def _unanswered(now: datetime.datetime, url: str) -> Iterator[Alert]:
    found = list(
        InboundMail.objects.waiting()
        .order_by("received_at", "pk")
        .values_list("received_at", "kind", "reason")[:MOST_COUNTED]
    )
    if not found:
        return
    oldest = found[0][0]
    rights = [at for at, kind, reason in found if may_have_deadline(kind, reason)]
    count = f"{MOST_COUNTED:,} or more" if len(found) == MOST_COUNTED else f"{len(found):,}"
    noun = "email waits" if len(found) == 1 else "emails wait"
    some = (
        (
            f" {len(rights):,} may ask for something with a deadline; the oldest of these was "
            "received on "
            f"{timezone.localdate(rights[0]):%-d %B %Y}."
        )
        if rights
        else ""
    )
    yield Alert(
        f"{count} {noun} to be read; the oldest came {timesince(oldest, now, depth=1)} ago.{some}",
        url,
        level="danger" if now - oldest > LATE else "warning",
    )


ALERTS = (waiting,)
