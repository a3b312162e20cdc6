"""The jobs of this room. Their arguments are ids: what they act on stands in the rows."""

from django.utils import timezone
from django_tasks import task

from audit.actions import Refused
from compliance.access import actions
from compliance.access.actions.builds import JOB
from compliance.access.models import Pack


@task
def build_pack(pack_id: int) -> None:
    """Build the archive of a checked copy. Killed at any point it leaves nothing, and the next
    worker begins anew."""
    pack = Pack.objects.filter(pk=pack_id).first()
    if pack is None:
        return  # erased with its person
    try:
        actions.build(pack, by=JOB, now=timezone.now())
    except Refused:
        return  # it is built already, or was taken out of the way
    except Exception:
        actions.give_up(pack, by=JOB, now=timezone.now())
        raise
