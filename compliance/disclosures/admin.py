"""The log of disclosures on the desk. Entries come in by import, by
screening and by fraud work."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import desk_form
from accounts.desk import staff
from compliance.disclosures import against, alerts, desk, fraud_desk, instruction_desk, panels  # noqa: F401  they register their own
from compliance.disclosures.models import Disclosure
from customers.desk import RecordAdmin, page_url
from customers.panels import visible


@admin.register(Disclosure)
class DisclosureAdmin(RecordAdmin):
    """What left the building, the newest first."""

    empty_text = (
        "The log has nothing. Entries come in by import_data disclosures, by screening a list for "
        "a partner, by fraud work, and by a colleague who writes one down."
    )
    change_list_template = "admin/disclosures/list.html"
    list_display = ("occurred_on", "kind", "recipient_name", "person")
    list_filter = (desk.ByKind, desk.ByRecipient, desk.ByPeriod, desk.AgainstAStop)
    actions = ("looked_into",)  # type: ignore[assignment]  # the desk's other lists have none
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
        "against",
        "looked_into_on",
    )
    ordering = ("-occurred_on", "-pk")

    def get_urls(self) -> list[URLPattern]:
        gate, name = self.admin_site.admin_view, "disclosures_disclosure"
        return [
            path("find/", gate(require_POST(desk.find)), name=f"{name}_find"),
            path("export/", gate(require_POST(self.export)), name=f"{name}_export"),
            path(
                "write-down/<uuid:customer_id>/",
                gate(panels.write_one_down),
                name=f"{name}_write_down",
            ),
            path(
                "fraud/open/<uuid:customer_id>/<slug:step>/",
                gate(fraud_desk.open_one),
                name="disclosures_fraud_open",
            ),
            path(
                "fraud/decide/<uuid:customer_id>/<slug:act>/",
                gate(fraud_desk.decide),
                name="disclosures_fraud_decide",
            ),
            path(
                "fraud/marker/<uuid:marker_id>/<slug:step>/",
                gate(fraud_desk.work_on),
                name="disclosures_fraud_work",
            ),
            path(
                "fraud/filing/<uuid:filing_id>/withdraw/",
                gate(fraud_desk.withdraw),
                name="disclosures_fraud_withdraw",
            ),
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

    def get_actions(self, request: HttpRequest) -> Any:
        """To note that it was looked into: where that is what is listed, for whoever may."""
        listed = desk.AgainstAStop.parameter_name in request.GET
        return super().get_actions(request) if listed and request.user.has_perm(alerts.LOOK) else {}

    @admin.action(description="We have looked into these")
    def looked_into(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
        """Note that somebody found out how they came to go out."""

        def note() -> str:
            ids = list(rows.values_list("pk", flat=True))
            done = against.looked_into(ids, by=staff(request).actor, now=timezone.now())
            return f"Noted for {done:,}: somebody has looked into it."

        return desk_form.press(request, note, request.get_full_path())

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
