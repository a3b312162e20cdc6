"""The pages on which a visitor shows that they are the customer: ask for a code, type it, end the
visit."""

import json
import uuid
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SeeOther
from customers.identity import visits
from customers.identity.customer import CUSTOMER
from customers.identity.end_visit import end_visit
from customers.identity.forms import CodeForm, WhoForm
from customers.identity.request_code import request_code
from customers.identity.verify_code import verify_code

FORM = ["GET", "HEAD", "POST"]
DID_NOT_WORK = (
    "That code did not work. It may be mistyped, used already or run out, or it was asked for in "
    "another browser. Check it "
    "once more, or ask for a new one."
)


@never_cache
@require_http_methods(FORM)
def ask(request: HttpRequest) -> HttpResponse:
    """Who are you? Whoever it is, the answer is that a code is on its way if we know them."""
    visit = visits.visit_of(request)
    if visit and request.method != "POST" and "again" not in request.GET:
        return render(
            request,
            "identity/proven.html",
            {"places": visits.places(), "next": visits.safe_next(request)},
        )
    form = WhoForm(request.POST) if request.method == "POST" else WhoForm.empty()
    if not form.is_valid():
        return render(
            request,
            "identity/prove.html",
            {"form": form, "next": visits.safe_next(request), "ended": "ended" in request.GET},
        )
    if visit:  # its cookie makes room for the new request's
        end_visit(CUSTOMER, visit, now=timezone.now())
    given = form.given()
    token = request_code(
        CUSTOMER,
        given,
        typed=json.dumps(given, sort_keys=True),
        form=form.cleaned_data["reference"] or uuid.uuid4(),
        address=visits.address(request),
        now=timezone.now(),
    )
    to = visits.safe_next(request)
    response = SeeOther(
        reverse("identity:prove_code") + (f"?{urlencode({'next': to})}" if to else "")
    )
    return remember(response, token)


@never_cache
@require_http_methods(FORM)
def give(request: HttpRequest) -> HttpResponse:
    """Type the code. Every refusal is the same sentence."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now = timezone.now()
        opened = verify_code(
            CUSTOMER,
            **form.cleaned_data,
            token=request.COOKIES.get(visits.COOKIE_NAME, ""),
            browser=visits.browser(request),
            now=now,
            then=lambda visit: visits.proved(request, visit.customer, now),
        )
        if opened:
            token, _ = opened
            return remember(SeeOther(visits.safe_next(request) or reverse("identity:prove")), token)
        form.add_error("code", DID_NOT_WORK)
    return render(
        request, "identity/prove_code.html", {"form": form, "next": visits.safe_next(request)}
    )


@never_cache
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End the visit, and forget the cookie."""
    visit = visits.visit_of(request)
    if visit:
        end_visit(CUSTOMER, visit, now=timezone.now())
    response = SeeOther(reverse("identity:prove") + "?ended=1")
    return forget(response)


def remember(response: HttpResponse, token: str) -> HttpResponse:
    """Set the visitor's cookie. It goes when the browser closes; the row behind it goes sooner."""
    response.set_cookie(
        visits.COOKIE_NAME, token, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
    return response


def forget(response: HttpResponse) -> HttpResponse:
    """Delete the visitor's cookie."""
    response.delete_cookie(visits.COOKIE_NAME, samesite="Lax")
    return response
