"""What copies of data put on the desk's first page."""

from collections.abc import Iterator

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse

from accounts.desk import Alert
from compliance.access.models import Pack

CHANGE, CHECK = "access.change_pack", "access.check_pack"
State = Pack.State


def packs(request: HttpRequest) -> Iterator[Alert]:
    """Copies that wait for the second person, could not be built, or wait to be released."""
    if not (request.user.has_perm(CHECK) or request.user.has_perm(CHANGE)):
        return
    states = [State.READ, State.FAILED, State.BUILT]
    counts = dict(
        Pack.objects.filter(state__in=states).order_by().values_list("state").annotate(Count("pk"))
    )
    url = reverse("admin:access_pack_changelist")
    if count := counts.get(State.READ, 0):
        noun = "copy waits" if count == 1 else "copies wait"
        yield Alert(
            f"{count:,} {noun} for a second person to check what was left out.",
            f"{url}?state={State.READ}",
        )
    if count := counts.get(State.FAILED, 0):
        noun = "copy" if count == 1 else "copies"
        yield Alert(
            f"{count:,} {noun} of data could not be built. Build again; if it fails once more, "
            "tell the operator.",
            f"{url}?state={State.FAILED}",
            level="danger",
        )
    if count := counts.get(State.BUILT, 0):
        noun = "copy is" if count == 1 else "copies are"
        yield Alert(f"{count:,} {noun} built and not released yet.", f"{url}?state={State.BUILT}")


ALERTS = (packs,)
