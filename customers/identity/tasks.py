"""The jobs of this room. Their arguments are ids: what they act on stands in the rows."""

from django.utils import timezone
from django_tasks import task

from customers.identity import subjects
from customers.identity.deliver import deliver


@task(priority=10)  # somebody is waiting at a screen
def deliver_code(challenge_id: str) -> None:
    """Find out whom or what somebody named to get a one-time code, and send it. Only one subject
    has a challenge of that id."""
    for subject in subjects.registered():
        deliver(subject, challenge_id, now=timezone.now())
