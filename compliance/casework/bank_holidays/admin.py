"""Bank holidays on the desk: read by everybody there, changed by the data protection lead through
its own pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from accounts.desk import ReadOnlyAdmin, names_of
from compliance.casework.bank_holidays import views
from compliance.deadlines import bank_holidays
from compliance.deadlines.calendar import published_years
from compliance.deadlines.models import ConfirmedYear, ProclaimedDay
from compliance.register.row_admin import HasHistory
from customers.desk_tables import as_table, badge
from customers.nations import JURISDICTIONS


@admin.register(ProclaimedDay)
class ProclaimedDayAdmin(HasHistory, ReadOnlyAdmin):
    """Changes of the calendar, the latest day first."""

    empty_text = (
        "No change is entered. The calendar is the government's list as it was when "
        "this version was made."
    )
    list_display = ("when", "jurisdiction", "name", "what", "proclaimed_on")
    list_display_links = ("when",)
    list_filter = ("jurisdiction",)
    fields = readonly_fields = (
        "day",
        "jurisdiction",
        "name",
        "what",
        "proclaimed_on",
        "source",
        "withdrawn_on",
    )

    def get_urls(self) -> list[URLPattern]:
        gate = self.admin_site.admin_view
        return [
            path("proclaim/", gate(views.proclaim), name="deadlines_proclaimedday_proclaim"),
            path(
                "<int:row_id>/withdraw/",
                gate(views.withdraw),
                name="deadlines_proclaimedday_withdraw",
            ),
            *super().get_urls(),
        ]

    @admin.display(description="Day", ordering="day")
    def when(self, row: ProclaimedDay) -> str:
        return date_format(row.day, "l j F Y")

    @admin.display(description="What happens")
    def what(self, row: ProclaimedDay) -> SafeString | str:
        if row.withdrawn_on:
            return badge(f"Withdrawn on {date_format(row.withdrawn_on)}", "quiet")
        return row.get_change_display()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may = request.user.has_perm("deadlines.add_proclaimedday")
        return super().changelist_view(request, {**(extra_context or {}), "may_proclaim": may})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        may = request.user.has_perm("deadlines.change_proclaimedday")
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "may_withdraw": may}
        )


@admin.register(ConfirmedYear)
class ConfirmedYearAdmin(ReadOnlyAdmin):
    """Years that somebody compared with the government's list; the next one to compare is offered
    above the list."""

    list_display = ("year", "source", "confirmed_at", "who")
    fields = readonly_fields = ("year", "source", "confirmed_at", "who", "as_confirmed")
    sortable_by = ()

    @property
    def empty_text(self) -> str:  # type: ignore[override]  # a property here, a text there
        years = published_years()
        return (
            f"This version came with the government's list for {min(years)} to {max(years)}. "
            "Later years are confirmed "
            "here, one by one."
        )

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "compare/<int:year>/",
                self.admin_site.admin_view(views.compare),
                name="deadlines_confirmedyear_compare",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        holidays, today = bank_holidays.current(), timezone.localdate()
        beyond = max(published_years() | holidays.confirmed) + 1
        years = bank_holidays.unconfirmed(holidays, today) or [beyond]
        return super().changelist_view(
            request, {**(extra_context or {}), "years": sorted({today.year, *years})}
        )

    @admin.display(description="Confirmed by")
    def who(self, row: ConfirmedYear) -> str:
        return names_of([row.confirmed_by])[row.confirmed_by]

    @admin.display(description="As it was confirmed")
    def as_confirmed(self, row: ConfirmedYear) -> SafeString | str:
        return as_table(
            [
                [("Where", JURISDICTIONS.get(place, place)), ("Days", ", ".join(days))]
                for place, days in row.days.items()
            ]
        )
