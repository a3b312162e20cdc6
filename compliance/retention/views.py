"""Placing, reviewing and releasing a legal hold, each on a page of its own that leads back to the
customer; and the clocks that have not started."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from accounts.desk import desk_page, staff
from compliance.retention import forms, holds, waiting
from compliance.retention.models import LegalHold, PurgeRun
from customers.desk import action_page, get_customer_or_404
from customers.panels import visible


def place_hold(request: HttpRequest, customer_id: uuid.UUID) -> HttpResponse:
    customer = get_customer_or_404(request, customer_id, "retention.add_legalhold")

    def perform(given: dict[str, Any]) -> str:
        holds.place(customer, **given, by=staff(request).actor, now=timezone.now())
        return (
            "Everything about this customer is on hold. The desk asks again on "
            f"{date_format(given['review_on'])}."
        )

    return action_page(
        request,
        customer,
        forms.PlaceHoldForm,
        perform=perform,
        title="Place a legal hold",
        explanation="While the hold is in place, nothing about this customer is erased.",
    )


def _hold(request: HttpRequest, hold_id: uuid.UUID) -> LegalHold:
    if not request.user.has_perm("retention.change_legalhold"):
        raise PermissionDenied
    rows = visible(LegalHold.objects.select_related("customer"), staff(request))
    hold: LegalHold = get_object_or_404(rows, pk=hold_id)
    return hold


def review_hold(request: HttpRequest, hold_id: uuid.UUID) -> HttpResponse:
    hold = _hold(request, hold_id)

    def perform(given: dict[str, Any]) -> str:
        holds.review(hold, **given, by=staff(request).actor, now=timezone.now())
        return f"The hold stays. The desk asks again on {date_format(given['review_on'])}."

    return action_page(
        request,
        hold.customer,
        forms.ReviewHoldForm,
        perform=perform,
        title=f"The hold is still needed: {hold.get_kind_display().lower()}",
        explanation="You looked at it, and what it was placed for is not over.",
    )


def release_hold(request: HttpRequest, hold_id: uuid.UUID) -> HttpResponse:
    hold = _hold(request, hold_id)

    def perform(given: dict[str, Any]) -> str:
        holds.release(hold, by=staff(request).actor, now=timezone.now())
        return "The hold is released."

    return action_page(
        request,
        hold.customer,
        forms.ReleaseHoldForm,
        perform=perform,
        title=f"Release the hold: {hold.get_kind_display().lower()}",
        explanation="From the next purge on, records whose periods have run out are erased for "
        "good.",
    )


@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    """Every rule whose clock has not started for some records: how many, the oldest, and why."""
    if not request.user.has_perm("retention.view_purgerun"):
        raise PermissionDenied
    today = timezone.localdate()
    return desk_page(
        request,
        "admin/retention/purgerun/clocks.html",
        {
            "title": "Clocks that have not started",
            "trail": [("Purge runs", reverse("admin:retention_purgerun_changelist"))],
            "opts": PurgeRun._meta,
            "stuck": waiting.stuck(today),
            "waiting": [line for line in waiting.waiting(today) if line.why],
        },
    )
