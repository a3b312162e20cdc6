"""What the desk's pages of effects have in common: one form and one action, and lists of what hangs
on a case."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from accounts.desk_form import Action, perform
from compliance.cases.models import Case
from customers.desk import RecordAdmin
from customers.forms import ActionForm

FORM, ACTION = require_http_methods(["GET", "HEAD", "POST"]), "admin/outcomes/action.html"


def case_url(case_id: int) -> str:
    """The page of a case."""
    return reverse("admin:cases_case_change", args=[case_id])


def case_url_of(reference: str) -> str:
    """The page of the case of a public reference; empty when there is none."""
    found = Case.objects.filter(reference=reference).values_list("pk", flat=True).first()
    return case_url(found) if found else ""


def action_page(
    request: HttpRequest,
    form: ActionForm,
    action: Action,
    *,
    title: str,
    explanation: str,
    back: str,
    then: Callable[[], str] | None = None,
    **context: Any,
) -> HttpResponse:
    """One form, one action, then the page that it came from, or that of `then`."""

    def show_form() -> HttpResponse:
        return page(
            request,
            ACTION,
            {"title": title, "explanation": explanation, "form": form, "back": back, **context},
        )

    return perform(request, form, action, then or back, show_form)


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context})


class OfCaseAdmin(RecordAdmin):
    """Records that hang on a case."""

    list_select_related = ("case",)

    def customer_id(self, record: Model) -> Any:
        return record.case.customer_id  # type: ignore[attr-defined]  # of a case, whatever the model

    @admin.display(description="Case")
    def request_of(self, record: Model) -> SafeString:
        case = record.case  # type: ignore[attr-defined]  # of a case, whatever the model
        return format_html('<a href="{}">{}</a>', case_url(case.pk), case.reference)
