"""The form that logs a letter or call as the request that it is."""

import datetime
import uuid
from typing import Any

from django import forms
from django.utils import timezone

from compliance.cases.kinds import Arrival, CaseKind, Requester
from compliance.cases.transitions import AFTER_NEGOTIATIONS
from compliance.casework.desk.forms import HOW, box, checks
from customers.forms import ActionForm, DayField


class LogForm(ActionForm):
    """A letter or call as the request that it is: from the customer's page, in under half a
    minute."""

    button = "Log it"

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(label="What do they ask?", choices=CaseKind.choices)
    channel = forms.ChoiceField(
        label="How did it come?",
        choices=[*HOW, (Arrival.AGENT, "From somebody acting for them")],
        initial=Arrival.TELEPHONE,
        widget=forms.RadioSelect,
    )
    received_on = DayField(
        label="Day on which it reached any of us",
        initial=timezone.localdate,
        help_text="For a letter, the day on which it arrived: the clock goes by it.",
    )
    words = box(
        "In their words",
        optional=True,
        rows=5,
        help_text="What they ask, as they said it. They read it again in their file.",
    )
    requester = forms.ChoiceField(
        label="Who asks?", choices=Requester.choices, initial=Requester.CUSTOMER
    )
    requester_name = forms.CharField(
        label="Name of whoever asks for them", required=False, max_length=200
    )
    negotiations_ended_on = DayField(
        label="Day on which the credit negotiations ended",
        required=False,
        help_text="Leave it empty while you do not know it.",
    )
    how = checks(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "how"
        ].help_text = "Leave it empty if nothing was checked: it can be done later."
        if (self.data.get("kind") or self.initial.get("kind")) not in AFTER_NEGOTIATIONS:
            del self.fields["negotiations_ended_on"]

    def clean_received_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("That day has yet to come.")
        return day

    def clean(self) -> dict[str, Any]:
        clean = self.cleaned_data
        of_the_dead = clean.get("kind") == CaseKind.BEREAVEMENT
        if of_the_dead and clean.get("requester") != Requester.EXECUTOR:
            # or the answer would go to the person who died
            self.add_error(
                "requester", f"Choose “{Requester.EXECUTOR.label}”, and give their name."
            )
        elif (
            clean.get("requester") not in (None, Requester.CUSTOMER)
            and not clean.get("requester_name", "").strip()
        ):
            self.add_error("requester_name", "Give the name of whoever asks for them.")
        return clean

    def received_at(self, now: datetime.datetime) -> datetime.datetime:
        """Noon of an earlier day, in London; of today, now."""
        day = self.cleaned_data["received_on"]
        noon = datetime.datetime.combine(
            day, datetime.time(12), tzinfo=timezone.get_current_timezone()
        )
        return now if day == timezone.localdate(now) else noon
