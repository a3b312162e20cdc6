"""How many open cases are in each bucket, and the alerts that say so on the desk's first page."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.desk import Alert
from audit.models import Entry
from compliance.cases.buckets import Bucket, in_sql
from compliance.cases.models import Case
from compliance.cases.models.case import OPEN

VIEW, WORK = "cases.view_case", "cases.change_case"
TONES = {
    Bucket.OVERDUE: "danger",
    Bucket.TODAY: "danger",
    Bucket.WEEK: "warning",
    Bucket.LATER: "good",
    Bucket.WAITING: "quiet",
    Bucket.CLOSED: "quiet",
}
NIGHT = datetime.timedelta(hours=26)  # a nightly job, and two hours to finish
SAID = {
    Bucket.OVERDUE: ("is overdue", "are overdue"),
    Bucket.TODAY: ("is due today", "are due today"),
    Bucket.WEEK: ("is due within 7 days", "are due within 7 days"),
}


@dataclass(frozen=True)
class Figure:
    """One bucket: how many open cases are in it, and the list of them."""

    bucket: Bucket
    count: int

    @property
    def tone(self) -> str:
        """The colour of its badge; the word itself says it all."""
        return TONES[self.bucket] if self.count else "quiet"

    @property
    def url(self) -> str:
        return list_url(bucket=self.bucket.value)


def list_url(**query: str) -> str:
    """The list of cases, narrowed."""
    text = "&".join(f"{name}={value}" for name, value in query.items())
    return reverse("admin:cases_case_changelist") + (f"?{text}" if text else "")


def counts(today: datetime.date) -> list[Figure]:
    """How many open cases are in each bucket, the most urgent first. One query, by the index of
    open cases."""
    rows = Case.objects.open().order_by().annotate(bucket=in_sql(today, only_open=True))
    found = dict(rows.values_list("bucket").annotate(of=Count("pk")))
    return [
        Figure(bucket, found.get(bucket.value, 0)) for bucket in Bucket if bucket != Bucket.CLOSED
    ]


def to_look_at(cases: QuerySet[Any], today: datetime.date) -> QuerySet[Any]:
    """Open cases without a last day that somebody should look at again: their day of review has
    come, or they have none."""
    return cases.filter(OPEN, Q(review_on__lte=today) | Q(review_on=None), due_on=None)


def unreminded(request: HttpRequest) -> Iterator[Alert]:
    """To whoever can mend it: that nobody is reminded by email, or not since yesterday, while cases
    are open."""
    if not any(
        request.user.has_perm(one)
        for one in ("deadlines.add_confirmedyear", "accounts.add_staffuser")
    ):
        return
    if not Case.objects.open().exists():
        return
    if not settings.REMINDERS_TO:
        yield Alert(
            "Nobody is reminded of deadlines by email. Set the care team’s mailbox "
            "(REMINDERS_TO), or ask the "
            "operator to."
        )
    last = Entry.objects.filter(event="deadlines_reminded").values_list("at", flat=True).first()
    if last is None or timezone.now() - last > NIGHT:
        since = f"since {timezone.localtime(last):%-d %B %Y, %H:%M}" if last else "yet"
        yield Alert(
            f"Deadlines were not looked at {since}. Switch the timer on "
            "(deploy/send-deadline-reminders.timer), or "
            "ask the operator to."
        )


def urgent(request: HttpRequest) -> Iterator[Alert]:
    """To those who work on cases, and whoever may read them: what is overdue, due today, due within
    7 days, to look at."""
    if not request.user.has_perm(VIEW):
        return
    today = timezone.localdate()
    for figure in counts(today):
        if figure.count and figure.bucket in SAID:
            one, many = SAID[figure.bucket]
            yield Alert(
                f"{figure.count:,} "
                f"{f'request {one}' if figure.count == 1 else f'requests {many}'}.",
                figure.url,
                "warning" if figure.tone == "warning" else "danger",
            )
    if request.user.has_perm(WORK) and (waiting := to_look_at(Case.objects.all(), today).count()):
        noun = (
            "request without a last day: look at it again."
            if waiting == 1
            else ("requests without a last day: look at them again.")
        )
        yield Alert(f"{waiting:,} {noun}", list_url(attention="review"))
