"""Holds and purges on the desk: to look at; a hold is placed and released on its customer's
page."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet, Sum
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.desk import ReadOnlyAdmin, names_of, staff
from compliance.retention import panels, views  # noqa: F401  adds to the customer's page
from compliance.retention.models import LegalHold, PurgeProgress, PurgeRun
from customers.desk import RecordAdmin
from customers.desk_tables import as_table, badge
from customers.panels import sees_investigations


class InPlace(admin.SimpleListFilter):
    """Holds in place, unless the released ones or all are asked for."""

    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("released", "Released"), ("all", "All")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        yield {
            "selected": self.value() is None,
            "display": "In place",
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
        }
        yield from list(super().choices(changelist))[1:]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LegalHold]) -> QuerySet[LegalHold]:
        if self.value() == "all":
            return queryset
        return queryset.filter(released_on__isnull=self.value() != "released")


class ByKind(admin.SimpleListFilter):
    """What for; only those who may know of an investigation are offered one."""

    title, parameter_name = "kind", "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        every = sees_investigations(staff(request))
        return [
            (kind.value, str(kind.label))
            for kind in LegalHold.Kind
            if every or kind != LegalHold.Kind.FRAUD
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LegalHold]) -> QuerySet[LegalHold]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(LegalHold)
class LegalHoldAdmin(RecordAdmin):
    """Sorted by the day on which somebody must look again; those whose day has come are marked."""

    list_display = ("kind", "person", "placed_at", "review", "released_on")
    list_filter = (InPlace, ByKind)
    fields = (
        "person",
        "kind",
        "reason",
        "answers_for_it",
        "placed_at",
        "review",
        "released_on",
        "released_by",
    )
    readonly_fields = ("review", "answers_for_it")
    ordering = ("review_on", "pk")

    def get_urls(self) -> list[URLPattern]:
        gate = self.admin_site.admin_view
        return [
            path(
                "place/<uuid:customer_id>/",
                gate(views.place_hold),
                name="retention_legalhold_place",
            ),
            path(
                "<uuid:hold_id>/review/",
                gate(views.review_hold),
                name="retention_legalhold_review",
            ),
            path(
                "<uuid:hold_id>/release/",
                gate(views.release_hold),
                name="retention_legalhold_release",
            ),
            *super().get_urls(),
        ]

    @admin.display(description="Review on")
    def review(self, hold: LegalHold) -> SafeString | str:
        if hold.released_on or hold.review_on >= timezone.localdate():
            return date_format(hold.review_on)
        return format_html("{} {}", date_format(hold.review_on), badge("Review overdue", "warning"))

    @admin.display(description="Answers for it")
    def answers_for_it(self, hold: LegalHold) -> str:
        return names_of([hold.owner])[hold.owner]


@admin.register(PurgeRun)
class PurgeRunAdmin(ReadOnlyAdmin):
    """What each purge did."""

    empty_text = (
        "No purge has run yet. It runs every night once its timer is on; "
        "retention_purge --dry-run tries it."
    )

    list_display = ("id", "as_of", "started_at", "finished_at", "outcome", "category", "started_by")
    list_filter = ("outcome",)
    fields = ("as_of", "category", "started_at", "finished_at", "started_by", "outcome", "erased")
    readonly_fields = ("erased",)
    ordering = ("-pk",)

    def get_urls(self) -> list[URLPattern]:
        gate = self.admin_site.admin_view
        return [
            path("clocks/", gate(views.clocks), name="retention_purgerun_clocks"),
            *super().get_urls(),
        ]

    @admin.display(description="Records erased")
    def erased(self, run: Model) -> SafeString | str:
        """How many records of each kind went, under the rule that decided."""
        counts = (
            PurgeProgress.objects.filter(run=run.pk)
            .values_list("model", "rule")
            .order_by("model", "rule")
            .annotate(Sum("erased"))
        )
        return as_table(
            [
                [("Records", model), ("Rule", rule), ("Erased", f"{erased:,}")]
                for model, rule, erased in counts
            ]
        )
