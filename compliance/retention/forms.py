"""The forms of legal holds."""

import datetime

from django import forms
from django.utils import timezone

from compliance.retention.models import LegalHold
from customers.forms import ActionForm, NativeDateInput

REVIEW_AFTER = datetime.timedelta(days=90)  # proposed; whoever places the hold decides


def _proposed_review() -> datetime.date:
    return timezone.localdate() + REVIEW_AFTER


def review_day() -> forms.DateField:
    """The day on which somebody looks at a hold again."""
    return forms.DateField(
        label="Look at it again on",
        widget=NativeDateInput,
        initial=_proposed_review,
        help_text="On that day the desk asks whether the hold is still needed. It never ends by "
        "itself.",
        error_messages={
            "required": "Say when somebody must look at it again.",
            "invalid": "Give a day such as 31/03/2027.",
        },
    )


class PlaceHoldForm(ActionForm):
    button = "Place the hold"

    kind = forms.ChoiceField(
        label="What is it for?",
        choices=[("", "Choose one"), *LegalHold.Kind.choices],
        error_messages={"required": "Say what the hold is for."},
    )
    reason = forms.CharField(
        label="What is it about?",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        help_text="For colleagues: who claims or asks what, and where the file is.",
        error_messages={"required": "Say what the hold is about."},
    )
    review_on = review_day()


class ReviewHoldForm(ActionForm):
    button = "It is still needed"

    review_on = review_day()


class ReleaseHoldForm(ActionForm):
    button, tone = "Release the hold", "danger"
