"""The pages of case work: one case, one page for each thing that can be done to it, its files,
logging a new one."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts.desk import FORM, desk_page, fetch, staff
from accounts.desk_form import perform
from accounts.http import SeeOther
from audit import events as audit
from audit.actions import Refused
from compliance import letters
from compliance.cases.actions import files
from compliance.cases.kinds import CaseKind, Requester
from compliance.cases.models import Attachment, Case
from compliance.casework.actions import intake, work
from compliance.casework.desk import page
from compliance.casework.desk.case_actions import CASE_ACTIONS, CaseAction
from compliance.casework.desk.counts import VIEW, WORK, list_url
from compliance.casework.desk.forms import CaseForm
from compliance.casework.desk.log_form import LogForm
from compliance.deadlines.wording import words_of
from compliance.letters.facts import promise
from customers.desk import action_page, get_customer_or_404, page_url
from customers.matching import Given
from customers.models import Customer
from customers.outbox.models import Message

LOG = "cases.add_case"


def case_url(case_id: int) -> str:
    """The address of a case's page."""
    return reverse("admin:cases_case_change", args=[case_id])


def _fetch(request: HttpRequest, case_id: int | str, permission: str) -> Case:
    """The case, for whoever may see it: 403 without the permission, 404 when there is none."""
    return fetch(request, Case.objects.select_related("customer", "assignee"), case_id, permission)


@require_safe
def show(request: HttpRequest, case_id: str) -> HttpResponse:
    """One case. That it was opened goes into the audit trail: its words are shown."""
    case = _fetch(request, case_id, VIEW)
    audit.case_viewed(by=staff(request).actor, subject=case.customer_id, case=case.pk)
    return desk_page(
        request,
        "admin/cases/case/page.html",
        {
            **page.context(request, case),
            "title": page.heading(case),
            "list_url": list_url(),
        },
    )


@FORM
def do(request: HttpRequest, case_id: int, code: str) -> HttpResponse:
    """One thing to be done: its form, which is also the confirmation; then the action; then the
    case's page."""
    case, chosen = _fetch(request, case_id, WORK), CASE_ACTIONS.get(code)
    if chosen is None:
        raise Http404
    form = chosen.form(
        request.POST if request.method == "POST" else None, request.FILES or None, case=case
    )

    def action(given: dict[str, Any]) -> str:
        chosen.perform(case, given, by=staff(request).actor, now=timezone.now())
        return chosen.done

    return perform(
        request, form, action, case_url(case.pk), lambda: _form_page(request, case, chosen, form)
    )


def _form_page(
    request: HttpRequest, case: Case, action: CaseAction, form: CaseForm
) -> HttpResponse:
    """The form of one thing to be done, with what it says and to whom it goes."""
    audit.case_viewed(by=staff(request).actor, subject=case.customer_id, case=case.pk)
    return desk_page(
        request,
        "admin/cases/case/do.html",
        {
            "title": action.label,
            "case": case,
            "form": form,
            "action": action,
            "says": action.explanation(case),
            "list_url": list_url(),
            "case_url": case_url(case.pk),
            **_addressee(case, form),
        },
    )


def _addressee(case: Case, form: CaseForm) -> dict[str, Any]:
    """Whether the person gets something, and where it goes; or why it cannot go anywhere."""
    if form.sends is None:
        return {"inside": True}
    try:
        where = letters.recipient(case, letters.letter_for(case, form.sends))
    except Refused as refused:
        return {"nowhere": str(refused)}
    return {"by_post": where.means == Message.Means.LETTER, "address": where.address}


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """A case by its reference, exactly. Sent by POST: people type other things into a search box
    too."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    typed = "".join(
        sign for sign in request.POST.get("reference", "")[:60].upper() if sign.isalnum()
    )
    signs = typed.removeprefix("R") if len(typed) == 13 else typed
    case = (
        Case.objects.filter(reference=f"R-{signs[:4]}-{signs[4:8]}-{signs[8:]}").only("pk").first()
    )
    if case is not None:
        return SeeOther(case_url(case.pk))
    messages.warning(
        request,
        "No case has that reference. One looks like R-7K3F-9QXD-2RTB. To find a case by its "
        "customer, "
        "find the customer first.",
    )
    return SeeOther(list_url())


@require_safe
def download(request: HttpRequest, case_id: int, file_id: int) -> HttpResponse:
    """A file of a case, always as a download, and never as anything but what its content is."""
    case = _fetch(request, case_id, "cases.view_attachment")
    row = get_object_or_404(Attachment, pk=file_id, case=case)
    audit.case_file_opened(
        by=staff(request).actor, subject=case.customer_id, case=case.pk, file=row.pk
    )
    return HttpResponse(
        files.content_of(row),
        content_type=row.media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, row.name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store, private",
            "Content-Security-Policy": "sandbox",
        },
    )


@FORM
def log(request: HttpRequest, customer_id: uuid.UUID) -> HttpResponse:
    """A letter or call as the request that it is, from the customer's page."""
    customer = get_customer_or_404(request, customer_id, LOG)
    asked = request.GET.get("kind", "")
    initial = {"kind": asked if asked in CaseKind.values else CaseKind.ACCESS}
    if asked == CaseKind.BEREAVEMENT:
        initial["requester"] = Requester.EXECUTOR
    form = LogForm(request.POST if request.method == "POST" else None, initial=initial)
    opened: list[Case] = []

    def action(given: dict[str, Any]) -> str:
        case = _log(request, form, customer)
        opened.append(case)
        return _read_out(case)

    return action_page(
        request,
        customer,
        lambda _: form,
        title="Log a request",
        explanation="The reference to read out comes next. What the law wants at once happens at "
        "once, and the acknowledgement goes out.",
        perform=action,
        then=lambda: case_url(opened[0].pk) if opened else page_url(customer.pk),
    )


def _log(request: HttpRequest, form: LogForm, customer: Customer) -> Case:
    now, by, given = timezone.now(), staff(request).actor, form.cleaned_data
    ended = given.get("negotiations_ended_on")
    with transaction.atomic():
        case = intake.take(
            kind=given["kind"],
            channel=given["channel"],
            given=Given(name=customer.full_name),
            token=given["token"],
            by=by,
            now=now,
            received_at=form.received_at(now),
            words=given["words"],
            customer=customer,
            requester=given["requester"],
            requester_name=given["requester_name"].strip(),
            details={"negotiations_ended_on": ended.isoformat()} if ended else None,
        )
        if given["how"] and not case.identified_at:
            case = work.identify(case, how=given["how"], by=by, now=now)
    return case


def _read_out(case: Case) -> str:
    """What the agent says to the caller."""
    due = f"We answer by {words_of(case.due_on)}." if case.due_on else promise(case)
    written = case.messages.order_by("pk").values_list("message__means", flat=True).first()
    said = {
        "email": "The acknowledgement goes out by email.",
        "letter": "The acknowledgement waits to be printed.",
    }
    return (
        f"Logged. The reference to read out: {case.reference}. {due} "
        f"{said.get(written or '', 'No acknowledgement was written: we have no address to write to.')}"
    )
