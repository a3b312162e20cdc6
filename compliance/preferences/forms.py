"""The form that stops marketing. It helps with what was typed, and refuses only what leaves nothing
to act on."""

import uuid
from dataclasses import replace
from functools import lru_cache
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from crispy_forms.utils import render_crispy_form
from django import forms
from django.conf import settings
from django.utils.safestring import SafeString

from compliance.preferences import opt_out
from compliance.preferences.channels import form_choices
from customers.lenient_fields import (
    LenientCharField,
    LenientChoiceField,
    LenientMultipleChoiceField,
    choice_field,
    token_in,
)
from customers.matching import Given

PLACE = "the-token-stands-here"
NOTHING = (
    "Give your email address, telephone number, customer number or postal address: at "
    "least one of them."
)
UNREAD = {
    "email": ("email", "That is not a whole email address, such as name@example.com."),
    "phone": ("phone", "That is not a telephone number that we can read. Check its digits."),
    "address": (
        "postcode",
        "We cannot read that postal address: it needs the house and street, and a UK postcode.",
    ),
    "number": ("customer_number", "A customer number has letters, digits and dashes only."),
}


class OptOutForm(forms.Form):
    """Who writes, and what is to stop. Everything is ticked to begin with: people come here to stop
    it."""

    form = LenientCharField(
        "", autocomplete="off", widget=forms.HiddenInput
    )  # the same form sent twice is one request
    name = LenientCharField("Your full name", autocomplete="name", spellcheck="false")
    email = LenientCharField(
        "Email address",
        autocomplete="email",
        type="email",
        autocapitalize="off",
        spellcheck="false",
    )
    phone = LenientCharField(
        "Telephone number", autocomplete="tel", type="tel", help_text="Mobile or landline."
    )
    customer_number = LenientCharField(
        "Customer number",
        autocomplete="off",
        spellcheck="false",
        autocapitalize="characters",
        help_text="If you have it to hand. We need your name with it.",
    )
    lines = LenientCharField(
        "Postal address",
        autocomplete="street-address",
        widget=forms.Textarea,
        rows=3,
        help_text="House and street, then the town. We need your name with it.",
    )
    postcode = LenientCharField(
        "Postcode", autocomplete="postal-code", autocapitalize="characters", spellcheck="false"
    )
    channels = LenientMultipleChoiceField(
        label="Kinds of marketing",
        choices=lambda: [(code, box.words) for code, box in form_choices().items()],
        initial=lambda: list(form_choices()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    senders = LenientChoiceField(
        label="From whom?",
        choices=[(code, code) for code in opt_out.SENDERS],
        initial="both",
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        controller = settings.CONTROLLER["name"]
        self.read: list[str] = []
        self.unread: list[str] = []
        choice_field(self, "senders").choices = [
            ("both", f"{controller} and other organisations"),
            ("us", f"{controller} only"),
            ("others", "Other organisations only: do not pass my details to them"),
        ]
        self.helper = FormHelper(self)
        self.helper.form_tag, self.helper.disable_csrf, self.helper.form_show_errors = (
            False,
            True,
            True,
        )
        self.helper.layout = Layout(
            "form",
            HTML(
                "<h2>Who are you?</h2><p>Your name, and whatever you want us to stop using. One "
                "of these is enough; "
                "the more you give, the surer we find it.</p>"
            ),
            "name",
            "email",
            "phone",
            Div(Field("customer_number"), css_class="short-field"),
            "lines",
            Div(Field("postcode"), css_class="short-field"),
            HTML("<h2>What should stop?</h2>"),
            "channels",
            "senders",
        )

    def clean_form(self) -> uuid.UUID:
        """The token of the page; a new one when it was left out or spoilt, for no opt-out is lost
        over it."""
        return token_in(self.cleaned_data["form"])

    def clean(self) -> dict[str, Any]:
        clean, given = self.cleaned_data, self.given()
        self.read, self.unread = opt_out.readable(given)
        if not clean["channels"]:
            self.add_error("channels", "Tick at least one kind of marketing that should stop.")
        if self.read or ("as_it_is" in self.data and any(vars(given).values())):
            return clean
        faulty = opt_out.readable(replace(given, name="Somebody"))[1]
        for kind in faulty:
            self.add_error(*UNREAD[kind])
        if len(self.unread) > len(faulty):
            self.add_error(
                "name",
                "Give your name too: your address or customer number is of use only with it.",
            )
        if not self.unread:
            self.add_error("email", NOTHING)
        return clean

    @property
    def may_go_as_it_is(self) -> bool:
        """Whether somebody could make sense of what our rules cannot read: then it may be sent all
        the same."""
        return bool(self.unread) and not self.read and "channels" not in self.errors

    def given(self) -> Given:
        """What was typed about the person."""
        typed = self.cleaned_data
        address = "\n".join(part for part in (typed["lines"], typed["postcode"]) if part)
        return Given(
            typed["name"], typed["customer_number"], typed["email"], typed["phone"], address
        )


def fresh() -> SafeString:
    """The form as it is first shown, with a token of its own. All else in it is the same for
    everybody, and rendering it takes longer than the rest of the page: so it is done once.
    """
    return SafeString(_fresh(settings.CONTROLLER["name"]).replace(PLACE, str(uuid.uuid4())))


@lru_cache(maxsize=4)
def _fresh(controller: str) -> str:
    return str(render_crispy_form(OptOutForm(initial={"form": PLACE})))
