"""Recipients to tell, on the desk: the list, one of them with what it needs to know, and what
happened."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.desk import FirstFilter, names_of, staff
from audit import events as audit
from compliance.cases.models import RecipientNotice
from compliance.casework.outcomes import forms
from compliance.casework.outcomes.desk_pages import FORM, OfCaseAdmin, action_page, case_url, page
from compliance.outcomes import recipients
from compliance.outcomes.rectification import FIELDS
from customers.desk_tables import badge
from customers.forms import ActionForm
from customers.panels import visible

CHANGE_NOTICE = "cases.change_recipientnotice"


class RecipientNoticeState(FirstFilter):
    """Where a notice stands: those that wait for us or for them come first."""

    title, parameter_name, first = "state", "state", "Not settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("to_tell", "To tell"),
            ("told", "Told, not confirmed"),
            ("overdue", "Overdue"),
            ("settled", "Settled"),
            ("all", "All"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        wanted = {
            "to_tell": recipients.TO_TELL,
            "told": recipients.TOLD,
            "settled": recipients.SETTLED,
            "overdue": recipients.overdue(timezone.localdate()),
        }.get(self.value() or "", ~recipients.SETTLED)
        return queryset.filter(wanted)


@admin.register(RecipientNotice)
class RecipientNoticeAdmin(OfCaseAdmin):
    """Whom to tell that data was corrected, erased or restricted, the earliest due first."""

    empty_text = (
        "Nobody has to be told: nothing that was corrected, erased or restricted had "
        "been passed on."
    )
    list_display = ("recipient_name", "kind", "request_of", "person", "due_on", "standing")
    list_filter = (RecipientNoticeState, "kind")
    ordering = ("due_on", "pk")

    def get_urls(self) -> list[URLPattern]:
        gate, name = self.admin_site.admin_view, "cases_recipientnotice"
        return [
            path("<int:notice_id>/do/<slug:step>/", gate(FORM(settle)), name=f"{name}_settle"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return require_safe(notice_page)(request, object_id)

    @admin.display(description="State")
    def standing(self, notice: RecipientNotice) -> SafeString:
        return standing(notice)


def standing(notice: RecipientNotice) -> SafeString:
    """Where a notice stands, as a badge with its day."""
    today = timezone.localdate()
    if notice.acknowledged_on:
        return format_html("{} {}", badge("Confirmed", "good"), date_format(notice.acknowledged_on))
    if notice.impossible_on:
        return format_html(
            "{} {}", badge("Cannot be told", "quiet"), date_format(notice.impossible_on)
        )
    if notice.told_on:
        late = notice.told_on < today - recipients.CONFIRM_WITHIN
        return format_html(
            "{} {}",
            badge("Not confirmed", "warning" if late else "quiet"),
            date_format(notice.told_on),
        )
    return badge("Overdue", "danger") if notice.due_on < today else badge("To tell", "warning")


def _notice(request: HttpRequest, notice_id: str, permission: str) -> RecipientNotice:
    if not request.user.has_perm(permission):
        raise PermissionDenied
    key = int(notice_id) if notice_id.isdigit() and len(notice_id) < 19 else 0
    rows: QuerySet[RecipientNotice] = visible(
        RecipientNotice.objects.select_related("case", "case__customer"), staff(request)
    )
    return get_object_or_404(rows, pk=key)


def notice_page(request: HttpRequest, notice_id: str) -> HttpResponse:
    """One recipient: of whom they are to be told, what, and what happened so far."""
    notice = _notice(request, notice_id, "cases.view_recipientnotice")
    if notice.case.customer_id:
        audit.customer_viewed(by=staff(request).actor, subject=notice.case.customer_id)
    names = names_of(filter(None, (notice.told_by, notice.acknowledged_by)))
    return page(
        request,
        "admin/outcomes/notice.html",
        {
            "title": f"Tell {notice.recipient_name}",
            "notice": notice,
            "standing": standing(notice),
            "case_url": case_url(notice.case_id),
            "told_by": names.get(notice.told_by, ""),
            "acknowledged_by": names.get(notice.acknowledged_by, ""),
            "acts": request.user.has_perm(CHANGE_NOTICE),
            "fields": [FIELDS.get(name, name) for name in notice.fields],
            "list_url": reverse("admin:cases_recipientnotice_changelist"),
        },
    )


def settle(request: HttpRequest, notice_id: int, step: str) -> HttpResponse:
    """They were told, they confirmed, or they cannot be told."""
    notice = _notice(request, str(notice_id), CHANGE_NOTICE)
    steps: dict[str, tuple[Callable[..., object], type[ActionForm], str]] = {
        "told": (recipients.tell, forms.NoticeDayForm, "They were told"),
        "confirmed": (recipients.acknowledge, forms.NoticeDayForm, "They confirmed"),
        "impossible": (recipients.give_up, forms.WhyForm, "They cannot be told"),
    }
    if step not in steps:
        raise Http404
    settled, form_class, title = steps[step]

    def action(given: dict[str, Any]) -> str:
        settled(notice, **given, by=staff(request).actor, now=timezone.now())
        return "Noted."

    return action_page(
        request,
        form_class(request.POST if request.method == "POST" else None),
        action,
        title=f"{notice.recipient_name}: {title[0].lower()}{title[1:]}",
        explanation="",
        back=reverse("admin:cases_recipientnotice_change", args=[notice.pk]),
        case=notice.case,
    )
