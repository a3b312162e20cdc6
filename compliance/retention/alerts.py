"""What the retention room puts on the desk's first page."""

from collections.abc import Iterator

from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.desk import Alert, staff
from compliance.retention.models import LegalHold, PurgeRun
from compliance.retention.waiting import stuck
from customers.panels import visible
from jobs.health import NIGHT


def missed_purge(request: HttpRequest) -> Iterator[Alert]:
    """A warning when no purge has ended well for longer than a night, or when the last found
    records that no rule covers."""
    if not request.user.has_perm("retention.view_purgerun"):
        return
    url = reverse("admin:retention_purgerun_changelist")
    mine = request.user.has_perm("accounts.add_staffuser")  # the operator's own business
    ask = (
        "Switch its timer on (deploy/systemd/portal-retention-purge.timer)."
        if mine
        else "Ask the operator to switch its timer on."
    )
    last = (
        PurgeRun.objects.filter(
            outcome=PurgeRun.Outcome.DONE, category="", as_of__gte=F("started_at__date") - NIGHT
        )
        .order_by("-pk")
        .first()
    )
    if last is None:
        yield Alert(f"The retention purge has never run. {ask}", url)
    elif last.finished_at and timezone.now() - last.finished_at > NIGHT:
        when = timezone.localtime(last.finished_at)
        yield Alert(f"The retention purge has not run since {when:%-d %B %Y, %H:%M}. {ask}", url)
    if last and last.uncovered:
        noun = "record is" if last.uncovered == 1 else "records are"
        yield Alert(
            f"{last.uncovered:,} {noun} covered by no retention rule, as the last purge counted: "
            "the register needs one.",
            reverse("admin:register_retentionrule_changelist"),
            "danger",
        )


def overdue_holds(request: HttpRequest) -> Iterator[Alert]:
    """A warning when legal holds have passed their review date."""
    if not request.user.has_perm("retention.change_legalhold"):
        return
    rows = LegalHold.objects.standing().filter(review_on__lt=timezone.localdate())
    overdue = visible(rows, staff(request)).count()
    if overdue:
        noun = "legal hold has" if overdue == 1 else "legal holds have"
        yield Alert(
            f"{overdue} {noun} passed the review date. Release or review.",
            reverse("admin:retention_legalhold_changelist"),
        )


def clocks_that_nothing_starts(request: HttpRequest) -> Iterator[Alert]:
    """Records that would be kept for ever, with the oldest of them."""
    if not request.user.has_perm("retention.view_purgerun"):
        return
    found = stuck(timezone.localdate())
    if found:
        count = sum(line.count for line in found)
        oldest = min((line.oldest for line in found if line.oldest), default=None)
        since = f", the oldest of {oldest:%-d %B %Y}" if oldest else ""
        noun = "record has" if count == 1 else "records have"
        yield Alert(
            f"{count:,} {noun} a retention clock that nothing starts{since}. They would be kept for "
            "ever.",
            reverse("admin:retention_purgerun_clocks"),
            "danger",
        )


ALERTS = (missed_purge, overdue_holds, clocks_that_nothing_starts)
