"""Marketing choices on the desk: what an agent does for a customer, or for somebody who is none.

Each view is wrapped by `admin_view` in `compliance.preferences.admin`, then asks for its own
permission.
"""

import uuid
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts import desk_form
from accounts.desk import desk_page, staff
from audit import events
from compliance.preferences import contact_digests as contacts
from compliance.preferences import customer_contacts, intake, partners
from compliance.preferences.channels import CHANNELS
from compliance.preferences.desk import actions, forms
from compliance.preferences.models import MarketingRequest, Suppression
from compliance.preferences.vocabulary import THIRD_PARTIES, US
from customers.desk import action_page, get_customer_or_404
from customers.desk_tables import telephone
from customers.models import ContactPoint, Customer

RECORDS = (
    "preferences.change_marketingrequest"  # who may write down what people say about marketing
)


def may_record(request: HttpRequest, customer: Customer) -> bool:
    """Whether this member of staff may write down what this customer says about marketing."""
    return request.user.has_perm(RECORDS) and not customer.erased_at


def stop(request: HttpRequest, customer_id: uuid.UUID) -> HttpResponse:
    """Stop marketing for a customer: read the words out, press once."""
    customer = get_customer_or_404(request, customer_id, RECORDS)

    def action(given: dict[str, Any]) -> str:
        reference = actions.stop(
            customer,
            token=given["token"],
            source=given["road"],
            received_at=given["received_at"],
            channels=given["channels"],
            senders=given["senders"],
            by=staff(request).actor,
            now=timezone.now(),
        )
        return f"It is stopped. The reference to read out: {reference}"

    return action_page(
        request,
        customer,
        forms.StopMarketingForm,
        perform=action,
        title="Stop marketing",
        explanation="No reason is needed, and no proof of who they are. It takes effect at once.",
    )


def agree(request: HttpRequest, customer_id: uuid.UUID) -> HttpResponse:
    """Write down what a customer agrees to on a recorded line."""
    customer, now = get_customer_or_404(request, customer_id, RECORDS), timezone.now()
    senders = {
        US: settings.CONTROLLER["name"],
        **partners.names(partners.current_codes(now), at=now),
    }
    form = partial(forms.AgreeForm, senders=senders, details=_details(customer))

    def action(given: dict[str, Any]) -> str:
        reference = actions.agree(
            customer,
            token=given["token"],
            answers=given["answers"],
            recording=given["recording"],
            by=staff(request).actor,
            now=now,
        )
        return f"It is written down, with its proof. The reference: {reference}"

    return action_page(
        request,
        customer,
        form,
        perform=action,
        title="They agree to…",
        explanation="Read each question out exactly as it stands, and tick those that they "
        "answer with yes. Nobody "
        "who told us to stop may be asked: this is for customers who bring it up themselves.",
    )


def _details(customer: Customer) -> list[tuple[int, contacts.Contact, str]]:
    """The contact details on file that can be agreed to, each with how it is shown."""
    found = []
    for point in ContactPoint.objects.in_use().filter(customer=customer).order_by("kind", "pk"):
        made = customer_contacts.contact_of(point, customer)
        if made:
            value = str(point.value)
            shown = (
                telephone(value)
                if point.kind == ContactPoint.Kind.PHONE
                else ", ".join(value.splitlines())
            )
            found.append((point.pk, made, shown))
    return found


def stop_for_non_customer(request: HttpRequest) -> HttpResponse:
    """Stop marketing for somebody who is not a customer, or whom nobody finds."""
    if not request.user.has_perm(RECORDS):
        raise PermissionDenied
    form = forms.NonCustomerForm(request.POST if request.method == "POST" else None)
    taken: list[MarketingRequest] = []

    def action(given: dict[str, Any]) -> str:
        took = intake.take(
            source=given["road"],
            given=given["given"],
            channels=given["channels"],
            senders=given["senders"],
            token=given["token"],
            by=staff(request).actor,
            now=timezone.now(),
            received_at=given["received_at"],
            page="agent_script",
        )
        taken.append(took)
        return f"It is stopped. The reference to read out: {took.reference}"

    back = reverse("admin:preferences_marketingrequest_changelist")
    return desk_form.action_page(
        request,
        form,
        action,
        title="Stop marketing for somebody who is not our customer",
        explanation="Whatever they give is suppressed at once. If one of our customers turns out to "
        "be behind it, everything on file for that customer stops too.",
        trail=[("Requests about marketing", back)],
        back=back,
        then=lambda: reverse("admin:preferences_marketingrequest_change", args=[taken[0].pk]),
    )


def ask_suppression_list(request: HttpRequest) -> HttpResponse:
    """Whether an address or number is on the suppression list. Asked by POST; what was typed is
    kept nowhere."""
    if not request.user.has_perm("preferences.view_suppression"):
        raise PermissionDenied
    form = forms.SuppressionQuestionForm(request.POST if request.method == "POST" else None)
    found = None
    if form.is_valid():
        entries = Suppression.objects.filter(
            digest__in=contacts.digests(form.cleaned_data["contact"])
        ).order_by("-at")
        names = partners.names(
            {one.sender for one in entries} - {US, THIRD_PARTIES}, at=timezone.now()
        )
        names |= {US: settings.CONTROLLER["name"], THIRD_PARTIES: "All other organisations"}
        found = [
            (CHANNELS[one.channel].label, names[one.sender], one.get_source_display(), one.at)
            for one in entries
        ]
        events.suppression_asked(
            by=staff(request).actor, kind=form.cleaned_data["kind"], entries=len(found)
        )
    return desk_page(
        request,
        "admin/preferences/ask.html",
        {
            "title": "Is it on the suppression list?",
            "form": form,
            "found": found,
            "trail": [("Suppression list", reverse("admin:preferences_suppression_changelist"))],
            "back": reverse("admin:preferences_suppression_changelist"),
            "explanation": "The list holds digests, so it can only be asked about what you know "
            "already. That somebody asked is "
            "recorded, and not about whom.",
        },
    )
