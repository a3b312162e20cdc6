"""The public pages on which somebody asks for the code of a request, types it, and ends the visit.

Whatever reference is typed, and whoever it belongs to, the answer is the same.
"""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SeeOther
from compliance.casework.actions import requester_actions
from compliance.portal.case_codes import CASE, point_digest, reference_in, visit_of
from compliance.portal.forms.status import ReferenceForm
from customers.identity import visits
from customers.identity.customer import CUSTOMER
from customers.identity.end_visit import end_visit
from customers.identity.forms import CodeForm
from customers.identity.request_code import request_code
from customers.identity.verify_code import verify_code
from customers.identity.views import DID_NOT_WORK, forget, remember

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def status(request: HttpRequest) -> HttpResponse:
    """Which request? Whatever the reference, the answer is that a code is on its way if there is
    such a request."""
    form = (
        ReferenceForm(request.POST)
        if request.method == "POST"
        else ReferenceForm(initial={"form": uuid.uuid4()})
    )
    if not form.is_valid():
        return render(
            request, "portal/status.html", {"form": form, "ended": "ended" in request.GET}
        )
    now, visit, typed = timezone.now(), visits.visit_of(request), form.cleaned_data["reference"]
    if visit:  # its cookie makes room for the new request's
        end_visit(CUSTOMER, visit, now=now)
    reference = reference_in(typed)
    token = request_code(
        CASE,
        {"reference": reference},
        typed=reference or typed,
        form=form.cleaned_data["form"],
        address=visits.address(request),
        now=now,
    )
    return remember(SeeOther(reverse("portal:status_code")), token)


@never_cache
@require_http_methods(METHODS)
def status_code(request: HttpRequest) -> HttpResponse:
    """Type the code of a request. Every refusal is the same sentence."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now = timezone.now()
        opened = verify_code(
            CASE,
            **form.cleaned_data,
            token=request.COOKIES.get(visits.COOKIE_NAME, ""),
            browser=visits.browser(request),
            now=now,
        )
        if opened:
            token, visit = opened
            requester_actions.proved(
                visit.case, contact=visit.contact_digest, compare=point_digest, now=now
            )
            page = reverse("portal:case", args=[visit.case.reference])
            return remember(SeeOther(page), token)
        form.add_error("code", DID_NOT_WORK)
    return render(request, "portal/status_code.html", {"form": form})


@never_cache
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End the visit to a request, and forget the cookie."""
    visit = visit_of(request)
    if visit:
        end_visit(CASE, visit, now=timezone.now())
    return forget(SeeOther(f"{reverse('portal:status')}?ended=1"))
