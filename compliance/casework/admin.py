"""The list of cases on the desk, in the order of urgency, and the way to everything that is done
with one."""

import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.desk import OwnPage, staff
from compliance.cases.buckets import URGENCY, Bucket, bucket
from compliance.cases.models import Case
from compliance.casework.bank_holidays import admin as bank_holidays_admin  # noqa: F401  registers its pages
from compliance.casework.desk import export, filters, panel, tasks, views  # noqa: F401  panel and tasks register themselves
from compliance.casework.desk.counts import TONES, VIEW, counts
from compliance.casework.desk.page import time_left
from compliance.casework.outcomes import desk  # noqa: F401  registers its pages
from compliance.deadlines.wording import words_of
from compliance.letters import admin as letters_admin  # noqa: F401  registers its pages
from customers.desk import RecordAdmin


@admin.register(Case)
class CaseAdmin(OwnPage, RecordAdmin):
    """Every list, badge and filter goes by the stored due date and by one function (`buckets`)."""

    empty_text = "No request is like that."
    change_list_template = "admin/cases/case/list.html"
    list_display = ("reference",)  # the template shows `rows`
    list_filter = (
        filters.ByBucket,
        filters.ByAssignee,
        filters.ByCaseKind,
        filters.ByStatus,
        filters.ByReceipt,
        filters.ByAttention,
    )
    list_select_related = ("assignee",)

    def get_urls(self) -> list[URLPattern]:
        gate, name = self.admin_site.admin_view, "cases_case"
        return [
            path("find/", gate(views.find), name=f"{name}_find"),
            path("export/", gate(require_POST(self.export)), name=f"{name}_export"),
            path("log/<uuid:customer_id>/", gate(views.log), name=f"{name}_log"),
            path("<int:case_id>/do/<slug:code>/", gate(views.do), name=f"{name}_do"),
            path("<int:case_id>/file/<int:file_id>/", gate(views.download), name=f"{name}_file"),
            *super().get_urls(),
        ]

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("-closed_on", "-pk") if filters.shows_closed(request) else URGENCY

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        response = super().changelist_view(
            request,
            {
                "figures": counts(timezone.localdate()),
                "query": request.GET.urlencode(),
                "closed": filters.shows_closed(request),
                **(extra_context or {}),
            },
        )
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            today = timezone.localdate()
            shown["rows"] = [self.row(case, today) for case in shown["cl"].result_list]
        return response

    def row(self, case: Case, today: datetime.date) -> dict[str, Any]:
        """One case of the list, in words."""
        urgency = bucket(case.due_on, today, is_open=case.is_open)
        return {
            "case": case,
            "url": views.case_url(case.pk),
            "badge": urgency.label,
            "tone": TONES[urgency],
            "due": words_of(case.due_on, False) if case.due_on else "",
            "left": time_left(case, today),
            "target": words_of(case.target_on, False)
            if case.is_open and case.target_on and not case.due_on
            else "",
            "closed": urgency == Bucket.CLOSED,
        }

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return views.show(request, object_id)

    def export(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """The list as it is narrowed, as CSV."""
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        found: QuerySet[Any] = self.get_changelist_instance(request).get_queryset(request)
        today = timezone.localdate()
        used = sorted(f"{name}={value}" for name, value in request.GET.items() if name in FILTERS)
        return StreamingHttpResponse(
            export.lines(found, today=today, by=staff(request).actor, filters=used),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="requests-{today:%Y-%m-%d}.csv"',
                "Cache-Control": "no-store, private",
            },
        )


FILTERS = {one.parameter_name for one in CaseAdmin.list_filter}
