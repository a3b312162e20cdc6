"""The forms of the desk's page about a customer. They clean what was typed; the actions decide
whether it may be done."""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone

from customers.models import ContactNote


class NativeDateInput(forms.DateInput):
    """The browser's own date field, which sends ISO dates and needs no script."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day. `missing` is what is said where it is needed and not given."""

    widget = NativeDateInput

    def __init__(self, *, missing: str = "Give the day.", **kwargs: Any) -> None:
        said = {"required": missing, "invalid": "Give a day such as 31/03/2027."}
        super().__init__(error_messages=said, **kwargs)


def long_text(
    label: str, missing: str = "", help_text: str = "", rows: int = 4, longest: int = 10_000
) -> forms.CharField:
    """A box for a text of so many lines and at most so many characters; `missing` is what is said
    when it is empty, which it may be where nothing is."""
    return forms.CharField(
        label=label,
        required=bool(missing),
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
    )


class ActionForm(forms.Form):
    """A form that does one thing when its one button is pressed."""

    button = "Save"
    tone = "primary"  # or danger: the colour of the button

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_show_errors = True
        self.helper.attrs = {"novalidate": ""}  # our own messages, the same with every browser
        self.helper.add_input(Submit("do", self.button, css_class=f"btn-{self.tone}"))


class EndRelationshipForm(ActionForm):
    button, tone = "End the relationship", "danger"

    ended_on = DayField(
        label="Last day of the relationship",
        initial=timezone.localdate,
        help_text="The day on which the account was closed and nothing was owed any more.",
        missing="Give the last day of the relationship.",
    )


class ResumeRelationshipForm(ActionForm):
    button = "Resume the relationship"

    reason = forms.ChoiceField(
        label="Why does it go on?",
        widget=forms.RadioSelect,
        choices=[("returned", "The customer came back"), ("mistake", "It was ended by mistake")],
        error_messages={"required": "Say why the relationship goes on."},
    )


class NoteForm(ActionForm):
    button = "Write down"

    # Names the note before it is written: the same form sent twice is one note.
    reference = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(label="How were you in touch?", choices=ContactNote.Kind.choices)
    text = forms.CharField(
        label="What was said",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=10_000,
        help_text="The customer may read this one day. Never a card number: it would be cut to "
        "its last four digits.",
        error_messages={"required": "Write what was said."},
    )
    closed = forms.BooleanField(
        label="The matter is closed with this",
        required=False,
        help_text="The retention period of the note counts from today. Leave it empty while "
        "something is to be done.",
    )


class SupportNeedForm(ActionForm):
    button = "Note it"

    still = forms.TypedChoiceField(
        label="Is it still so?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes: they still need it"), ("no", "No: it is over")],
        coerce=lambda answer: answer == "yes",
        help_text="Ask them where you can. What is over goes soon.",
        error_messages={"required": "Say whether it is still so."},
    )


class SearchForm(forms.Form):
    """One box for every way of naming a customer. Sent by POST: a personal value never stands in an
    address."""

    who = forms.CharField(
        label="Who is it?",
        max_length=320,
        help_text="Customer number, email, telephone, or surname and postcode (Okafor BD1 1AA)",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        ),
        error_messages={"required": "Type what the customer tells you."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.attrs, self.helper.form_class = {"novalidate": "", "role": "search"}, "find"
        self.helper.add_input(Submit("find", "Find"))
