"""The forms of one contact detail, and of the code that proves a new one."""

import uuid
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms

from customers.contact_words import CONTACT_NOUNS
from customers.identity.forms import CodeForm, PlainForm
from customers.lenient_fields import LenientCharField, token_in
from customers.models.person import contact_key

WRONG = {
    "email": "That is not a whole email address.",
    "phone": "That is not a telephone number. Check its digits.",
    "address": "It needs a house or street in the first line, and a United Kingdom postcode in "
    "the last.",
}
LABELS = {
    "email": "Your new email address",
    "phone": "Your new telephone number",
    "address": "Your new postal address",
}
HELP = {
    "email": "We send a code to it. It counts once you have typed that code.",
    "phone": "With the country code if it is not a number of the United Kingdom.",
    "address": "House and street, then the town, each in a line of its own, and the postcode in "
    "the last line.",
}
INPUT: dict[str, dict[str, Any]] = {
    "email": {
        "autocomplete": "email",
        "type": "email",
        "autocapitalize": "off",
        "spellcheck": "false",
    },
    "phone": {"autocomplete": "tel", "type": "tel"},
    "address": {"autocomplete": "street-address", "widget": forms.Textarea, "rows": 5},
}
LONGEST = 600  # characters


class ContactForm(PlainForm):
    """One contact detail of a kind; the same form sent twice is done once."""

    form = LenientCharField("", autocomplete="off", widget=forms.HiddenInput)
    opened = LenientCharField(
        "", autocomplete="off", widget=forms.HiddenInput, longest=LONGEST
    )  # when, and in which visit: sealed

    def __init__(self, *args: Any, kind: str, opened: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"form": str(uuid.uuid4()), "opened": opened})
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["value"] = LenientCharField(
            LABELS[kind], help_text=HELP[kind], longest=LONGEST, **INPUT[kind]
        )
        self.helper.layout = Layout("form", "opened", "value")

    def clean_form(self) -> uuid.UUID:
        return token_in(self.cleaned_data["form"])

    def clean_value(self) -> str:
        lines = (line.strip() for line in self.cleaned_data["value"].splitlines())
        value = "\n".join(line for line in lines if line)
        if not value:
            raise forms.ValidationError(f"Give the {CONTACT_NOUNS[self.kind]}.")
        try:
            contact_key(self.kind, value)
        except ValueError:
            raise forms.ValidationError(WRONG[self.kind]) from None
        return value


class NewCodeForm(CodeForm):
    """The code that went to a new address."""

    pending = forms.CharField(widget=forms.HiddenInput, max_length=8_000)
    LETTER: ClassVar[str] = "letter"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields[self.LETTER]
        self.helper.layout = Layout("pending", "code")
