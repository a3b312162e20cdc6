"""Desk pages of the register that are not lists: the draft notice with its publication, and
confirming rules."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.desk import FORM, desk_page, staff
from accounts.desk_form import perform
from accounts.http import whole_number
from compliance.register import actions, checks, difference, publishing
from compliance.register.forms import ConfirmRulesForm, PublishForm
from compliance.register.models import NoticeVersion, RetentionRule

MOST_RULES = 200  # retention rules that are confirmed together


def _need(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(f"register.{permission}"):
        raise PermissionDenied


@FORM
def draft(request: HttpRequest) -> HttpResponse:
    """The draft against the published notice, and the button that publishes it (the data protection
    lead's alone).
    """
    _need(request, "view_noticeversion")
    form = PublishForm(request.POST or None)
    if request.method == "POST":
        _need(request, "add_noticeversion")

    def publish(given: dict[str, Any]) -> str:
        version = publishing.publish(
            summary=given["summary"], by=staff(request).actor, now=timezone.now()
        )
        return f"Version {version.number} is published. Customers see it now."

    return perform(
        request,
        form,
        publish,
        reverse("admin:register_noticeversion_changelist"),
        lambda: _draft_page(request, form),
        redirect=HttpResponseRedirect,
    )


def _draft_page(request: HttpRequest, form: PublishForm) -> HttpResponse:
    """The draft, what differs from the published notice, and what the register still lacks."""
    content, differs, published = publishing.draft(timezone.now())
    return desk_page(
        request,
        "admin/register/noticeversion/draft.html",
        {
            "title": "Draft of the privacy notice",
            "form": form,
            "differs": differs,
            "published": published,
            "opts": NoticeVersion._meta,
            "changes": difference.between(published.content, content) if published else [],
            "gaps": checks.live_register_is_whole(None),
            "lacks": publishing.missing(),
            "waiting": RetentionRule.objects.unconfirmed().count(),
            "may_publish": request.user.has_perm("register.add_noticeversion"),
        },
    )


@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """The whole draft as customers would see it."""
    _need(request, "view_noticeversion")
    content, _, published = publishing.draft(timezone.now())
    number = published.number + 1 if published else 1
    shown = NoticeVersion(number=number, published_at=timezone.now(), content=content)
    return render(request, "register/notice.html", {"version": shown, "draft": True})


@FORM
def confirm(request: HttpRequest) -> HttpResponse:
    """The rules named by `?ids=1,2` in words, and one button by which the owner takes
    responsibility for them.
    """
    _need(request, "change_retentionrule")
    keys = [
        key
        for text in request.GET.get("ids", "").split(",")
        if (key := whole_number(text)) is not None
    ][:MOST_RULES]
    rules = list(
        RetentionRule.objects.unconfirmed()
        .filter(pk__in=keys)
        .select_related("category", "purpose")
    )
    if not rules:
        messages.info(request, "These rules are confirmed already.")
        return HttpResponseRedirect("../")
    form = ConfirmRulesForm(request.POST or None)

    def confirm_all(given: dict[str, Any]) -> str:
        number = actions.confirm(
            rules, by=staff(request).actor, why=given["why"], now=timezone.now()
        )
        return "One rule is confirmed." if number == 1 else f"{number} rules are confirmed."

    def page() -> HttpResponse:
        return desk_page(
            request,
            "admin/register/retentionrule/confirm.html",
            {
                "title": "Confirm retention rules",
                "form": form,
                "rules": rules,
                "opts": RetentionRule._meta,
            },
        )

    return perform(request, form, confirm_all, "../", page, redirect=HttpResponseRedirect)
