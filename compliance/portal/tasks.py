"""The jobs of this room. Their arguments are ids: what they act on stands in the rows."""

from django.utils import timezone
from django_tasks import task

from audit import events
from compliance.portal import intake


@task
def follow_up(case_id: int) -> None:
    """Acknowledge a request of this site, and find out whose it is."""
    intake.follow_up(case_id, by=events.job("web_form"), now=timezone.now())
