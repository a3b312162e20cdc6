"""What the customer's page shows of this room: to whom data about the customer went, and the form by
which a colleague writes one down."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.desk import FORM, staff
from compliance.disclosures import received
from compliance.disclosures.models import HANDED_ON, Disclosure
from compliance.disclosures.write_down import write_down
from compliance.register.models import Purpose, Recipient
from customers.desk import action_page, get_customer_or_404
from customers.desk_tables import newest, table
from customers.forms import ActionForm, DayField
from customers.lenient_fields import choice_field
from customers.models import Customer
from customers.panels import Panel, register, visible

ADD = "disclosures.add_disclosure"


class WriteDownForm(ActionForm):
    """What was passed on, to whom, when and what for."""

    button = "Write it down"

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(
        label="What was passed on?",
        choices=[(kind.value, kind.label) for kind in HANDED_ON],
        error_messages={"required": "Choose what was passed on."},
    )
    recipient = forms.ChoiceField(
        label="To whom?", error_messages={"required": "Choose the recipient."}
    )
    on = DayField(
        label="On which day?",
        initial=timezone.localdate,
    )
    purpose = forms.ChoiceField(label="What for?", error_messages={"required": "Choose what for."})
    detail = forms.CharField(
        label="What exactly?",
        max_length=120,
        help_text="Such as “Papers of complaint C-1024”. The customer reads it in a copy of their "
        "data.",
        error_messages={"required": "Write what was passed on."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = Recipient.objects.outside().order_by("name", "valid_from")
        choice_field(self, "recipient").choices = list(
            {row.code: (row.code, row.name) for row in named}.values()
        )
        choice_field(self, "purpose").choices = list(
            Purpose.objects.in_use().values_list("code", "name")
        )


@FORM
def write_one_down(request: HttpRequest, customer_id: uuid.UUID) -> HttpResponse:
    """The page of the form."""
    customer = get_customer_or_404(request, customer_id, ADD)

    def perform(given: dict[str, Any]) -> str:
        row = write_down(customer, **given, by=staff(request).actor, now=timezone.now())
        return f"It is in the log: {row.get_kind_display().lower()}, {row.recipient_name}."

    return action_page(
        request,
        customer,
        WriteDownForm,
        title="Write down what was passed on",
        explanation="For what no file and no act of the desk says: papers for an ombudsman or a "
        "court, a debt handed to a collector, a proposal for an insurer.",
        perform=perform,
    )


def disclosures(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """What the log says, the newest first, and who receives something with every order, payment or
    message."""
    rows = Disclosure.objects.filter(customer=customer).order_by("-occurred_on", "-pk")
    found, total = newest(visible(rows, staff(request)))
    context = table(
        [
            [
                ("When", disclosure.occurred_on),
                ("To whom", disclosure.recipient_name),
                ("What", disclosure.get_kind_display()),
                ("Detail", disclosure.detail or None),
                ("Purpose", disclosure.purpose.replace("-", " ").capitalize()),
            ]
            for disclosure in found
        ],
        total=total,
        customer=customer,
        model="disclosures_disclosure",
        empty="The log has nothing.",
    )
    may = request.user.has_perm(ADD) and not customer.erased_at
    address = reverse("admin:disclosures_disclosure_write_down", args=[customer.pk]) if may else ""
    return {**context, "standing": received.standing(customer), "write_down_url": address}


register(
    Panel(
        "Who received their data",
        "admin/disclosures/received.html",
        disclosures,
        "disclosures.view_disclosure",
        80,
    )
)
