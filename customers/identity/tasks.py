"""The jobs of this room. Their arguments are ids: what they act on stands in the rows."""

from django.utils import timezone
from django_tasks import task

from customers.identity import proof_actions


@task(priority=10)  # somebody is waiting at a screen
def look_up_visitor(attempt_id: str) -> None:
    """Find out who asked for a one-time code, and send it."""
    proof_actions.look_up(attempt_id, now=timezone.now())
