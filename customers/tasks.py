"""The jobs of this room. Their arguments are ids: what they act on stands in the rows."""

from django.utils import timezone
from django_tasks import task

from customers import proof_actions, sending


@task
def send_message(message_id: str) -> None:
    """Send a message, unless it was sent or taken back meanwhile."""
    again_at = sending.send(message_id, now=timezone.now())
    if again_at:
        send_message.using(run_after=again_at).enqueue(message_id=message_id)


@task(priority=10)  # somebody is waiting at a screen
def look_up_visitor(attempt_id: str) -> None:
    """Find out who asked for a one-time code, and send it."""
    proof_actions.look_up(attempt_id, now=timezone.now())
