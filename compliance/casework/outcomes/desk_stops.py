"""Uses that stopped for good because an objection was upheld: the list, and ending one when the
person allows the use again."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.desk import FORM, FirstFilter, fetch, staff
from compliance.cases.models import ProcessingStop
from compliance.casework.outcomes import forms
from compliance.disclosures.models import purposes_in_words
from compliance.outcomes import stops
from customers.desk import RecordAdmin, action_page

CHANGE_STOP = "cases.change_processingstop"


class StopState(FirstFilter):
    """Stops in force, unless those that ended or all are asked for."""

    title, parameter_name, first = "state", "state", "In force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ended", "Ended"), ("all", "All")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(ended_on__isnull=self.value() != "ended")


@admin.register(ProcessingStop)
class ProcessingStopAdmin(RecordAdmin):
    """Whose data is not used for what. It begins when an objection is upheld in its case."""

    empty_text = "No use has stopped for anybody."
    list_display = ("id", "person", "use", "began_at", "ended_on")
    list_filter = (StopState, "purpose")
    fields = readonly_fields = ("person", "use", "began_at", "ended_on", "why_ended")
    ordering = ("-began_at", "-pk")
    change_form_template = "admin/outcomes/stop.html"

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:stop_id>/allow/",
                self.admin_site.admin_view(FORM(allow_again)),
                name="cases_processingstop_allow",
            ),
            *super().get_urls(),
        ]

    @admin.display(description="Use")
    def use(self, row: ProcessingStop) -> str:
        return purposes_in_words()(row.purpose)


def allow_again(request: HttpRequest, stop_id: int) -> HttpResponse:
    """The person allows a use again."""
    row = fetch(request, ProcessingStop, stop_id, CHANGE_STOP)
    by = staff(request).actor

    def end(given: dict[str, Any]) -> str:
        stops.end(row, why=given["why"], by=by, now=timezone.now())
        return "Noted: the use may go on, and whoever was told to stop is to be told so."

    return action_page(
        request,
        row.customer,
        forms.AllowAgainForm,
        title="They allow it again",
        explanation="A use that stopped because they objected goes on only when they themselves "
        "say so.",
        perform=end,
        back=reverse("admin:cases_processingstop_change", args=[row.pk]),
    )
