"""What the desk's pages of effects have in common: one form and one action, and lists of what hangs
on a case."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from audit.actions import AlreadyDone, Refused
from customers.desk import RecordAdmin, SeeOther
from customers.forms import ActionForm

FORM, ACTION = require_http_methods(["GET", "HEAD", "POST"]), "admin/outcomes/action.html"


def case_url(case_id: int) -> str:
    """The page of a case."""
    return reverse("admin:cases_case_change", args=[case_id])


def act(
    request: HttpRequest,
    make: Callable[..., ActionForm],
    perform: Callable[[dict[str, Any]], str],
    *,
    title: str,
    explanation: str,
    back: str,
    **context: Any,
) -> HttpResponse:
    """One form, one action, then the page that it came from. A refusal becomes an error of the
    form; what was typed stays."""
    form = make(request.POST) if request.method == "POST" else make()
    if form.is_valid():
        try:
            messages.success(request, perform(form.cleaned_data))
            return SeeOther(back)
        except AlreadyDone as already:
            messages.info(request, str(already))
            return SeeOther(back)
        except Refused as refused:
            form.add_error(None, str(refused))
    return page(
        request,
        ACTION,
        {"title": title, "explanation": explanation, "form": form, "back": back, **context},
    )


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context})


class OfCaseAdmin(RecordAdmin):
    """Records that hang on a case."""

    list_select_related = ("case",)

    def customer_id(self, record: Model) -> Any:
        return record.case.customer_id  # type: ignore[attr-defined]

    @admin.display(description="Case")
    def request_of(self, record: Model) -> SafeString:
        case = record.case  # type: ignore[attr-defined]
        return format_html('<a href="{}">{}</a>', case_url(case.pk), case.reference)
