"""Customers on the desk: search and page instead of Django's list and form; a plain list for each
kind of record."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.desk import FirstFilter, OwnPage, ReadOnlyAdmin
from customers import desk_views, models
from customers.desk import RecordAdmin
from customers.desk_tables import as_table, pounds


@admin.register(models.Customer)
class CustomerAdmin(OwnPage, ReadOnlyAdmin):
    """No list of all customers: one is found by what they say, and only by POST."""

    def get_urls(self) -> list[URLPattern]:
        gate = self.admin_site.admin_view
        return [
            path(
                "<uuid:customer_id>/end/",
                gate(desk_views.end_relationship),
                name="customers_customer_end",
            ),
            path(
                "<uuid:customer_id>/resume/",
                gate(desk_views.resume_relationship),
                name="customers_customer_resume",
            ),
            path(
                "<uuid:customer_id>/note/",
                gate(desk_views.add_note),
                name="customers_customer_note",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return desk_views.find(request)

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return desk_views.page(request, object_id)


@admin.register(models.ContactPoint)
class ContactPointAdmin(RecordAdmin):
    list_display = ("id", "kind", "person", "valid_from", "valid_to", "source")
    list_display_links = ("id",)
    fields = ("person", "kind", "value", "valid_from", "valid_to", "source")
    ordering = ("-pk",)


@admin.register(models.PaymentCard)
class PaymentCardAdmin(RecordAdmin):
    list_display = ("id", "person", "expires_on", "last_used_on")
    list_filter = ("expires_on", "last_used_on")
    fields = ("person", "last_four", "expires_on", "issue_number", "last_used_on")
    ordering = ("-expires_on", "-pk")


@admin.register(models.Order)
class OrderAdmin(RecordAdmin):
    list_display = ("number", "person", "placed_on", "delivered_on", "total")
    list_filter = ("placed_on",)
    fields = (
        "number",
        "person",
        "placed_on",
        "delivered_on",
        "total",
        "financial_year_end",
        "products",
    )
    ordering = ("-placed_on", "-pk")

    @admin.display(description="Products")
    def products(self, order: models.Order) -> SafeString | str:
        return as_table(
            [
                [
                    ("Product", line.product_code),
                    ("Description", line.description or None),
                    ("Quantity", line.quantity),
                    ("Each", pounds(line.unit_price)),
                    ("Safety-critical", "Yes" if line.safety_critical else "No"),
                    ("Supplied", line.supplied_on),
                ]
                for line in order.lines.all()
            ]
        )


@admin.register(models.OrderLine)
class OrderLineAdmin(RecordAdmin):
    list_display = (
        "id",
        "product_code",
        "description",
        "quantity",
        "safety_critical",
        "supplied_on",
    )
    list_filter = ("safety_critical",)
    fields = (
        "person",
        "line_number",
        "product_code",
        "description",
        "quantity",
        "unit_price",
        "safety_critical",
        "supplied_on",
    )
    ordering = ("-pk",)

    def customer_id(self, record: Model) -> Any:
        return cast(models.OrderLine, record).order.customer_id


@admin.register(models.CreditAccount)
class CreditAccountAdmin(RecordAdmin):
    list_display = ("account_number", "person", "opened_on", "status", "ended_on", "defaulted_on")
    list_filter = ("ended_on", "default_resolved_on")
    fields = (
        "account_number",
        "person",
        "opened_on",
        "credit_limit",
        "balance",
        "status",
        "ended_on",
        "defaulted_on",
        "default_resolved_on",
    )
    ordering = ("-pk",)


@admin.register(models.FraudMarker)
class FraudMarkerAdmin(RecordAdmin):
    list_display = (
        "reference",
        "person",
        "status",
        "opened_on",
        "review_on",
        "closed_on",
        "filed_on",
    )
    list_filter = ("closed_on", "filed_on")
    fields = (
        "reference",
        "person",
        "status",
        "details",
        "opened_on",
        "review_on",
        "goes_on_because",
        "closed_on",
        "filed_on",
    )
    ordering = ("-opened_on", "-pk")


@admin.register(models.FinancialLink)
class FinancialLinkAdmin(RecordAdmin):
    list_display = ("id", "person", "kind", "linked_on", "disassociated_on")
    list_filter = ("disassociated_on",)
    fields = ("person", "kind", "linked_person", "linked_on", "disassociated_on")
    ordering = ("-pk",)


class SupportNeeds(FirstFilter):
    """All notes, unless support needs are asked for."""

    title, parameter_name, first = "support needs", "support", "All notes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("due", "Support needs to look at"), ("all", "Support needs")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "due":
            return queryset.to_look_at(timezone.localdate())
        return queryset.support_needs() if self.value() == "all" else queryset


@admin.register(models.ContactNote)
class ContactNoteAdmin(RecordAdmin):
    list_display = ("id", "person", "kind", "at", "looked_at_on", "thread_closed_on")
    list_filter = (SupportNeeds, "thread_closed_on")
    fields = (
        "person",
        "kind",
        "at",
        "text",
        "taken_by",
        "looked_at_on",
        "support_ended_on",
        "thread_closed_on",
        "reference",
    )
    ordering = ("-pk",)

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:note_id>/support/",
                self.admin_site.admin_view(desk_views.look_at_support_need),
                name="customers_contactnote_support",
            ),
            *super().get_urls(),
        ]
