"""The page on which customers see what we hold about them, and the pages behind it. Only its proven
owner sees anything."""

import datetime
import uuid
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SeeOther
from compliance.access.actions.releases import can_be_fetched
from compliance.access.decisions import without as left_out_of_copies
from compliance.access.models import Pack
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Restriction
from compliance.outcomes import restriction_words
from compliance.portal import intake
from compliance.portal import status as statuses
from compliance.portal.my_data import holdings, record_words
from compliance.preferences import choices
from customers.identity import visits
from customers.lenient_fields import token_in
from customers.matching import Given
from customers.models import ContactPoint, Customer

NEWEST = 3  # requests that stand on the first page


@visits.required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Everything at a glance, and what can be done about it."""
    customer, now = visits.visitor_of(request), timezone.now()
    without = left_out_of_copies(customer)
    rows = statuses.rows(customer, now=now)
    asked = next(
        (row for row in rows if row.case.kind == CaseKind.ACCESS and row.case.is_open), None
    )
    return render(
        request,
        "portal/my_data/overview.html",
        {
            "customer": customer,
            "now": now,
            "points": _in_use(customer),
            "held": holdings.held(customer, without=without, now=now),
            "receivers": holdings.receivers(customer, without=without),
            "marketing": choices.in_short(customer, now=now),
            "rows": rows[:NEWEST],
            "more_rows": len(rows) > NEWEST,
            "asked": asked,
            "ready": _ready(customer, rows, now),
            "restrictions": [
                restriction_words.lines(row)
                for row in Restriction.objects.in_force()
                .filter(customer=customer)
                .select_related("case", "hold")
            ],
            "form": uuid.uuid4(),
        },
    )


def _in_use(customer: Customer) -> list[ContactPoint]:
    order = ("email", "phone", "address")
    points = ContactPoint.objects.in_use().filter(customer=customer).order_by("pk")
    return sorted(points, key=lambda point: order.index(point.kind))


def _ready(
    customer: Customer, rows: Sequence[statuses.StatusRow], now: datetime.datetime
) -> Pack | None:
    """The newest copy that the customer can fetch now, whichever request for one it answers."""
    asked = [row.case.reference for row in rows if row.case.kind == CaseKind.ACCESS]
    found = Pack.objects.released().filter(customer=customer, reference__in=asked)
    return next(
        (pack for pack in found.order_by("-released_at") if can_be_fetched(pack, now=now)), None
    )


@visits.required
@require_safe
def records(request: HttpRequest, name: str) -> HttpResponse:
    """The records of one table, the newest first, page by page."""
    customer = visits.visitor_of(request)
    table = holdings.table_of(customer, name)
    if table is None:
        raise Http404("Nothing of that kind is held about this person.")
    found, more = holdings.page_of(table, customer, before=request.GET.get("before", ""))
    if not (found or more or "before" in request.GET):
        raise Http404("Nothing of that kind is shown.")
    return render(
        request,
        "portal/my_data/records.html",
        {
            "table": table,
            "records": found,
            "more": more,
            "first": "before" not in request.GET,
            "left_out": record_words.left_out(table),
        },
    )


@visits.required
@require_POST
def ask_copy(request: HttpRequest) -> HttpResponse:
    """Ask for a full copy (UK GDPR Article 15) with one press: who asks is known, so its time
    begins now."""
    customer, now = visits.visitor_of(request), timezone.now()
    asked = intake.Request([str(CaseKind.ACCESS)], Given())
    quiet = intake.too_many(asked, customer=customer, address=visits.address(request), now=now)
    (case,) = intake.submit(
        asked, form=token_in(request.POST.get("form", "")), customer=customer, quiet=quiet, now=now
    )
    return SeeOther(reverse("portal:case", args=[case.reference]))
