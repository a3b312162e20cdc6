"""The entry form. It cleans what was typed and says in plain words what is wrong with it."""

import re
import uuid
from collections.abc import Callable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout, Submit
from django import forms

from customers import normalise
from customers.draws.entries import Entrant
from privacy.free_text import mask_cards

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
LINES = ("address_1", "address_2", "town")


def one_line(
    label: str,
    missing: str,
    *,
    autocomplete: str,
    required: bool = True,
    longest: int = 200,
    **options: Any,
) -> forms.CharField:
    """A field of one line; `missing` is what to say when it is empty."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"}),
        error_messages={
            "required": missing,
            "max_length": f"{label}: that is too long. Give at most {longest} letters.",
        },
        **options,
    )


class EntryForm(forms.Form):
    """Who enters. `ticket` names the entry before it is made: the same form sent twice is one
    entry."""

    ticket = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = one_line("Full name", "Give your name.", autocomplete="name")
    email = one_line(
        "Email address",
        "Give your email address: we write to it if you win.",
        autocomplete="email",
        longest=254,
        help_text="We send you your ticket number, and write to you here if you win.",
    )
    address_1 = one_line(
        "Address line 1", "Give the first line of your address.", autocomplete="address-line1"
    )
    address_2 = one_line(
        "Address line 2 (optional)", "", autocomplete="address-line2", required=False
    )
    town = one_line("Town or city", "Give your town or city.", autocomplete="address-level2")
    postcode = one_line("Postcode", "Give your postcode.", autocomplete="postal-code", longest=12)
    customer_number = one_line(
        "Customer number (optional)",
        "",
        autocomplete="off",
        required=False,
        longest=40,
        help_text="If you have it to hand. You need not be a customer to enter.",
    )
    no_publicity = forms.BooleanField(
        label="Do not tell others my surname and town if I win",
        required=False,
        help_text="Others may ask us who won. Then we give the winner’s surname and town, "
        "unless you object here or later.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("email", "postcode", "customer_number"):
            self.fields[name].widget.attrs["autocapitalize"] = (
                "characters" if name == "postcode" else "none"
            )
        self.fields["email"].widget.input_type = "email"
        self.helper = FormHelper(self)
        self.helper.form_show_errors = True
        self.helper.form_class = "card-form"
        self.helper.attrs = {"novalidate": ""}  # our own messages, the same with every browser
        self.helper.layout = Layout(
            "ticket",
            "name",
            "email",
            "address_1",
            "address_2",
            "town",
            Div(Field("postcode"), css_class="short-field"),
            Div(Field("customer_number"), css_class="short-field"),
            "no_publicity",
            HTML("{% include 'draws/before_you_enter.html' %}"),
            Submit("enter", "Enter the draw", css_class="btn-primary"),
        )

    def clean_ticket(self) -> uuid.UUID:
        """The form's ticket number; a fresh one when it was left out."""
        return self.cleaned_data["ticket"] or uuid.uuid4()

    def clean_name(self) -> str:
        name = self._plain("name")
        if not normalise.fold(name):
            raise forms.ValidationError("Give your name in letters.")
        return name

    def clean_email(self) -> str:
        return self._given(
            "email",
            normalise.email,
            "Give a whole email address, such as name@example.com.",
            keep=True,
        )

    def clean_postcode(self) -> str:
        code = self._given("postcode", normalise.postcode, "Give a UK postcode, such as BD1 1AA.")
        return normalise.pretty_postcode(code)

    def clean_customer_number(self) -> str:
        if not self.cleaned_data["customer_number"].strip():
            return ""
        return self._given(
            "customer_number",
            normalise.customer_number,
            "A customer number has only letters, digits and dashes. Leave it empty if you are "
            "not sure.",
        )

    def clean_address_1(self) -> str:
        line = self._plain("address_1")
        if not normalise.fold(line):
            raise forms.ValidationError(
                "Give the first line of your address: the house, and the street."
            )
        return line

    def clean_address_2(self) -> str:
        return self._plain("address_2")

    def clean_town(self) -> str:
        return self._plain("town")

    def entrant(self) -> Entrant:
        """Who enters, of a form without faults."""
        given = self.cleaned_data
        address = "\n".join(
            line for line in (*(given[name] for name in LINES), given["postcode"]) if line
        )
        return Entrant(
            given["name"], address, given["email"], given["customer_number"], given["no_publicity"]
        )

    def _plain(self, name: str) -> str:
        """One line without control characters; a card number typed by mistake is cut to its last
        four digits."""
        return mask_cards(" ".join(CONTROL.sub(" ", self.cleaned_data[name]).split()))

    def _given(
        self, name: str, rule: Callable[[str], str], fault: str, *, keep: bool = False
    ) -> str:
        text = self.cleaned_data[name].strip()
        try:
            clean = rule(text)
        except ValueError:
            raise forms.ValidationError(fault) from None
        return text if keep else clean
