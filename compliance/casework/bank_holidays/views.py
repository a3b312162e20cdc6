"""Desk pages of bank holidays: put one into the calendar, take an entry back, confirm a year."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from accounts.desk import FORM, staff
from accounts.desk_form import Action, action_page
from compliance.casework.actions import recalculation
from compliance.casework.actions.recalculation import Changed
from compliance.casework.bank_holidays import forms
from compliance.deadlines import bank_holidays
from compliance.deadlines.calendar import FIRST_YEAR, LAST_YEAR, in_words, published_years
from compliance.deadlines.models import ConfirmedYear, ProclaimedDay
from customers.forms import ActionForm
from customers.nations import JURISDICTIONS


@FORM
def proclaim(request: HttpRequest) -> HttpResponse:
    _need(request, "add_proclaimedday")
    form = forms.ProclaimForm(request.POST if request.method == "POST" else None)

    def action(given: dict[str, Any]) -> str:
        return _said(recalculation.proclaim(**given, by=staff(request).actor, now=timezone.now()))

    title = "A bank holiday was proclaimed"
    return _act(request, form, action, ProclaimedDay, title=title, explanation="")


@FORM
def withdraw(request: HttpRequest, row_id: int) -> HttpResponse:
    _need(request, "change_proclaimedday")
    row = get_object_or_404(ProclaimedDay, pk=row_id)
    form = forms.WithdrawDayForm(request.POST if request.method == "POST" else None)

    def action(given: dict[str, Any]) -> str:
        return _said(
            recalculation.withdraw(row, **given, by=staff(request).actor, now=timezone.now())
        )

    return _act(
        request,
        form,
        action,
        ProclaimedDay,
        title=f"Withdraw: {row}",
        explanation=f"{row.name}: {row.get_change_display().lower()}. The entry stays here, with "
        "its history.",
    )


@FORM
def compare(request: HttpRequest, year: int) -> HttpResponse:
    """A year as the clock has it, beside a link to the published list, and the button that confirms
    it."""
    if not request.user.has_perm("deadlines.view_confirmedyear"):
        raise PermissionDenied
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    holidays = bank_holidays.current()
    seen = bank_holidays.fingerprint(bank_holidays.days_of(holidays, year))
    may = request.user.has_perm("deadlines.add_confirmedyear")
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = forms.ConfirmYearForm(
        request.POST if request.method == "POST" else None, initial={"seen": seen}
    )

    def action(given: dict[str, Any]) -> str:
        bank_holidays.confirm(year, **given, by=staff(request).actor, now=timezone.now())
        return f"The bank holidays of {year} are confirmed."

    return _act(
        request,
        form,
        action,
        ConfirmedYear,
        title=f"Bank holidays of {year}",
        explanation="",
        template="admin/deadlines/compare.html",
        year=year,
        may=may,
        lists=[(name, holidays.days(place, year)) for place, name in JURISDICTIONS.items()],
        shipped=year in published_years(),
        confirmed=ConfirmedYear.objects.filter(year=year).first(),
    )


def _act(
    request: HttpRequest,
    form: ActionForm,
    action: Action,
    model: Any,
    *,
    title: str,
    **context: Any,
) -> HttpResponse:
    """One form, one action, then the list."""
    back = reverse(f"admin:deadlines_{model._meta.model_name}_changelist")
    trail = [(capfirst(model._meta.verbose_name_plural), back)]
    return action_page(request, form, action, title=title, trail=trail, back=back, **context)


def _need(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(f"deadlines.{permission}"):
        raise PermissionDenied


def _said(changed: Changed) -> str:
    cases = (
        f"{changed.moved} open {'request has' if changed.moved == 1 else 'requests have'} "
        "another last day."
    )
    rest = " More follow in a moment." if changed.more else ""
    return f"The calendar is different now: {', '.join(in_words(changed.days))}. {cases}{rest}"
