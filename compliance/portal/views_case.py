"""The public page of one request, for whoever may read it: where it stands, adding to it, taking it
back; and `your requests`, for a customer with a code of their own."""

import contextlib
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SeeOther
from audit.actions import AlreadyDone, Refused
from compliance.cases import promises
from compliance.cases.kinds import CaseStatus
from compliance.cases.models import Case
from compliance.casework.actions import requester_actions
from compliance.outcomes import copies
from compliance.portal import case_codes, upload_handler
from compliance.portal import status as statuses
from compliance.portal.forms.status import AddForm
from customers.csrf import lacks_token
from customers.identity import visits

METHODS = ["GET", "HEAD", "POST"]
DONE = ("said", "taken_back", "claimed")
Seen = tuple[Case, statuses.CaseReader]


@visits.required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Every request of a proven customer, the newest first."""
    customer = visits.visitor_of(request)
    return render(
        request, "portal/mine.html", {"rows": statuses.rows(customer, now=timezone.now())}
    )


@never_cache
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Where one request stands, for whoever may read it."""
    seen = _seen(request, reference)
    return _case_page(request, seen) if seen else redirect(f"{reverse('portal:status')}?ended=1")


# the token is asked inside, so that a page that was open too long costs nobody what they typed
@csrf_exempt
@never_cache
@require_POST
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add something to a request: an answer to our question, a message, files."""
    upload_handler.in_memory(request)
    form, seen, stray = (
        AddForm(request.POST, request.FILES),
        _seen(request, reference),
        lacks_token(request),
    )
    if seen is None:
        return render(request, "portal/add_ended.html", {"form": form}, status=403)
    if not form.is_valid() or stray:
        return _case_page(request, seen, form=form, stray=stray)
    found, reader = seen
    said = form.cleaned_data
    try:
        requester_actions.say(
            found,
            text=said["text"],
            files=[(one.name or "", one.read()) for one in said["documents"]],
            token=said["form"],
            by=reader.by,
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _case_page(request, seen, form=form)
    return SeeOther(_page(reference, "said"))


@never_cache
@require_http_methods(METHODS)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a request back, after one more look at what that means."""
    seen = _seen(request, reference)
    if seen is None:
        return redirect(f"{reverse('portal:status')}?ended=1")
    found, reader = seen
    if request.method != "POST":
        if not found.is_open:
            return redirect(_page(reference))
        return render(request, "portal/withdraw.html", {"case": found})
    try:
        requester_actions.take_back(found, by=reader.by, now=timezone.now())
    except AlreadyDone:
        pass
    except Refused:
        return SeeOther(_page(reference))  # it was answered meanwhile, and the page says so
    return SeeOther(_page(reference, "taken_back"))


@never_cache
@require_POST
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """A proven customer says that a request in their name is theirs."""
    seen = _seen(request, reference)
    if seen is None or seen[1].customer is None:
        return redirect(f"{reverse('portal:status')}?ended=1")
    try:
        requester_actions.claim(
            seen[0],
            customer=seen[1].customer,
            compare=case_codes.point_digest,
            now=timezone.now(),
        )
    except AlreadyDone:
        pass
    except Refused:
        return SeeOther(_page(reference))
    return SeeOther(_page(reference, "claimed"))


@never_cache
@require_POST
def again(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a copy again whose time is over: a colleague's task, of which the page names the
    day."""
    seen = _seen(request, reference)
    if seen is None:
        return redirect(f"{reverse('portal:status')}?ended=1")
    found, reader = seen
    if (copy := _copy(found, reader)) and copy.state == copies.OVER:
        requester_actions.ask_for_copy(found, by=reader.by, now=timezone.now())
    return SeeOther(_page(reference))


def _page(reference: str, done: str = "") -> str:
    return reverse("portal:case", args=[reference]) + (f"?{done}=1" if done else "")


def _seen(request: HttpRequest, reference: str) -> Seen | None:
    """The case that a reference in an address names, if this visitor may read it, and how far."""
    visit = case_codes.visit_of(request)
    if visit is not None and visit.case.reference == reference:
        visits.touch(visit)
        return visit.case, statuses.CaseReader(contact=visit.contact_digest)
    own = visits.visit_of(request)
    if own is None:
        return None
    visits.touch(own)
    found = (
        Case.objects.filter(reference=reference, customer=own.customer)
        .select_related("customer")
        .first()
    )
    return (found, statuses.CaseReader(customer=own.customer)) if found else None


def _case_page(
    request: HttpRequest, seen: Seen, *, form: AddForm | None = None, stray: bool = False
) -> HttpResponse:
    found, reader = seen
    context: dict[str, Any] = {name: name in request.GET for name in DONE}
    with contextlib.suppress(Case.DoesNotExist):
        found.refresh_from_db()  # what a form of this page was refused for may have changed it
    return render(
        request,
        "portal/case.html",
        {
            **context,
            "standing": statuses.standing(found, reader, now=timezone.now()),
            "reader": reader,
            "stray": stray,
            "copy": _copy(found, reader),
            "form": form or AddForm(initial={"form": uuid.uuid4()}),
            "read_within": promises.MESSAGE.words,
            "new_copy_within": promises.NEW_COPY.words,
            "takes_more": found.status != CaseStatus.MERGED,
        },
        status=403 if stray else 200,
    )


def _copy(found: Case, reader: statuses.CaseReader) -> copies.Copy | None:
    """What was made for them to fetch. An address that was merely given is not told of it."""
    return (
        copies.latest(found, now=timezone.now()) if statuses.reads_answers(found, reader) else None
    )
