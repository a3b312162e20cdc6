"""What case work puts on the desk's first page: deadlines, restrictions, bank holidays."""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.desk import Alert
from audit.models import Entry
from compliance.cases.buckets import WEEK, Bucket
from compliance.cases.models import Case, Restriction, Task
from compliance.casework.desk.counts import VIEW, WORK, counts, list_url, to_look_at
from compliance.casework.desk.filters import NOBODY
from compliance.casework.desk.tasks import CHANGE_TASK
from compliance.casework.outcomes.desk_restrictions import CHANGE_RESTRICTION
from compliance.deadlines import bank_holidays
from compliance.deadlines.calendar import in_words as days_in_words
from compliance.outcomes import restriction
from jobs.health import NIGHT
from privacy.words import in_words

MOST_DAYS = 5  # changed bank holidays that the alert names
LAST_CALL = (10, 1)  # month and day: from then on the coming year has to be certain
SAID = {
    Bucket.OVERDUE: ("is overdue", "are overdue"),
    Bucket.TODAY: ("is due today", "are due today"),
    Bucket.WEEK: (
        f"is due within {in_words(WEEK, figures=True)}",
        f"are due within {in_words(WEEK, figures=True)}",
    ),
}


def restrictions(request: HttpRequest) -> Iterator[Alert]:
    """Restrictions that cover marketing and erasure alone; holds that are gone; requests that
    have ended."""
    if not request.user.has_perm(CHANGE_RESTRICTION):
        return
    url = reverse("admin:cases_restriction_changelist")
    active = Restriction.objects.in_force()
    waiting = active.filter(confirmed_at__isnull=True).count()
    if waiting:
        noun = "restriction covers" if waiting == 1 else "restrictions cover"
        yield Alert(
            f"{waiting:,} {noun} marketing and erasure alone, because it is not clear who asks. Make "
            "it clear today, or say what else stops.",
            f"{url}?state=narrow",
            level="danger",
        )
    unheld = active.filter(hold__released_on__isnull=False).count()
    if unheld:
        noun = "restriction is" if unheld == 1 else "restrictions are"
        yield Alert(
            f"{unheld:,} {noun} in force, but the hold that keeps the purge away was released. "
            "Place it again.",
            f"{url}?state=unheld",
            level="danger",
        )
    stranded = restriction.stranded(active).filter(warned_on__isnull=True).count()
    if stranded:
        noun = "restriction stands" if stranded == 1 else "restrictions stand"
        yield Alert(
            f"{stranded:,} {noun} although the request was refused or taken back. Tell them, and "
            "lift it.",
            f"{url}?state=stranded",
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


def tasks(request: HttpRequest) -> Iterator[Alert]:
    """What somebody was told would be done: past its last day, and what nobody has taken yet. One
    query."""
    if not request.user.has_perm(CHANGE_TASK):
        return
    late, nobodys = (
        Task.objects.to_do()
        .aggregate(
            late=Count("pk", filter=Q(due_on__lt=timezone.localdate())),
            nobodys=Count("pk", filter=Q(due_on__gte=timezone.localdate(), taken_by=None)),
        )
        .values()
    )
    url = reverse("admin:cases_task_changelist")
    if late:
        noun = (
            "task is past its last day. It was"
            if late == 1
            else "tasks are past their last day. They were"
        )
        yield Alert(
            f"{late:,} {noun} promised to a person. Do it today.", f"{url}?state=late", "danger"
        )
    if nobodys:
        noun = "task is nobody’s yet." if nobodys == 1 else "tasks are nobody’s yet."
        yield Alert(f"{nobodys:,} {noun}", f"{url}?whose={NOBODY}")


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
            "(deploy/systemd/portal-send-deadline-reminders.timer), or "
            "ask the operator to."
        )


def calendar(request: HttpRequest) -> Iterator[Alert]:
    """To whoever may confirm a year: years within eighteen months that nobody checked, and
    confirmed ones that changed."""
    if not request.user.has_perm("deadlines.add_confirmedyear"):
        return
    today, holidays = timezone.localdate(), bank_holidays.current()
    for year in bank_holidays.unconfirmed(holidays, today):
        yield Alert(
            f"Nobody has compared the bank holidays of {year} with the government's list. Until "
            "then its deadlines "
            "rest on what is expected.",
            _page(year),
            "danger" if _pressing(year, today) else "warning",
        )
    if different := bank_holidays.altered(holidays, today):
        days = ", ".join(days_in_words(different[:MOST_DAYS]))
        yield Alert(
            f"Bank holidays are not as they were confirmed: {days}. Compare the year again.",
            _page(different[0][1].year),
            "danger",
        )


def _page(year: int) -> str:
    return reverse("admin:deadlines_confirmedyear_compare", args=[year])


def _pressing(year: int, today: datetime.date) -> bool:
    return year <= today.year or (year == today.year + 1 and (today.month, today.day) >= LAST_CALL)


ALERTS = (restrictions, urgent, tasks, unreminded, calendar)
