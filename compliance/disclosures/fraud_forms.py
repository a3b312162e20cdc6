"""The forms of fraud work."""

import datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from compliance.disclosures import fraud
from customers.forms import ActionForm, NativeDateInput
from privacy.words import in_words

DAY = {"required": "Give the day.", "invalid": "Give a day such as 31/03/2026."}


class OpenForm(ActionForm):
    reference = forms.CharField(
        label="Reference",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        validators=[
            RegexValidator(r"^[\w./-]+$", "Use letters, digits, dots, dashes and slashes.")
        ],
        help_text="Yours for this investigation, such as FR-2041. Never a name or a customer "
        "number.",
        error_messages={"required": "Give the reference of the investigation."},
    )
    details = forms.CharField(
        label="What is it about?",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Sealed. While it is a suspicion only those who investigate read it; afterwards "
        "the person may.",
        error_messages={"required": "Write what it is about."},
    )


class SuspectForm(OpenForm):
    button = "Open the investigation"


class VictimForm(OpenForm):
    button = "Put the warning on record"


class ConfirmFraudForm(ActionForm):
    button, tone = "Fraud is confirmed", "danger"


class ClearForm(ActionForm):
    button = "Clear it"


class ToVictimForm(ActionForm):
    button = "They are a victim of impersonation"


def _proposed_review() -> datetime.date:
    return timezone.localdate() + fraud.REVIEW_AFTER


def _review_on(help_text: str) -> forms.DateField:
    return forms.DateField(
        label="Look at it again on",
        widget=NativeDateInput,
        initial=_proposed_review,
        help_text=help_text,
        error_messages={
            "required": "Say when somebody must look at it again.",
            "invalid": "Give a day such as 31/03/2027.",
        },
    )


class GoOnForm(ActionForm):
    button = "It goes on"

    reason = forms.CharField(
        label="Why does it go on?",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Sealed. Afterwards the person may read it.",
        error_messages={"required": "Write why it goes on."},
    )
    review_on = _review_on(f"Within {in_words(fraud.REVIEW_AFTER)}. Its hold has the same day.")


class DecideForm(ActionForm):
    button = "Ask a second colleague"

    reason = forms.CharField(
        label="Why?",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What telling them would harm, or why it harms nothing now. Whoever decides "
        "reads it.",
        error_messages={"required": "Write why: the regulator may ask."},
    )
    review_on = _review_on(
        "On that day the desk asks whether it is still right. It does not end by itself."
    )


class FileForm(ActionForm):
    button, tone = "Enter the filing", "danger"

    recipient = forms.ChoiceField(
        label="With which agency?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the agency."},
    )
    detail = forms.CharField(
        label="What is filed?",
        max_length=120,
        help_text="Such as “Application fraud”.",
        error_messages={"required": "Write what is filed."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipient"].choices = [  # type: ignore[attr-defined]  # a choice field
            (one.code, one.name) for one in fraud.agencies(timezone.localdate())
        ]


class WithdrawForm(ActionForm):
    button, tone = "Withdraw the filing", "danger"

    why = forms.CharField(
        label="What was wrong about it?",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what was wrong about it."},
    )
