"""The forms of the desk about marketing. They clean what was typed; the actions decide whether it
may be done."""

import datetime
import uuid
from typing import Any

from crispy_forms.layout import HTML, Layout
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html

from compliance.preferences import contact_digests as contacts
from compliance.preferences import intake
from compliance.preferences.channels import CHANNELS, nouns
from compliance.preferences.desk import words
from compliance.preferences.desk.actions import Agreed
from compliance.preferences.vocabulary import THIRD_PARTIES, US, ChoiceSource, ContactKind
from customers import normalise
from customers.forms import ActionForm, DayField, long_text
from customers.lenient_fields import choice_field
from customers.matching import Given
from customers.models import Customer

HOW = [
    (ChoiceSource.TELEPHONE, "Telephone"),
    (ChoiceSource.LETTER, "Letter"),
    (ChoiceSource.IN_PERSON, "In person"),
]
DAY = {"invalid": "Give a day such as 31/03/2026."}


def script(label: str, text: str) -> HTML:
    """Words to read out, as they are kept."""
    return HTML(
        format_html(
            '<p class="form-label">{}</p><blockquote class="script">{}</blockquote>', label, text
        )
    )


class StopMarketingForm(ActionForm):
    """What is to stop. Everything is ticked to begin with: that is what callers mean by “stop”."""

    button, tone = "Stop it now", "danger"

    token = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4
    )  # the same form sent twice is one act
    road = forms.ChoiceField(
        label="How did they tell us?",
        choices=HOW,
        initial=ChoiceSource.TELEPHONE,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how they told us."},
    )
    received_on = DayField(
        label="Day on which the letter reached us",
        required=False,
        help_text="Only for a letter: it counts from that day.",
    )
    channels = forms.MultipleChoiceField(
        label="What should stop?",
        choices=nouns,
        initial=lambda: list(CHANNELS),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what should stop."},
    )
    senders = forms.MultipleChoiceField(
        label="Whose marketing?",
        initial=[US, THIRD_PARTIES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Say whose marketing should stop."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "senders").choices = [
            (US, settings.CONTROLLER["name"]),
            (THIRD_PARTIES, "All other organisations"),
        ]
        self.helper.layout = self.laid_out()

    def laid_out(self) -> Layout:
        return Layout(
            "token", "road", "received_on", "channels", "senders", script("Read out", words.STOPPED)
        )

    def clean(self) -> dict[str, Any]:
        """A letter has its day; `received_at` is the end of it, so that nothing else of that day
        outweighs it."""
        clean, now = self.cleaned_data, timezone.now()
        day = clean.get("received_on")
        if clean.get("road") != ChoiceSource.LETTER:
            day = None
        elif "received_on" not in self.errors and day is None:
            self.add_error("received_on", "Give the day on which the letter reached us.")
        elif day and day > timezone.localdate(now):
            self.add_error("received_on", "That day has yet to come.")
        midnight = datetime.time.max.replace(tzinfo=timezone.get_current_timezone())
        clean["received_at"] = min(datetime.datetime.combine(day, midnight), now) if day else now
        return clean


class NonCustomerForm(StopMarketingForm):
    """The same for somebody who is not a customer: the contact details are all we know of them."""

    name = forms.CharField(
        label="Name", required=False, max_length=200, help_text="Needed for a postal address."
    )
    email = forms.CharField(label="Email address", required=False, max_length=320)
    phone = forms.CharField(label="Telephone number", required=False, max_length=40)
    address = long_text(
        "Postal address", help_text="One part in each line, the postcode last.", longest=600
    )

    def laid_out(self) -> Layout:
        return Layout("token", "name", "email", "phone", "address", *super().laid_out().fields[1:])

    def clean(self) -> dict[str, Any]:
        clean = super().clean()
        given = intake.cleaned(
            Given(
                name=clean.get("name", ""),
                email=clean.get("email", ""),
                phone=clean.get("phone", ""),
                address=clean.get("address", ""),
            )
        )
        clean["given"] = given
        read = {one.kind for one in intake.readable_contacts(given)}
        for kind, field, fault in (
            (ContactKind.EMAIL, "email", "That is not a whole email address."),
            (
                ContactKind.PHONE,
                "phone",
                "That is not a telephone number. Check its digits with them.",
            ),
            (
                ContactKind.ADDRESS,
                "address",
                "That cannot be used: it needs the name, a first line and the postcode.",
            ),
        ):
            if getattr(given, field) and kind not in read:
                self.add_error(field, fault)
        if not read and not self.errors:
            self.add_error(
                "email",
                "Give an email address, a telephone number, or a name with a postal address.",
            )
        return clean


class AgreeForm(ActionForm):
    """One question for each sender and contact detail, each with the exact words; a tick is a
    yes."""

    button = "Write down"

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    recording = forms.CharField(
        label="Reference of the recording",
        max_length=80,
        help_text="Without it there is no proof, and so no consent.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Give the reference of the recording: without it the consent could not "
            "be proved."
        },
    )

    def __init__(
        self,
        *args: Any,
        senders: dict[str, str],
        details: list[tuple[int, contacts.Contact, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        questions = []
        for number, (sender, name) in enumerate(senders.items()):
            field = f"yes_{number}"
            self.fields[field] = forms.MultipleChoiceField(
                label=f"To {name}",
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[
                    (
                        f"{sender}:{channel}:{pk}",
                        format_html(
                            '{}<br><span class="quiet">{}: {}</span>',
                            words.question(channel, sender, name, settings.CONTROLLER["name"]),
                            "At" if one.kind == ContactKind.ADDRESS else "To",
                            shown,
                        ),
                    )
                    for channel in CHANNELS
                    for pk, one, shown in details
                    if one.kind == CHANNELS[channel].kind
                ],
            )
            questions.append(field)
        self.questions = questions
        self.helper.layout = Layout(
            "token",
            script("Read out first", words.RECORDED),
            *questions,
            script("Read out after a yes", words.BACK),
            "recording",
        )

    def clean(self) -> dict[str, Any]:
        said = [text for field in self.questions for text in self.cleaned_data.get(field, [])]
        if not said and not self.errors:
            self.add_error(self.questions[0], "Tick each question that they answered with yes.")
        answers = []
        for text in said:
            sender, channel, point = text.rsplit(":", 2)
            answers.append(Agreed(sender, channel, int(point)))
        self.cleaned_data["answers"] = answers
        return self.cleaned_data


class MatchRequestForm(forms.Form):
    """Whose a request is: a proposal's customer, or another by number."""

    customer_number = forms.CharField(
        label="Customer number",
        max_length=40,
        error_messages={"required": "Give the customer number."},
    )

    def clean_customer_number(self) -> Customer:
        return customer_of(self.cleaned_data["customer_number"])


def customer_of(number: str) -> Customer:
    """The customer with a number as it was typed; ValidationError when there is none."""
    try:
        return Customer.objects.get(customer_number=normalise.customer_number(number))
    except (ValueError, Customer.DoesNotExist):
        raise forms.ValidationError("No customer has this number.") from None


class SuppressionQuestionForm(ActionForm):
    """Is this on the suppression list? What is typed is not kept."""

    button = "Look"

    kind = forms.ChoiceField(
        label="What is it?", choices=ContactKind.choices, initial=ContactKind.EMAIL
    )
    surname = forms.CharField(
        label="Surname", required=False, max_length=200, help_text="Only for a postal address."
    )
    value = forms.CharField(
        label="Address or number",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text="A postal address: one part in each line, the postcode last.",
        error_messages={"required": "Type what to look for."},
    )

    def clean(self) -> dict[str, Any]:
        clean = self.cleaned_data
        if not self.errors:
            try:
                clean["contact"] = contacts.make(clean["kind"], clean["value"], clean["surname"])
            except ValueError:
                self.add_error(
                    "value", f"That is not a whole {ContactKind(clean['kind']).label.lower()}."
                )
        return clean
