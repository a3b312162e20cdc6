"""What copies of data put on the desk's first page."""

from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse

from accounts.desk import Alert, staff
from compliance.access.models import Pack, Reading
from customers.models import FraudMarker
from customers.panels import sees_investigations
from privacy.declarations import told

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


def fraud_texts(request: HttpRequest) -> Iterator[Alert]:
    """Copies with texts that only those who may see fraud records read, while nobody has."""
    if not (request.user.has_perm(CHANGE) and sees_investigations(staff(request))):
        return
    markers = told(FraudMarker.objects.filter(customer=OuterRef("customer"), details__isnull=False))
    read = Reading.objects.filter(
        pack__reference=OuterRef("reference"), label=FraudMarker._meta.label
    )
    waiting = Pack.objects.filter(Exists(markers), ~Exists(read), state=State.IN_REVIEW).count()
    if waiting:
        noun = "copy has" if waiting == 1 else "copies have"
        yield Alert(
            f"{waiting:,} {noun} fraud records that only colleagues like you may read.",
            f"{reverse('admin:access_pack_changelist')}?state={State.IN_REVIEW}",
        )


ALERTS = (packs, fraud_texts)
