"""What effects put on the desk's first page and on the customer's page."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.desk import Alert, staff
from compliance.cases.models import RecipientNotice, Restriction, Statement
from compliance.outcomes import recipients, restriction
from customers.models import Customer
from customers.panels import visible

CHANGE_NOTICE, CHANGE_RESTRICTION = "cases.change_recipientnotice", "cases.change_restriction"


def restrictions(request: HttpRequest) -> Iterator[Alert]:
    """Restrictions of which nobody has confirmed that sharing stops; data that was shared all the
    same."""
    if not request.user.has_perm(CHANGE_RESTRICTION):
        return
    url = reverse("admin:cases_restriction_changelist")
    active = Restriction.objects.in_force()
    waiting = active.filter(sharing_stopped_at__isnull=True).count()
    if waiting:
        noun = "person’s use of data is" if waiting == 1 else "people’s use of data is"
        yield Alert(
            f"{waiting:,} {noun} restricted, and nobody has confirmed that nothing goes to the "
            "agencies. Confirm it "
            "today.",
            f"{url}?state=sharing",
            level="danger",
        )
    broken = restriction.broken(active).count()
    if broken:
        noun = "person" if broken == 1 else "people"
        yield Alert(
            f"Data of {broken:,} {noun} was passed on although its use is restricted. Find out "
            "how, "
            "and put it right.",
            f"{url}?state=broken",
            level="danger",
        )
    unheld = active.filter(hold__released_on__isnull=False).count()
    if unheld:
        noun = "restriction is" if unheld == 1 else "restrictions are"
        yield Alert(
            f"{unheld:,} {noun} in force, but the hold that keeps the purge away was released. "
            "Place it again.",
            f"{url}?state=unheld",
            level="danger",
        )
    stranded = restriction.stranded(active).filter(warned_on__isnull=True).count()
    if stranded:
        noun = "restriction stands" if stranded == 1 else "restrictions stand"
        yield Alert(
            f"{stranded:,} {noun} although the request was refused or taken back. Tell them, and "
            "lift it.",
            f"{url}?state=stranded",
        )


def recipients_to_tell(request: HttpRequest) -> Iterator[Alert]:
    """Recipients who were not told in time, or have not confirmed in time."""
    if not request.user.has_perm(CHANGE_NOTICE):
        return
    today = timezone.localdate()
    late = visible(RecipientNotice.objects.filter(recipients.overdue(today)), staff(request))
    untold, unconfirmed = (
        late.filter(recipients.TO_TELL).count(),
        late.filter(recipients.TOLD).count(),
    )
    url = f"{reverse('admin:cases_recipientnotice_changelist')}?state=overdue"
    if untold:
        noun = "recipient has" if untold == 1 else "recipients have"
        yield Alert(
            f"{untold:,} {noun} not been told of a correction, an erasure or a restriction in "
            "time. Tell them.",
            url,
            level="danger",
        )
    if unconfirmed:
        noun = "recipient has" if unconfirmed == 1 else "recipients have"
        yield Alert(
            f"{unconfirmed:,} {noun} not confirmed a correction, an erasure or a restriction "
            "within "
            f"{recipients.CONFIRM_WITHIN.days} days. Ask them.",
            url,
        )


def panel(request: HttpRequest, customer: Customer) -> dict[str, Any] | None:
    """The restrictions in force and the statements of a customer; nothing when there is neither."""
    found = list(
        Restriction.objects.in_force()
        .filter(customer=customer)
        .select_related("case")
        .order_by(F("pk").desc())
    )
    said = list(Statement.objects.filter(customer=customer))
    return {"restrictions": found, "statements": said} if found or said else None
