"""Your choices: what a proven customer sees of their marketing choices, and changes on one page."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SeeOther, whole_number
from compliance.preferences import change_choices
from compliance.preferences import choices as standing
from customers.identity import visits

NOTES = ("moved", "both", "unproved")


@visits.required
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """How things stand, and one form that changes any of it."""
    if request.method != "POST":
        return _page(request)
    outcome = change_choices.change(
        visits.visitor_of(request),
        requested_changes(request),
        form=_token(request),
        origin=visits.address(request),
        now=timezone.now(),
    )
    if not outcome.reference:
        return _page(request, outcome)
    notes = {name: 1 for name in NOTES if getattr(outcome, name)}
    return SeeOther(
        reverse("preferences:changed", args=[outcome.reference])
        + (f"?{urlencode(notes)}" if notes else "")
    )


def _page(request: HttpRequest, outcome: change_choices.ChangeResult | None = None) -> HttpResponse:
    customer, now = visits.visitor_of(request), timezone.now()
    found: dict[str, list[standing.ChoiceRow]] = {}
    for row in standing.rows(customer, now=now):
        found.setdefault(row.sender, []).append(row)
    return render(
        request,
        "preferences/choices.html",
        {
            "senders": list(found.items()),
            "form": uuid.uuid4(),
            "outcome": outcome,
            "recipients": standing.recipients(customer),
        },
    )


@visits.required
@require_safe
def changed(request: HttpRequest, reference: str) -> HttpResponse:
    """What one change did. Only its owner finds it."""
    changes = standing.changes(visits.visitor_of(request), reference, now=timezone.now())
    if not changes:
        raise Http404("No such change of this customer.")
    context: dict[str, Any] = {name: name in request.GET for name in NOTES}
    return render(
        request, "preferences/changed.html", {**context, "reference": reference, "changes": changes}
    )


def requested_changes(request: HttpRequest) -> change_choices.RequestedChanges:
    """What a form asks for. Whatever is not of its shape is passed over."""
    stops = {pair for text in request.POST.getlist("stop") if (pair := _pair(text))}
    allows = {}
    for text in request.POST.getlist("allow"):
        head, _, digest = text.rpartition(":")
        if pair := _pair(head):
            detail = request.POST.get(f"for:{head}", "")
            allows[pair] = (digest, whole_number(detail))
    return change_choices.RequestedChanges(frozenset(stops), allows, "everything" in request.POST)


def _pair(text: str) -> change_choices.Pair | None:
    sender, colon, channel = text.partition(":")
    return (sender, channel) if colon and sender and channel else None


def _token(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("form", ""))
    except ValueError:
        return uuid.uuid4()
