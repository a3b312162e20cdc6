"""The forms of case work. They clean what was typed; the actions decide whether it may be done."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone

from compliance import letters
from compliance.cases import asking, filetypes
from compliance.cases.grounds import grounds_for
from compliance.cases.identity import CHECKS
from compliance.cases.kinds import Arrival, CaseKind
from compliance.cases.models import Attachment, Case, Letter
from compliance.casework.actions.decisions import why_not_ground
from compliance.casework.desk.filters import workers
from compliance.deadlines.wording import lower, upper
from compliance.outcomes.complaint import found
from compliance.register import time_limits
from compliance.register.kept_for import kept_for
from customers import normalise
from customers.forms import ActionForm, DayField, long_text
from customers.lenient_fields import choice_field
from customers.models import Customer

MOST_DUPLICATES = 20  # cases that one may be a duplicate of, as offered
HOW = [
    (Arrival.TELEPHONE, "Telephone"),
    (Arrival.LETTER, "Letter"),
    (Arrival.EMAIL, "Email"),
    (Arrival.IN_PERSON, "In person"),
    (Arrival.SOCIAL, "Social media"),
]


def box(
    label: str,
    *,
    required: str = "Write something.",
    help_text: str = "",
    rows: int = 6,
    optional: bool = False,
) -> forms.CharField:
    """A box for a text."""
    return long_text(label, "" if optional else required, help_text, rows)


def to_them(label: str, **rest: Any) -> forms.CharField:
    """A box for what the person will read."""
    return box(
        label,
        required="Write what the person reads.",
        **{
            "help_text": "They read this in the letter. An empty line begins a paragraph; “- ” "
            "begins a point.",
            **rest,
        },
    )


def checks(*, required: bool = True) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="What was checked?",
        choices=list(CHECKS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=required,
        help_text="Tick what was really checked: the least that settles it.",
        error_messages={"required": "Tick what was checked."},
    )


class CaseForm(ActionForm):
    """A form of one case; `by_staff` is whoever fills it in."""

    sends: Letter | None = None  # the letter that goes to the person
    token = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4
    )  # the same form sent twice is done once

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.prepare()

    def prepare(self) -> None:
        """What depends on the case."""


class PressForm(CaseForm):
    """Nothing to fill in: the press is the answer."""


class AcknowledgeForm(PressForm):
    button, sends = "Confirm it to them", Letter.ACKNOWLEDGEMENT


class AskForm(CaseForm):
    """Asking on a ground, which the letter names, with the fact that bears it out, which stays
    inside."""

    what: str  # as in `asking.GROUNDS`
    ground = forms.ChoiceField(
        label="Why do we ask?",
        widget=forms.RadioSelect,
        help_text="They read this, in words that tell a stranger nothing.",
        error_messages={"required": "Choose why we ask."},
    )
    reason = box(
        "Which fact bears that out?",
        rows=3,
        required="Write down the fact.",
        help_text="Stays inside, and is kept: we have to be able to show it.",
    )
    text = to_them("What do we need from them?", rows=4)

    def prepare(self) -> None:
        choice_field(self, "ground").choices = [
            (code, f"{ground.label} (its fact: {lower(ground.fact.rstrip('.'))})")
            for code, ground in asking.GROUNDS[self.what].items()
            if self.case.kind == CaseKind.ACCESS or not ground.of_copies
        ]


class AskIdentityForm(AskForm):
    button, sends, what = "Ask who they are", Letter.IDENTITY, "identity"


class AskAuthorityForm(AskForm):
    button, sends, what = "Ask for the authority", Letter.AUTHORITY, "authority"


class AskFeeForm(AskForm):
    button, sends, what = "Ask for the fee", Letter.FEE, "fee"

    amount = forms.DecimalField(
        label="How much, in pounds?",
        min_value=0.01,
        max_digits=7,
        decimal_places=2,
        help_text="No more than what it costs us to deal with it.",
        error_messages={"required": "Give the amount.", "invalid": "Give an amount such as 12.50."},
    )
    text = to_them("What does it cover, and how do they pay?", rows=5)
    field_order = ("ground", "reason", "amount", "text")


class AskClarificationForm(CaseForm):
    button, sends = "Ask, and stop the clock", Letter.CLARIFICATION

    text = to_them("What do you need to know?", rows=5)


class CameForm(CaseForm):
    button = "Record that it came"

    on = DayField(
        label="Day on which it came",
        initial=timezone.localdate,
        help_text="The day on which it reached any of us: the clock goes by it.",
    )


class ProofCameForm(CameForm):
    how = checks()


class NotNeededForm(CaseForm):
    button, sends = "Take the question back", Letter.MESSAGE

    reason = box(
        "Why was it not needed?",
        rows=3,
        required="Write down why it was not needed.",
        help_text="Such as what we had that answers it. Stays inside, and is kept.",
    )


class IdentityNotNeededForm(NotNeededForm):
    how = checks(required=False)

    def prepare(self) -> None:
        self.fields["how"].label = "What shows who asks?"
        self.fields["how"].help_text = "Only if what we had shows it already."


class AnswerCameForm(CameForm):
    text = box("What did they answer?", required="Write what they answered.")


class IdentifyForm(CaseForm):
    button = "It is clear who asks"

    how = checks()


class NegotiationsForm(CaseForm):
    button = "Record the day"

    on = DayField(
        label="Day on which the negotiations ended",
        help_text="When the agreement was made, or the application declined or given up.",
    )


class ExtendForm(CaseForm):
    button, sends = f"Extend to {time_limits.extended('sar')}", Letter.EXTENSION

    reason = to_them("Why is more time needed?", rows=5)


class CompleteForm(CaseForm):
    button, sends = "Answer, and close", Letter.COMPLETION

    text = to_them("What do we answer?")
    otherwise = forms.BooleanField(
        label="Send nothing: they were told in another way",
        required=False,
        help_text="Then write above how and when they were told. It stays inside.",
    )


class CompleteComplaintForm(CompleteForm):
    """The outcome is the one that was noted; what was found and what is done about it stand in the
    box already."""

    button = "Tell the outcome, and close"

    def prepare(self) -> None:
        self.initial.setdefault("text", found(self.case)[1])


class RefuseForm(CaseForm):
    button, tone, sends = "Refuse, and close", "danger", Letter.REFUSAL

    ground = forms.ChoiceField(
        label="On which ground?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the ground."},
    )
    text = to_them(
        "The reasons, in this case", help_text="They read the words of the ground, and then this."
    )

    def prepare(self) -> None:
        choice_field(self, "ground").choices = [
            (code, f"{ground.label} ({ground.law.rpartition(': ')[2]})")
            for code, ground in grounds_for(self.case.kind).items()
            if not why_not_ground(self.case, ground)
        ]


class PartlyForm(RefuseForm):
    button, tone, sends = "Answer in part, and close", "primary", Letter.PARTLY

    text = to_them(
        "What is done, what is not, and why",
        help_text="They read the words of the ground, and then this.",
    )


class WithdrawCaseForm(CaseForm):
    button, tone, sends = "They took it back", "danger", Letter.WITHDRAWN

    reason = box(
        "How do we know?", rows=3, required="Write how we know.", help_text="Stays inside."
    )
    silently = forms.BooleanField(
        label="Send no confirmation",
        required=False,
        help_text="Only when they know it already, or it was logged by mistake.",
    )


class ReopenForm(CaseForm):
    button = "Open it again"

    reason = box(
        "Why is it opened again?",
        rows=3,
        required="Write why it is opened again.",
        help_text="Stays inside.",
    )


class MergeForm(CaseForm):
    button, tone, sends = "Merge it into that one", "danger", Letter.MESSAGE

    into = forms.ChoiceField(
        label="Which one came first?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the case that came first."},
    )

    def prepare(self) -> None:
        found = duplicates(self.case)
        choice_field(self, "into").choices = [
            (str(one.pk), f"{one.reference}, received on {one.received_on:%-d %B %Y}")
            for one in found
        ]


def duplicates(case: Case) -> list[Case]:
    """The open cases of the same customer and kind that came before: what this one may be a
    duplicate of."""
    if case.customer_id is None:
        return []
    rows = Case.objects.filter(
        customer=case.customer_id, kind=case.kind, closed_at=None, received_at__lte=case.received_at
    )
    return list(
        rows.exclude(pk=case.pk).only("pk", "reference", "received_on", "received_at")[
            :MOST_DUPLICATES
        ]
    )


class AssignForm(CaseForm):
    button = "Give it to them"

    to = forms.ChoiceField(label="Who works on it?", required=False)

    def prepare(self) -> None:
        self.workers = {str(one.pk): one for one in workers()}
        choice_field(self, "to").choices = [
            ("", "Nobody"),
            *((key, one.staff_id) for key, one in self.workers.items()),
        ]

    def clean_to(self) -> Any:
        return self.workers.get(self.cleaned_data["to"])


class InternalNoteForm(CaseForm):
    button = "Keep the note"

    text = box(
        "Note for colleagues",
        required="Write the note.",
        help_text="Nothing is sent. They may read it one day, when they ask for their data.",
    )


class WriteForm(CaseForm):
    button, sends = "Send it to them", Letter.MESSAGE

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    text = to_them("Message to the person")

    def prepare(self) -> None:
        self.initial.setdefault("number", letters.next_number(self.case, Letter.MESSAGE))


class HeardForm(CaseForm):
    button = "Keep what they said"

    on = DayField(
        label="Day on which they said it",
        initial=timezone.localdate,
    )
    channel = forms.ChoiceField(
        label="How?", choices=HOW, initial=Arrival.TELEPHONE, widget=forms.RadioSelect
    )
    text = box(
        "What did they say?",
        required="Write what they said.",
        help_text="It neither stops nor starts the clock. An answer to our question is recorded "
        "as such.",
    )


class ReachForm(CaseForm):
    button = "Use these"

    email = forms.CharField(label="Email address", required=False, max_length=320)
    phone = forms.CharField(label="Telephone number", required=False, max_length=40)
    address = long_text(
        "Postal address", help_text="One part in each line, the postcode last.", longest=600
    )

    def prepare(self) -> None:
        for name in ("email", "phone", "address"):
            self.initial.setdefault(name, getattr(self.case, name) or "")


class MatchForm(CaseForm):
    button = "This is the customer"

    customer_number = forms.CharField(
        label="Customer number",
        max_length=40,
        error_messages={"required": "Give the customer number."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_customer_number(self) -> Customer:
        try:
            number = normalise.customer_number(self.cleaned_data["customer_number"])
            return Customer.objects.get(customer_number=number)
        except (ValueError, Customer.DoesNotExist):
            raise forms.ValidationError("No customer has this number.") from None


class AddFileForm(CaseForm):
    button = "Add the file"

    purpose = forms.ChoiceField(
        label="What is it?",
        choices=Attachment.Purpose.choices,
        initial=Attachment.Purpose.LETTER,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label="Which file?",
        widget=forms.ClearableFileInput(attrs={"accept": filetypes.ACCEPT}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = kept_for(identity="request-identity")["identity"]
        self.fields["file"].help_text = (
            f"{upper(filetypes.one_of_them())}, of at most {filetypes.largest()}. It is kept "
            f"sealed. Proof of identity goes {kept} after it was checked."
        )

    def clean_file(self) -> Any:
        """Of a larger file the upload handler keeps only its size."""
        file = self.cleaned_data["file"]
        if file.size > filetypes.LARGEST:
            raise forms.ValidationError(
                f"The file is larger than {filetypes.largest()}. Scan it with a lower resolution, or in parts."
            )
        return file
