"""Partners on the desk: whom to tell of which withdrawals, the file for each, and what it
confirmed."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.desk import names_of, staff
from accounts.desk_form import perform, press
from audit.events import customer_viewed
from compliance.preferences import partner_files
from compliance.preferences.desk.forms import AcknowledgedForm
from compliance.preferences.models import PartnerNotice

ACTS = "preferences.change_partnernotice"


def _partner(request: HttpRequest, partner: str, permission: str) -> str:
    """The name of a partner that ever had to be told: 403 without the permission, 404 when there is
    none."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    last = PartnerNotice.objects.filter(partner=partner).order_by("-created_at").first()
    if last is None:
        raise Http404
    return last.partner_name


def _url(partner: str) -> str:
    return reverse("admin:preferences_partnernotice_partner", args=[partner])


def page(request: HttpRequest, partner: str, form: AcknowledgedForm | None = None) -> HttpResponse:
    """One partner: what waits, the button for its file, and each file with its confirmation."""
    name, now = _partner(request, partner, "preferences.view_partnernotice"), timezone.now()
    files = partner_files.files(partner)
    names = names_of(file["passed_by"] for file in files)
    for file in files:
        file["by"], file["stamp"] = names[file["passed_by"]], file["passed_at"].isoformat()
        file["late"] = file["waiting"] and file["passed_at"] < now - partner_files.CONFIRM_WITHIN
        file["form"] = (
            form if form is not None and form.data.get("passed_at") == file["stamp"] else None
        )
    counts = next(one for one in partner_files.partners(now) if one["partner"] == partner)
    return render(
        request,
        "admin/preferences/partner.html",
        {
            **admin.site.each_context(request),
            "title": name,
            "partner": partner,
            "files": files,
            "counts": counts,
            "acts": request.user.has_perm(ACTS),
            "today": timezone.localdate(now),
            "list_url": reverse("admin:preferences_partnernotice_changelist"),
            "pass_within": partner_files.PASS_WITHIN.days,
            "confirm_within": partner_files.CONFIRM_WITHIN.days,
        },
    )


def make_file(request: HttpRequest, partner: str) -> HttpResponse:
    """The file of what a partner has not confirmed yet, as a download; what is in it counts as
    passed."""
    _partner(request, partner, ACTS)
    now = timezone.now()
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": "attachment; "
            f'filename="withdrawals-{partner}-{timezone.localtime(now):%Y-%m-%d-%H%M}.csv"',
            "Cache-Control": "no-store",
        },
    )
    partner_files.make(partner, response.write, by=staff(request).actor, now=now)
    return response


def acknowledge(request: HttpRequest, partner: str) -> HttpResponse:
    """Note that a partner confirmed: all that were first passed at one moment, or one notice."""
    _partner(request, partner, ACTS)
    form = AcknowledgedForm(request.POST)

    def action(given: dict[str, Any]) -> str:
        count = partner_files.acknowledge(
            partner,
            on=given["on"],
            by=staff(request).actor,
            now=timezone.now(),
            passed_at=given["passed_at"],
            notice_id=given["notice"],
        )
        return f"Noted: they confirmed {count} withdrawal{'' if count == 1 else 's'}."

    def show_form() -> HttpResponse:
        notice = form.data.get("notice", "")
        return notice_page(request, notice, form) if notice else page(request, partner, form)

    return perform(request, form, action, _url(partner), show_form, at="on")


def notice_page(
    request: HttpRequest, notice_id: str, form: AcknowledgedForm | None = None
) -> HttpResponse:
    """One notice: who is to be told of whom, and when that happened."""
    if not request.user.has_perm("preferences.view_partnernotice"):
        raise PermissionDenied
    key = int(notice_id) if notice_id.isdigit() and len(notice_id) < 19 else 0
    notice = get_object_or_404(PartnerNotice.objects.select_related("customer"), pk=key)
    customer_viewed(by=staff(request).actor, subject=notice.customer_id)
    names = names_of(filter(None, (notice.passed_by, notice.acknowledged_by)))
    return render(
        request,
        "admin/preferences/notice.html",
        {
            **admin.site.each_context(request),
            "title": f"Withdrawal {notice.reference}",
            "notice": notice,
            "acts": request.user.has_perm(ACTS),
            "form": form,
            "today": timezone.localdate(),
            "partner_url": _url(notice.partner),
            "passed_by": names.get(notice.passed_by, ""),
            "acknowledged_by": names.get(notice.acknowledged_by, ""),
            "list_url": reverse("admin:preferences_partnernotice_changelist"),
        },
    )


def passed_otherwise(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Note that the partner was told in another way."""
    if not request.user.has_perm(ACTS):
        raise PermissionDenied
    notice = get_object_or_404(PartnerNotice, pk=notice_id)

    def action() -> str:
        partner_files.passed_otherwise(notice.pk, by=staff(request).actor, now=timezone.now())
        return "Noted: they were told in another way."

    return press(
        request, action, reverse("admin:preferences_partnernotice_change", args=[notice.pk])
    )
