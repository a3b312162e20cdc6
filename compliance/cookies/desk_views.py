"""Desk pages of this room that are not lists: the draft wording with its publication, and the most
visited pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from accounts.desk import FORM, desk_page, staff
from accounts.desk_form import perform
from compliance.cookies import actions, chart, wording
from compliance.cookies.forms import CookieWordingForm
from compliance.cookies.models import CookieWording, PageVisits
from compliance.register import blocks, difference


def _need(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(f"cookies.{permission}"):
        raise PermissionDenied


@FORM
def draft(request: HttpRequest) -> HttpResponse:
    """The draft against what visitors read, and the button that publishes it (the data protection
    lead's alone)."""
    _need(request, "view_cookiewording")
    form = CookieWordingForm(request.POST or None)
    if request.method == "POST":
        _need(request, "add_cookiewording")

    def publish(given: dict[str, Any]) -> str:
        version = actions.publish(
            summary=given["summary"], by=staff(request).actor, now=timezone.now()
        )
        return f"Version {version.number} is published. Visitors are asked again."

    return perform(
        request,
        form,
        publish,
        reverse("admin:cookies_cookiewording_changelist"),
        lambda: _draft_page(request, form),
        redirect=HttpResponseRedirect,
    )


def _draft_page(request: HttpRequest, form: CookieWordingForm) -> HttpResponse:
    """The draft section by section, and what differs from what visitors read."""
    content, differs, published = wording.draft()
    return desk_page(
        request,
        "admin/cookies/draft.html",
        {
            "title": "The next cookie wording",
            "form": form,
            "differs": differs,
            "published": published,
            "opts": CookieWording._meta,
            "sections": [
                {"heading": part["heading"], "lines": list(blocks.lines(part))}
                for part in wording.sections(content)["sections"]
            ],
            "changes": difference.between(
                wording.sections(published.content), wording.sections(content)
            )
            if published
            else [],
            "may_publish": request.user.has_perm("cookies.add_cookiewording"),
        },
    )


def as_text(content: wording.Content) -> str:
    """A frozen wording as lines to read."""
    parts = (
        ["", part["heading"].upper(), *blocks.lines(part)]
        for part in wording.sections(content)["sections"]
    )
    return "\n".join(line for lines in parts for line in lines).strip()


def visits(request: HttpRequest, desk: Any) -> HttpResponse:
    """The most visited pages of the last days, as bars and as a table. One query of this room's."""
    _need(request, "view_pagevisits")
    days = chart.period(request.GET.get("days", ""))
    bars = chart.bars(PageVisits.objects, days=days, today=timezone.localdate())
    return desk_page(
        request,
        "admin/cookies/visits.html",
        {
            "title": "Most visited pages",
            "opts": PageVisits._meta,
            "days": days,
            "periods": chart.PERIODS,
            "bars": bars,
            "chart": chart.drawn(bars),
        },
    )
