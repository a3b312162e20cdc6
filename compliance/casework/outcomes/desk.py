"""Effects on the desk: the form of each with what it will do, what was carried out, and the files
that were made."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from accounts.desk import FORM, staff
from accounts.desk_form import hand_out
from accounts.http import SeeOther
from audit import events as audit
from compliance import outcomes
from compliance.cases.models import Case, DataCopy, Outcome, Statement
from compliance.cases.rights.erasure import ASKED_FOR, SOME
from compliance.casework.actions import work
from compliance.casework.outcomes import (
    desk_restrictions,  # noqa: F401 registers its own
    desk_stops,  # noqa: F401 registers its own
    forms,
)
from compliance.casework.outcomes.correct_form import CorrectForm
from compliance.casework.outcomes.desk_pages import OfCaseAdmin, action_page, case_url
from compliance.casework.outcomes.erase_form import EraseForm
from compliance.outcomes import agencies, portability
from compliance.outcomes.base import ADD
from customers.desk import RecordAdmin
from customers.forms import ActionForm

ANSWERED = "The answer is on its way, and the case is closed."
# The form of each effect; of one that is not named here, the button alone.
FORMS: dict[str, type[forms.EffectForm]] = {
    "correct": CorrectForm,
    "statement": forms.StatementForm,
    "erase": EraseForm,
    "restrict": forms.RestrictForm,
    "objection": forms.WeighObjectionForm,
    "stop_marketing": forms.PressEffectForm,
    "stop_marketing_too": forms.PressEffectForm,
    "make_file": forms.MakeFileForm,
    "prepare_copy": forms.PrepareForm,
    "nothing_held": forms.NothingForm,
    "release_copy": forms.ReleaseForm,
    "withdraw_copy": forms.WithdrawCopyForm,
    "agencies": forms.AnswerFromLogForm,
    "review": forms.NoteReviewForm,
    "complaint": forms.NoteFindingsForm,
    "help_estate": forms.SeenToForm,
}
# What stands above the form of some effects.
SHOWN: dict[str, Callable[[Case, Any], dict[str, Any]]] = {
    "erase": lambda case, form: _plan(form),
    "agencies": lambda case, form: {"asked": agencies.findings(case, today=timezone.localdate())},
}


def _plan(form: EraseForm) -> dict[str, Any]:
    """What becomes of each kind of record by the choice that stands in the form."""
    form.is_valid()
    return {
        "plan": form.plan,
        "suppresses": form.choice.chosen is None,
        "others": form.others,
        "otherwise": form.choice.otherwise,
        "words": form.case.words if form.asked == ASKED_FOR[SOME] else "",
    }


def carry_out(request: HttpRequest, case_id: int, code: str) -> HttpResponse:
    """The form of one effect, with what it will do; then the effect; then the case's page."""
    effect = outcomes.EFFECTS.get(code)
    if effect is None:
        raise Http404
    if not request.user.has_perm(effect.permission):
        raise PermissionDenied
    case = get_object_or_404(Case.objects.select_related("customer"), pk=case_id)
    if effect not in outcomes.OF_KIND[case.kind]:
        raise Http404
    why_not = effect.why_not(case, carried_out=case.outcomes.filter(effect=code).exists())
    if case.customer_id:
        audit.customer_viewed(by=staff(request).actor, subject=case.customer_id)
    if request.POST.get("click") and effect.closes and effect.click(case) is None:
        messages.warning(
            request, "Something about this one is to be decided. Nothing was sent yet."
        )
        return SeeOther(request.path)

    def action(given: dict[str, Any]) -> str:
        by, now = staff(request).actor, timezone.now()
        with transaction.atomic():
            outcomes.carry_out(case, code, given, by=by, now=now)
            if effect.closes:
                work.complete(case, text=given.get("text", ""), by=by, now=now)
        return ANSWERED if effect.closes else f"Done: {effect.label.lower()}."

    data = request.POST if request.method == "POST" else None
    form: ActionForm | None = ActionForm(data) if data else None
    if not why_not or (effect.closes and data):
        form = FORMS.get(code, forms.PressEffectForm)(data, case=case)
    shown = SHOWN[code](case, form) if code in SHOWN and not why_not else {}
    return action_page(
        request,
        form,
        action,
        title=effect.label,
        explanation=effect.says if form else why_not,
        back=case_url(case_id),
        then=lambda: effect.page(case) or case_url(case_id),
        case=case,
        **shown,
    )


@admin.register(Outcome)
class OutcomeAdmin(OfCaseAdmin):
    """What was carried out, the newest first."""

    empty_text = "Nothing was carried out yet. It is done from the page of a case."
    list_display = ("at", "what", "request_of", "person", "by")
    fields = ("what", "request_of", "person", "at", "by", "lines_told", "for_colleagues")
    readonly_fields = fields
    ordering = ("-pk",)

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "case/<int:case_id>/<slug:code>/",
                self.admin_site.admin_view(FORM(carry_out)),
                name="cases_outcome_carry_out",
            ),
            *super().get_urls(),
        ]

    @admin.display(description="What")
    def what(self, row: Outcome) -> str:
        known = outcomes.EFFECTS.get(row.effect)
        return known.label if known else "The restriction was lifted"

    @admin.display(description="What they are told")
    def lines_told(self, row: Outcome) -> SafeString | str:
        return _listed([f"{line.what}: {line.sentences}" for line in outcomes.told_of(row)])

    @admin.display(description="For colleagues")
    def for_colleagues(self, row: Outcome) -> SafeString | str:
        return _listed(
            [f"{name.replace('_', ' ').capitalize()}: {said}" for name, said in row.reasons.items()]
        )


def _listed(texts: list[str]) -> SafeString | str:
    if not texts:
        return "-"
    return format_html(
        "<ul>{}</ul>", SafeString("").join(format_html("<li>{}</li>", text) for text in texts)
    )


@admin.register(DataCopy)
class DataCopyAdmin(OfCaseAdmin):
    """Files that were made for people. Handed out from here only to be posted."""

    empty_text = "No file was made yet."
    list_display = ("made_at", "request_of", "person", "records", "expires_at", "downloads", "post")
    fields = readonly_fields = (
        "request_of",
        "person",
        "made_at",
        "expires_at",
        "size",
        "records",
        "digest",
        "downloads",
        "last_download_at",
    )
    ordering = ("-pk",)

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:case_id>/fetch/",
                self.admin_site.admin_view(require_POST(fetch)),
                name="cases_datacopy_fetch",
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content")

    @admin.display(description="By post")
    def post(self, row: DataCopy) -> SafeString | str:
        if row.expires_at <= timezone.now():
            return "Over"
        return format_html(
            '<a href="{}">Take it out</a>', reverse("admin:cases_datacopy_change", args=[row.pk])
        )


def fetch(request: HttpRequest, case_id: int) -> HttpResponse:
    """Hand the file of a case to a member of staff, who puts it on a medium and posts it."""
    if not request.user.has_perm(ADD):
        raise PermissionDenied
    case = get_object_or_404(Case, pk=case_id)
    return hand_out(
        request,
        lambda: portability.fetch(case, by=staff(request).actor, now=timezone.now()),
        case_url(case.pk),
        content_type="application/zip",
    )


@admin.register(Statement)
class StatementAdmin(RecordAdmin):
    """What people say beside data that we found to be right."""

    empty_text = "Nobody has sent a statement."
    list_display = ("id", "at", "person")
    fields = readonly_fields = ("person", "at", "text")
    ordering = ("-pk",)
