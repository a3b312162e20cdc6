"""What the desk's pages of effects have in common: one form and one action in a case, and lists of
what hangs on it."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import desk_form
from compliance.cases.models import Case
from customers.desk import RecordAdmin
from customers.forms import ActionForm


def case_url(case_id: int) -> str:
    """The page of a case."""
    return reverse("admin:cases_case_change", args=[case_id])


def case_url_of(reference: str) -> str:
    """The page of the case of a public reference; empty when there is none."""
    found = Case.objects.filter(reference=reference).values_list("pk", flat=True).first()
    return case_url(found) if found else ""


def trail(case: Case) -> list[tuple[str, str]]:
    """The pages above one of a case, by label and address."""
    return [
        ("Requests", reverse("admin:cases_case_changelist")),
        (case.reference, case_url(case.pk)),
    ]


def action_page(
    request: HttpRequest,
    form: ActionForm | None,
    action: desk_form.Action,
    *,
    case: Case,
    **words: Any,
) -> HttpResponse:
    """One form and one action in a case (see `accounts.desk_form.action_page`)."""
    whose = f"{case.reference} · {case.customer}" if case.customer else case.reference
    return desk_form.action_page(
        request,
        form,
        action,
        trail=trail(case),
        about=case.get_kind_display(),
        number=whose,
        template="admin/outcomes/action.html",
        **words,
    )


class OfCaseAdmin(RecordAdmin):
    """Records that hang on a case."""

    list_select_related = ("case",)

    def customer_id(self, record: Model) -> Any:
        return record.case.customer_id  # type: ignore[attr-defined]  # of a case, whatever the model

    @admin.display(description="Case")
    def request_of(self, record: Model) -> SafeString:
        case = record.case  # type: ignore[attr-defined]  # of a case, whatever the model
        return format_html('<a href="{}">{}</a>', case_url(case.pk), case.reference)
