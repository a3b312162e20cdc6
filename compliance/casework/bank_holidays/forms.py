"""The forms of bank holidays on the desk."""

from django import forms

from compliance.deadlines.models import ProclaimedDay
from compliance.register.forms import why_field
from customers.forms import ActionForm, DayField
from customers.jurisdictions import Jurisdiction

GOVERNMENT_LIST = "www.gov.uk/bank-holidays"


class ProclaimForm(ActionForm):
    button = "Put it in the calendar"

    change = forms.ChoiceField(
        label="What happens to the day?",
        choices=ProclaimedDay.Change.choices,
        widget=forms.RadioSelect,
        help_text="A holiday that moved needs both, one after the other.",
        error_messages={"required": "Say what happens to the day."},
    )
    day = DayField(
        label="Which day?",
    )
    jurisdictions = forms.MultipleChoiceField(
        label="Where?",
        choices=Jurisdiction.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one."},
    )
    name = forms.CharField(
        label="What is it called?",
        max_length=80,
        help_text="As the proclamation has it: letters to customers use it.",
        error_messages={"required": "Give its name."},
    )
    proclaimed_on = DayField(
        label="Proclaimed on",
        missing="Give the day of the proclamation.",
    )
    source = forms.CharField(
        label="Where can it be read?",
        max_length=200,
        initial=GOVERNMENT_LIST,
        error_messages={"required": "Say where it can be read."},
    )
    why = why_field()


class WithdrawDayForm(ActionForm):
    button, tone = "Withdraw it", "danger"

    why = why_field()


class ConfirmYearForm(ActionForm):
    button = "It is the same"

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    source = forms.CharField(
        label="What did you compare it with?",
        max_length=200,
        initial=GOVERNMENT_LIST,
        error_messages={"required": "Say what you compared it with."},
    )
