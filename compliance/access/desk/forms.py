"""The forms of reading a copy. They clean what was typed or ticked; the actions decide."""

import json
from typing import Any

from django import forms

from compliance.access.reasons import OmissionReason
from compliance.access.redaction_marks import Mark

LONGEST = 2_000_000  # characters of all marks of one text


class Marks(forms.Field):
    """The marks of a text that are not kept yet, as JSON in a hidden field: start, end and reason
    of each."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> list[Mark]:
        try:
            found = json.loads(value or "[]") if len(value or "") < LONGEST else None
            return [
                Mark(int(start), int(end), OmissionReason(reason))
                for start, end, reason in found  # type: ignore[union-attr]  # None raises as well
            ]
        except (TypeError, ValueError, OverflowError):
            raise forms.ValidationError(
                "The marks could not be read. Open the text again."
            ) from None


class MarkForm(forms.Form):
    """What is marked in a text, and what is to be marked next."""

    marks = Marks(required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)
    reason = forms.ChoiceField(
        label="Why", choices=OmissionReason.choices, initial=OmissionReason.OTHER_PERSON
    )
    words = forms.CharField(
        label="Words to leave out",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
        help_text="Exactly as they stand there, one passage a line. Each place where they stand "
        "is marked.",
    )
    start = forms.IntegerField(required=False, min_value=0, max_value=LONGEST)
    end = forms.IntegerField(required=False, min_value=0, max_value=LONGEST)
    whole = forms.ChoiceField(
        label="Why the whole record",
        required=False,
        choices=[("", "No: show what is not marked"), *OmissionReason.choices],
    )


class WordForm(forms.Form):
    """A word to whoever read a copy."""

    word = forms.CharField(
        label="What is to be changed?",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only colleagues read this.",
        error_messages={"required": "Write what is to be changed."},
    )


class HoldForm(forms.Form):
    """One record to be left out, or put back (without a reason)."""

    row = forms.CharField(max_length=40)
    reason = forms.ChoiceField(
        required=False, choices=[("", "In the copy"), *OmissionReason.choices]
    )
