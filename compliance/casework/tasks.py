"""The jobs of this room. Their arguments are ids: what they act on stands in the rows."""

from django.utils import timezone
from django_tasks import task

from audit import events
from compliance.casework.actions import recalculation
from compliance.deadlines.models import ProclaimedDay


@task
def recalculate(proclaimed_id: int) -> None:
    """Work out the open cases that a bank holiday, proclaimed or taken back, may move."""
    day = ProclaimedDay.objects.values_list("day", flat=True).get(pk=proclaimed_id)
    recalculation.recalculate_open(
        why=recalculation.WHY, by=events.job("recalculate"), now=timezone.now(), day=day
    )
