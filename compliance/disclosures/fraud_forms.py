"""The forms of fraud work."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from compliance.disclosures import fraud
from compliance.retention.forms import review_day
from customers.forms import ActionForm, long_text
from customers.lenient_fields import choice_field
from privacy.words import in_words


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
    details = long_text(
        "What is it about?",
        "Write what it is about.",
        help_text="Sealed. While it is a suspicion only those who investigate read it; afterwards "
        "the person may.",
        rows=6,
        longest=4_000,
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


class GoOnForm(ActionForm):
    button = "It goes on"

    reason = long_text(
        "Why does it go on?",
        "Write why it goes on.",
        help_text="Sealed. Afterwards the person may read it.",
        longest=4_000,
    )
    review_on = review_day(
        f"Within {in_words(fraud.REVIEW_AFTER)}. Its hold has the same day.", fraud.REVIEW_AFTER
    )


class DecideForm(ActionForm):
    button = "Ask a second colleague"

    reason = long_text(
        "Why?",
        "Write why: the regulator may ask.",
        help_text="What telling them would harm, or why it harms nothing now. Whoever decides "
        "reads it.",
        longest=4_000,
    )
    review_on = review_day(
        "On that day the desk asks whether it is still right. It does not end by itself.",
        fraud.REVIEW_AFTER,
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
        choice_field(self, "recipient").choices = [
            (one.code, one.name) for one in fraud.agencies(timezone.localdate())
        ]


class WithdrawForm(ActionForm):
    button, tone = "Withdraw the filing", "danger"

    why = long_text("What was wrong about it?", "Write what was wrong about it.", longest=4_000)
