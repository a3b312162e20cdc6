"""What waits for a second person, and what two people decided and must look at again."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts import approvals
from accounts.desk import Alert, staff


def second_person(request: HttpRequest) -> Iterator[Alert]:
    """A warning while something waits for a decision that this colleague may take."""
    user = staff(request)
    if not user.has_perm(approvals.DECIDE):
        return
    waiting = approvals.visible(user).waiting().exclude(asked_by=user.actor).order_by("asked_at")
    days = [timezone.localdate(asked) for asked in waiting.values_list("asked_at", flat=True)]
    if days:
        verb = "decision waits" if len(days) == 1 else "decisions wait"
        yield Alert(
            f"{len(days):,} {verb} for a second person, the oldest since {days[0]:%-d %B %Y}.",
            reverse("admin:accounts_approval_changelist"),
        )


def review_due(request: HttpRequest) -> Iterator[Alert]:
    """A warning when what two people decided has reached its day of review."""
    user = staff(request)
    if not user.has_perm(approvals.ASK):
        return
    today = timezone.localdate()
    due = approvals.visible(user).in_force().filter(review_on__lte=today).count()
    if due:
        noun = "decision of two people has" if due == 1 else "decisions of two people have"
        yield Alert(
            f"{due:,} {noun} reached the day of review. End each, or have it decided anew.",
            reverse("admin:accounts_approval_changelist") + "?state=review",
        )


ALERTS = (second_person, review_due)
