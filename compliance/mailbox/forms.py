"""The forms of an email's page. They clean what was chosen; the actions decide whether it may be
done."""

from typing import Any

from django import forms

from compliance.mailbox.intent import BOTH, OTHERS
from compliance.mailbox.models import InboundMail
from compliance.mailbox.states import MailOutcome, topics
from compliance.preferences.channels import CHANNELS, EMAIL
from compliance.preferences.desk import words as desk_words
from compliance.preferences.desk.forms import customer_of

Scope = tuple[str, tuple[str, ...], tuple[str, ...]]  # its words, channels and senders


def scopes() -> dict[str, Scope]:
    """What can be stopped for an email, by the codes of the form."""
    return {
        "email": ("Email marketing, from us and from others", (EMAIL.code,), BOTH),
        "others": ("Email marketing of other organisations only", (EMAIL.code,), OTHERS),
        "everything": (
            "All marketing on every channel, from us and from others",
            tuple(CHANNELS),
            BOTH,
        ),
    }


class MailStopForm(forms.Form):
    """Whose the email is, and what it stops. What the email itself asks for is chosen to begin
    with."""

    scope_of = forms.ChoiceField(label="What should stop?", widget=forms.RadioSelect)
    this = forms.CharField(
        required=False, max_length=40, widget=forms.HiddenInput
    )  # the number on a proposal's button
    customer_number = forms.CharField(
        label="Customer number",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, asked: InboundMail, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scopes = scopes()
        wants = (tuple(asked.channels), tuple(asked.senders))
        first = next(
            (
                code
                for code, (_, channels, senders) in self.scopes.items()
                if (channels, senders) == wants
            ),
            "",
        )
        if asked.channels and not first:
            first = "asked"
            channels, senders = (
                desk_words.channels_in_words(asked.channels),
                desk_words.senders_in_words(asked.senders, {}),
            )
            self.scopes = {
                "asked": (
                    f"What the email seems to ask for ({channels}: {senders.lower()})",
                    *wants,
                ),
                **self.scopes,
            }
        field: Any = self.fields["scope_of"]
        field.choices, field.initial = (
            [(code, words) for code, (words, _, _) in self.scopes.items()],
            first or "email",
        )

    def clean(self) -> dict[str, Any]:
        number = self.cleaned_data.get("this") or self.cleaned_data.get("customer_number")
        if not number:
            self.add_error("customer_number", "Give the customer number.")
            return self.cleaned_data
        try:
            self.cleaned_data["customer_number"] = customer_of(number)
        except forms.ValidationError as unknown:
            self.add_error("customer_number", unknown)
        return self.cleaned_data

    def scope(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The channels and senders that were chosen."""
        return self.scopes[self.cleaned_data["scope_of"]][1:]


class CloseForm(forms.Form):
    """How an email was dealt with, and what it was about."""

    kind = forms.ChoiceField(
        label="What was it about?",
        choices=topics,
        required=False,
        help_text="An email about a complaint stays although its writer asks for erasure.",
    )

    outcome = forms.ChoiceField(
        choices=[
            (one.value, one.label)
            for one in (MailOutcome.PASSED_ON, MailOutcome.ANSWERED, MailOutcome.NOTHING)
        ]
    )
