"""Restrictions on the desk: the list, one of them with its next step, and the steps to its end."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.desk import FORM, FirstFilter, OwnPage, desk_page, fetch, names_of, staff
from accounts.desk_form import Action
from audit import events as audit
from compliance.cases.models import Restriction
from compliance.casework.outcomes import forms
from compliance.casework.outcomes.desk_pages import action_page, case_url
from compliance.outcomes import restriction, restriction_words
from customers.desk import RecordAdmin
from customers.desk_tables import badge
from customers.forms import ActionForm

CHANGE_RESTRICTION = "cases.change_restriction"


class RestrictionState(FirstFilter):
    """Restrictions in force, unless the lifted ones or all are asked for."""

    title, parameter_name, first = "state", "state", "In force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("narrow", "Marketing and erasure alone"),
            ("stranded", "Request has ended"),
            ("unheld", "Hold released"),
            ("lifted", "Lifted"),
            ("all", "All"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value()
        if state == "all":
            return queryset
        if state == "lifted":
            return queryset.filter(lifted_on__isnull=False)
        queryset = queryset.filter(lifted_on__isnull=True)
        if state == "stranded":
            return restriction.stranded(queryset)
        wanted = {
            "narrow": Q(confirmed_at__isnull=True),
            "unheld": Q(hold__released_on__isnull=False),
        }
        return queryset.filter(wanted.get(state or "", Q()))


@admin.register(Restriction)
class RestrictionAdmin(OwnPage, RecordAdmin):
    """Whose data is only stored for now. It is begun from a case, and lifted here after a
    warning."""

    empty_text = "Nobody’s use of data is restricted."
    list_display = ("id", "person", "ground", "began_at", "reach", "warned_on", "lifted_on")
    list_filter = (RestrictionState, "ground")
    ordering = ("-pk",)

    def get_urls(self) -> list[URLPattern]:
        gate, name = self.admin_site.admin_view, "cases_restriction"
        return [
            path(
                "<int:restriction_id>/do/<slug:step>/",
                gate(FORM(change_restriction)),
                name=f"{name}_step",
            ),
            *super().get_urls(),
        ]

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return restriction_page(request, object_id)

    @admin.display(description="Covers")
    def reach(self, row: Restriction) -> SafeString:
        if row.lifted_on:
            return badge("Nothing any more", "quiet")
        if row.confirmed_at:
            return badge("As confirmed", "good")
        return badge("Marketing and erasure", "danger")


def _restriction(request: HttpRequest, key: int | str, permission: str) -> Restriction:
    rows = Restriction.objects.select_related("case", "case__customer", "customer", "hold")
    return fetch(request, rows, key, permission)


def restriction_page(request: HttpRequest, restriction_id: str) -> HttpResponse:
    """One restriction: since when, how far, and the next step to its end."""
    row = _restriction(request, restriction_id, "cases.view_restriction")
    audit.customer_viewed(by=staff(request).actor, subject=row.customer_id)
    actors = names_of(filter(None, (row.began_by, row.confirmed_by, row.warned_by, row.lifted_by)))
    return desk_page(
        request,
        "admin/outcomes/restriction.html",
        {
            "trail": [("Restrictions", reverse("admin:cases_restriction_changelist"))],
            "title": f"Restriction {row.pk}",
            "row": row,
            "names": actors,
            "case_url": case_url(row.case_id),
            "began_by": actors.get(row.began_by),
            "confirmed_by": actors.get(row.confirmed_by),
            "lines": restriction_words.lines(row),
            "warned_by": actors.get(row.warned_by),
            "lifted_by": actors.get(row.lifted_by),
            "from_day": row.warned_on + restriction.NOTICE + restriction.A_DAY
            if row.warned_on
            else None,
            "may_lift": bool(
                row.warned_on and row.warned_on + restriction.NOTICE < timezone.localdate()
            ),
            "acts": request.user.has_perm(CHANGE_RESTRICTION) and not row.lifted_on,
        },
    )


def change_restriction(request: HttpRequest, restriction_id: int, step: str) -> HttpResponse:
    """Say what it covers, warn the person, or lift it."""
    row = _restriction(request, restriction_id, CHANGE_RESTRICTION)
    by, back = staff(request).actor, reverse("admin:cases_restriction_change", args=[row.pk])

    def scope(given: dict[str, Any]) -> str:
        restriction.widen(
            row,
            goes_on=given["goes_on"],
            purposes=given["purposes"],
            categories=given["categories"],
            by=by,
            now=timezone.now(),
        )
        return "Noted: this is what it covers. The systems that stop are on the list to be told."

    def hold(given: dict[str, Any]) -> str:
        restriction.hold_again(row, by=by, now=timezone.now())
        return "The purge is kept away again."

    def warn(given: dict[str, Any]) -> str:
        restriction.warn(
            row, text=given["text"], write=given["how"] == "write", by=by, now=timezone.now()
        )
        return "Noted: they know that it will be lifted."

    def lift(given: dict[str, Any]) -> str:
        restriction.lift(row, reason=given["reason"], by=by, now=timezone.now())
        return "The restriction is lifted."

    steps: dict[str, tuple[Callable[..., ActionForm], Action, str, str]] = {
        "scope": (
            partial(forms.ScopeForm, row=row),
            scope,
            "What the restriction covers",
            "Each use stops, or goes on for one of the reasons of the law (UK GDPR Article 18(2)). "
            "The person reads just this.",
        ),
        "hold": (
            forms.HoldAgainForm,
            hold,
            "Keep the purge away again",
            "The hold of this restriction was released. While it is in force nothing may be "
            "erased.",
        ),
        "warn": (
            forms.WarnForm,
            warn,
            "Tell them that it will be lifted",
            "The law wants the person to know before it ends (UK GDPR Article 18(3)).",
        ),
        "lift": (
            forms.LiftForm,
            lift,
            "Lift the restriction",
            "From then on the data is used and erased again as the register says.",
        ),
    }
    if step not in steps:
        raise Http404
    form_class, action, title, says = steps[step]
    form = form_class(request.POST if request.method == "POST" else None)
    return action_page(
        request, form, action, title=title, explanation=says, back=back, case=row.case
    )
