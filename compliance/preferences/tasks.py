"""The jobs of this room. Their arguments are ids: what they act on stands in the rows."""

from django.utils import timezone
from django_tasks import task

from audit import events
from compliance.preferences import intake


@task
def match_request(request_id: int) -> None:
    """Find out whether a request to stop marketing is a customer's, and stop it for all their
    contact points."""
    intake.match(request_id, by=events.job("match_request"), now=timezone.now())
