"""The two public forms of this room: who are you, and what is the code."""

import re
import uuid
from typing import Any, Self

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms

from customers import normalise
from customers.models import contact_key

PLAIN: dict[str, str] = {"autocapitalize": "off", "spellcheck": "false"}
NEITHER = "Give your email address or telephone number, or else your customer number and surname."


class PlainForm(forms.Form):
    """A form of a public page: its template writes the form element, and our own messages are the
    same in every browser."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag, self.helper.disable_csrf, self.helper.form_show_errors = (
            False,
            True,
            True,
        )


class WhoForm(PlainForm):
    """An email address or telephone number, or a customer number and surname."""

    reference = forms.UUIDField(
        widget=forms.HiddenInput, required=False
    )  # the same form sent twice asks for one code
    contact = forms.CharField(
        label="Your email address or telephone number",
        max_length=254,
        required=False,
        help_text="One that we have on file for you.",
        widget=forms.TextInput(attrs={**PLAIN, "autocomplete": "email"}),
    )
    number = forms.CharField(
        label="Your customer number",
        max_length=40,
        required=False,
        help_text="If you have it to hand.",
        widget=forms.TextInput(attrs={**PLAIN, "autocomplete": "off"}),
    )
    surname = forms.CharField(
        label="Your surname",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            "reference", "contact", HTML('<p class="or">or</p>'), "number", "surname"
        )

    @classmethod
    def empty(cls) -> Self:
        """The form before anything was typed, with a reference of its own."""
        return cls(initial={"reference": uuid.uuid4()})

    def clean_contact(self) -> dict[str, str]:
        text = self.cleaned_data["contact"].strip()
        if not text:
            return {}
        kind = "email" if "@" in text else "phone"
        try:
            return {"kind": kind, "value": contact_key(kind, text)}
        except ValueError:
            raise forms.ValidationError(
                "That is not a whole email address."
                if kind == "email"
                else "That is not a telephone number. Check its digits."
            ) from None

    def clean_number(self) -> str:
        text = self.cleaned_data["number"].strip()
        try:
            return normalise.customer_number(text) if text else ""
        except ValueError:
            raise forms.ValidationError("A customer number has letters and digits only.") from None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if (
            not self.errors
            and not given["contact"]
            and not (given["number"] and normalise.surname(given["surname"]))
        ):
            if given["number"]:
                self.add_error("surname", "Give your surname too.")
            elif given["surname"].strip():
                self.add_error("number", "Give your customer number too.")
            else:
                self.add_error("contact", NEITHER)
        return given

    def given(self) -> dict[str, str]:
        """What was typed, in normal form: kind and value."""
        clean = self.cleaned_data
        return clean["contact"] or {
            "kind": "number",
            "value": clean["number"],
            "surname": normalise.fold(clean["surname"]),
        }


class CodeForm(PlainForm):
    """A code of eight digits; for one that came by post, the number of the letter too."""

    code = forms.CharField(
        label="The code",
        max_length=40,
        help_text="Eight digits, such as 1234 5678.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Type the code."},
    )
    letter = forms.CharField(
        label="The number of the letter",
        max_length=40,
        required=False,
        help_text="It stands above the code, such as K7QM 2X9P.",
        widget=forms.TextInput(
            attrs={**PLAIN, "autocomplete": "off", "autocapitalize": "characters"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_post = HTML(
            "<details{% if form.letter.value %} open{% endif %}><summary>My code came in a "
            "letter</summary>"
        )
        self.helper.layout = Layout("code", by_post, "letter", HTML("</details>"))

    def clean_code(self) -> str:
        return re.sub(r"\D", "", self.cleaned_data["code"])

    def clean_letter(self) -> str:
        return re.sub(r"[^A-Z0-9]", "", self.cleaned_data["letter"].upper())
