"""The desk's pages about customers: search, the page about one customer, and one page for each
thing to do there.

Each is wrapped by the desk's gate (`admin_view`) in `customers.admin`, then asks for its own
permission.
"""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.desk import desk_page, fetch, staff
from accounts.http import SeeOther
from audit import events
from customers import actions, forms, open_requests, panels, search
from customers.desk import action_page, get_customer_or_404, links, page_url, render_page
from customers.models import ContactNote, Customer


def find(request: HttpRequest) -> HttpResponse:
    """The search box; one match leads straight to the page about the customer, several are listed
    to choose from."""
    if not request.user.has_perm("customers.view_customer"):
        raise PermissionDenied
    form = forms.SearchForm(request.POST if request.method == "POST" else None)
    found = None
    if form.is_valid():
        found = search.find(form.cleaned_data["who"])
        events.customer_searched(
            by=staff(request).actor, kind=found.kind, matches=len(found.matches)
        )
        if len(found.matches) == 1:
            only = found.matches[0]
            if only.until:
                until = date_format(only.until)
                messages.info(
                    request, f"Found by an earlier {found.kind_in_words}, theirs until {until}."
                )
            elif found.kind in ("email", "phone"):
                messages.info(request, f"Found by the {found.kind_in_words} in use now.")
            return SeeOther(page_url(only.customer.pk))
    return desk_page(
        request,
        "admin/customers/search.html",
        {
            "title": "Customers",
            "form": form,
            "found": found,
            "links": links(request),
        },
    )


def page(request: HttpRequest, customer_id: str) -> HttpResponse:
    """Everything held on one customer that this member of staff may see, and what can be done."""
    customer = get_customer_or_404(request, customer_id, "customers.view_customer")
    return render_page(
        request,
        customer,
        "admin/customers/page.html",
        {
            "title": customer.full_name or "Erased customer",
            "panels": panels.shown(request, customer),
            "may_end": _may_change(request, customer) and not customer.relationship_ended_on,
            "may_resume": _may_change(request, customer) and customer.relationship_ended_on,
        },
    )


def _may_change(request: HttpRequest, customer: Customer) -> bool:
    return request.user.has_perm("customers.change_customer") and not customer.erased_at


def end_relationship(request: HttpRequest, customer_id: uuid.UUID) -> HttpResponse:
    customer = get_customer_or_404(request, customer_id, "customers.change_customer")

    def perform(given: dict[str, Any]) -> str:
        actions.end_relationship(customer, **given, by=staff(request).actor, now=timezone.now())
        return f"The relationship ended on {date_format(given['ended_on'])}."

    return action_page(
        request,
        customer,
        forms.EndRelationshipForm,
        perform=perform,
        title="End the relationship",
        explanation="The retention periods that count from the end start on that day. Nothing is "
        f"erased now.{_open_requests(customer)}",
    )


def _open_requests(customer: Customer) -> str:
    """The person's open requests, whose needs outlive the periods; empty when there are none."""
    found = open_requests.of(customer, on=timezone.localdate())
    named = ", ".join(f"{one.label} ({one.reference})" for one in found)
    return (
        f" Open requests: {named}. What they need stays until they are answered." if found else ""
    )


def resume_relationship(request: HttpRequest, customer_id: uuid.UUID) -> HttpResponse:
    customer = get_customer_or_404(request, customer_id, "customers.change_customer")

    def perform(given: dict[str, Any]) -> str:
        actions.resume_relationship(customer, **given, by=staff(request).actor)
        return "The relationship goes on."

    return action_page(
        request,
        customer,
        forms.ResumeRelationshipForm,
        perform=perform,
        title="Resume the relationship",
        explanation="The periods that counted from its end stop counting until it ends again.",
    )


def add_note(request: HttpRequest, customer_id: uuid.UUID) -> HttpResponse:
    customer = get_customer_or_404(request, customer_id, "customers.add_contactnote")

    def perform(given: dict[str, Any]) -> str:
        actions.add_note(
            customer,
            **{**given, "reference": str(given["reference"])},
            by=staff(request).actor,
            now=timezone.now(),
        )
        return "The note is written down."

    return action_page(
        request,
        customer,
        forms.NoteForm,
        perform=perform,
        title="Add a contact note",
        explanation="What was said, for whoever speaks with this customer next.",
    )


def look_at_support_need(request: HttpRequest, note_id: int) -> HttpResponse:
    note = fetch(request, ContactNote, note_id, "customers.add_contactnote")
    if note.kind != ContactNote.Kind.VULNERABILITY:
        raise Http404

    def perform(given: dict[str, Any]) -> str:
        actions.look_at_support_need(note, **given, by=staff(request).actor, now=timezone.now())
        return "Noted. Somebody asks again next year." if given["still"] else "Noted: it is over."

    return action_page(
        request,
        note.customer,
        forms.SupportNeedForm,
        perform=perform,
        title="Is the support need still so?",
        explanation=note.text,
    )
