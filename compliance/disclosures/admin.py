"""The log of disclosures on the desk, and withdrawn filings. Entries come in by import, by
screening and by fraud work."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.desk import staff
from compliance.disclosures import desk, fraud_desk, panels  # noqa: F401  panels add to the customer's page
from compliance.disclosures.models import Disclosure, FilingWithdrawal
from customers.desk import RecordAdmin, page_url
from customers.panels import visible


@admin.register(Disclosure)
class DisclosureAdmin(RecordAdmin):
    """What left the building, the newest first."""

    empty_text = (
        "Nothing like that has left the building. Entries come in by import_data disclosures, by "
        "screening a list "
        "for a partner, and by fraud work."
    )
    change_list_template = "admin/disclosures/list.html"
    list_display = ("id", "occurred_on", "kind", "recipient_name", "person")
    list_filter = (desk.ByKind, desk.ByRecipient, desk.ByPeriod)
    fields = (
        "person",
        "kind",
        "occurred_on",
        "recipient_name",
        "purpose",
        "application",
        "negotiations_ended_on",
        "credit_account",
        "detail",
        "reference",
    )
    ordering = ("-occurred_on", "-pk")

    def get_urls(self) -> list[URLPattern]:
        gate, name = self.admin_site.admin_view, "disclosures_disclosure"
        return [
            path("find/", gate(require_POST(desk.find)), name=f"{name}_find"),
            path("export/", gate(require_POST(self.export)), name=f"{name}_export"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), staff(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        whose = desk.of_whom(request)
        return super().changelist_view(
            request,
            {
                "query": request.GET.urlencode(),
                "whose": whose,
                "whose_url": page_url(whose.pk) if whose else "",
                **(extra_context or {}),
            },
        )

    def export(self, request: HttpRequest) -> StreamingHttpResponse:
        """The list as it is narrowed, as CSV."""
        if not request.user.has_perm(desk.VIEW):
            raise PermissionDenied
        rows: QuerySet[Any] = self.get_changelist_instance(request).get_queryset(request)
        used = [
            f"{name}={value}" if name in FILTERS else "customer"
            for name, value in sorted(request.GET.items())
            if name in (*FILTERS, "customer__id__exact")
        ]
        return StreamingHttpResponse(
            desk.lines(rows, by=staff(request).actor, filters=used),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": "attachment; "
                f'filename="disclosures-{timezone.localdate():%Y-%m-%d}.csv"',
                "Cache-Control": "no-store, private",
            },
        )


FILTERS = {one.parameter_name for one in DisclosureAdmin.list_filter}


class WithdrawalState(admin.SimpleListFilter):
    """Where a withdrawal stands."""

    title, parameter_name = "state", "state"
    WANTED = {
        "to_tell": Q(told_on__isnull=True),
        "told": Q(told_on__isnull=False, confirmed_on__isnull=True),
        "confirmed": Q(confirmed_on__isnull=False),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("to_tell", "To tell"),
            ("overdue", "Overdue"),
            ("told", "Told, not confirmed"),
            ("confirmed", "Confirmed"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "overdue":
            return queryset.filter(told_on__isnull=True, due_on__lt=timezone.localdate())
        wanted = self.WANTED.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(wanted)


@admin.register(FilingWithdrawal)
class FilingWithdrawalAdmin(RecordAdmin):
    """Filings that were found wrong, the earliest due first. Each is worked on from its customer's
    page, under Fraud work."""

    empty_text = "No filing was withdrawn."
    list_display = ("id", "agency", "person", "withdrawn_on", "due_on", "told_on", "confirmed_on")
    list_filter = (WithdrawalState,)
    list_select_related = ("filing",)
    fields = readonly_fields = (
        "person",
        "agency",
        "why",
        "withdrawn_on",
        "due_on",
        "told_on",
        "confirmed_on",
    )
    ordering = ("due_on", "pk")

    def get_urls(self) -> list[URLPattern]:
        gate, name = self.admin_site.admin_view, "disclosures_fraud"
        return [
            path(
                "open/<uuid:customer_id>/<slug:step>/",
                gate(fraud_desk.open_one),
                name=f"{name}_open",
            ),
            path(
                "marker/<int:marker_id>/<slug:step>/", gate(fraud_desk.work_on), name=f"{name}_work"
            ),
            path(
                "filing/<int:filing_id>/<slug:step>/",
                gate(fraud_desk.follow_up),
                name=f"{name}_follow",
            ),
            *super().get_urls(),
        ]

    def customer_id(self, record: Model) -> Any:
        return record.filing.customer_id  # type: ignore[attr-defined]  # made by Django

    @admin.display(description="Agency")
    def agency(self, row: FilingWithdrawal) -> str:
        return row.filing.recipient_name
