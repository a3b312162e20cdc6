"""What a notice rests on: the owner's confirmation of every rule, and a purge that ran."""

from django.utils import timezone

from compliance.register.models import RetentionRule
from compliance.retention.models import PurgeRun


def ready_to_publish() -> None:
    now = timezone.now()
    RetentionRule.objects.filter(confirmed_on=None).update(
        confirmed_on=timezone.localdate(now), confirmed_by="staff:1"
    )
    PurgeRun.objects.create(
        as_of=timezone.localdate(now),
        started_at=now,
        finished_at=now,
        started_by="job:retention_purge",
        outcome=PurgeRun.Outcome.DONE,
    )


def confirmed(category: str) -> None:
    """The owner confirms the rules of one category."""
    RetentionRule.objects.filter(category__code=category).update(
        confirmed_on=timezone.localdate(), confirmed_by="staff:1"
    )
