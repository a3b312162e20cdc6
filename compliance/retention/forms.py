"""The forms of legal holds."""

import datetime

from django import forms
from django.utils import timezone

from compliance.retention.models import LegalHold
from customers.forms import ActionForm, DayField, long_text

REVIEW_AFTER = datetime.timedelta(days=90)  # proposed; whoever places the hold decides


def review_day(help_text: str, after: datetime.timedelta = REVIEW_AFTER) -> DayField:
    """The day on which somebody looks at something again, as it is proposed."""
    return DayField(
        label="Look at it again on",
        initial=lambda: timezone.localdate() + after,
        help_text=help_text,
        missing="Say when somebody must look at it again.",
    )


ASKS = "On that day the desk asks whether the hold is still needed. It never ends by itself."


class PlaceHoldForm(ActionForm):
    button = "Place the hold"

    kind = forms.ChoiceField(
        label="What is it for?",
        choices=[("", "Choose one"), *LegalHold.Kind.choices],
        error_messages={"required": "Say what the hold is for."},
    )
    reason = long_text(
        "What is it about?",
        "Say what the hold is about.",
        help_text="For colleagues: who claims or asks what, and where the file is.",
        longest=2_000,
    )
    review_on = review_day(ASKS)


class ReviewHoldForm(ActionForm):
    button = "It is still needed"

    review_on = review_day(ASKS)


class ReleaseHoldForm(ActionForm):
    button, tone = "Release the hold", "danger"
