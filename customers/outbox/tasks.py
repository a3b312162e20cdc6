"""The jobs of this room. Their arguments are ids: what they act on stands in the rows."""

from django.utils import timezone
from django_tasks import task

from customers.outbox import delivery


@task
def send_message(message_id: str) -> None:
    """Send a message, unless it was sent or taken back meanwhile."""
    again_at = delivery.send(message_id, now=timezone.now())
    if again_at:
        send_message.using(run_after=again_at).enqueue(message_id=message_id)
