"""The forms of the breach register. They clean what was typed; the actions decide."""

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from compliance.breaches.actions import FACTS
from compliance.breaches.models import Breach
from compliance.register import time_limits
from customers.forms import ActionForm, long_text
from customers.models import Customer


class Moment(forms.DateTimeField):
    """A day and a time in London, by the browser's own field."""

    def __init__(self, label: str, *, required: bool = True, help_text: str = "") -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            error_messages={
                "required": "Give the day and the time.",
                "invalid": "Give a day and a time such as 31/03/2027 14:30.",
            },
        )


text = partial(long_text, longest=20_000)


def kinds() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="What kind of breach is it?",
        choices=Breach.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one."},
    )


class RecordForm(ActionForm):
    button = "Write it into the register"

    aware_at = Moment(
        "When did we know of it?",
        help_text="When anybody here was reasonably sure. The "
        f"{time_limits.period('breach')} run from this moment.",
    )
    kinds = kinds()
    what = text("What happened?", "Write what happened.", rows=6)


class DescribeForm(ActionForm):
    button = "Keep it"

    occurred_at = Moment("When did it happen?", required=False)
    discovered_at = Moment("When did somebody notice it?", required=False)
    kinds = kinds()
    people = forms.IntegerField(label="How many people?", required=False, min_value=0)
    records = forms.IntegerField(label="How many records?", required=False, min_value=0)
    what = text("What happened?", "Write what happened.", rows=6)
    which_data = text("Which data?")
    cause = text("What caused it?")
    consequences = text("What may it lead to?")
    measures = text("What is done about it, and to prevent it?")
    processor = text(
        "If a processor told us of it: who, what and when?",
        help_text="A processor tells us without undue delay (Article 33(2)).",
    )

    def __init__(self, *args: Any, breach: Breach, **kwargs: Any) -> None:
        initial = {name: getattr(breach, name) for name in FACTS}
        super().__init__(*args, initial=initial, **kwargs)


class JudgeForm(ActionForm):
    button = "Keep the judgement"

    risk = forms.ChoiceField(
        label="How great is the risk to people?",
        choices=[one for one in Breach.Risk.choices if one[0] != Breach.Risk.UNKNOWN],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how great it is."},
    )
    reason = text("Why?", "Write why.")


class RegulatorForm(ActionForm):
    button = "They were told"

    at = Moment("When were they told?")
    reference = forms.CharField(label="Their reference", max_length=60, required=False)
    late_reason = text(
        f"If that was after the {time_limits.period('breach')}: why?",
        help_text="The law asks for the reasons (Article 33(1)).",
    )


class WhyForm(ActionForm):
    button = "Keep the reason"

    why = text("Why?", "Write why.")


class PeopleForm(ActionForm):
    button = "Add them"

    numbers = text(
        "Customer numbers",
        "Give at least one customer number.",
        help_text="One in each line.",
        rows=8,
    )

    def clean_numbers(self) -> list[Customer]:
        numbers = set(self.cleaned_data["numbers"].replace(",", " ").split())
        found = list(Customer.objects.filter(customer_number__in=numbers))
        if missing := len(numbers) - len(found):
            raise ValidationError(f"Of these, {missing:,} are no customer numbers of ours.")
        return found


class TellForm(ActionForm):
    button, tone = "Write to them", "danger"

    text = text(
        "What do they read?",
        "Write what the people read.",
        "What happened, what it may lead to for them, what we do about it, and what they can do "
        "themselves. The letter adds whom to ask, and the regulator.",
        8,
    )


class CloseForm(ActionForm):
    button = "Close it"

    lessons = text("What was learnt?", "Write what was learnt.")
