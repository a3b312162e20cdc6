"""The forms of effects on the desk. They clean what was typed; the effects decide whether it may be
done."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from crispy_forms.layout import HTML, Layout
from django import forms
from django.utils import timezone

from accounts.models import StaffUser
from compliance.access import changes
from compliance.access.models import Pack
from compliance.cases import promises
from compliance.cases.kinds import NEEDS
from compliance.cases.models import Case, Restriction
from compliance.deadlines.wording import words_of
from compliance.disclosures.agencies import Application
from compliance.outcomes import access, agencies, objection, restriction, restriction_words
from compliance.outcomes.review import CHANGED, relied_on
from compliance.register.models import DataCategory, Purpose
from customers.forms import ActionForm, DayField, long_text
from customers.lenient_fields import choice_field

GROUNDS = [one for one in Restriction.Ground.choices if one[0] != Restriction.Ground.ASKED]


class EffectForm(ActionForm):
    """The form of one effect in one case; the same form sent twice is done once."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case


class PressEffectForm(EffectForm):
    """Just the button."""

    button = "Do it"


class SeenToForm(EffectForm):
    button = "Note it"


class MakeFileForm(EffectForm):
    button = "Make the file"


class ScopeFields(ActionForm):
    """What a restriction covers: which data, and for each use whether it stops or what lets it go
    on. Proposed by the register."""

    USE: ClassVar[str] = "use_"
    STOPS: ClassVar[str] = "stops"
    OTHER: ClassVar[str] = "It is not about this use"

    categories = forms.MultipleChoiceField(
        label="Which data is it about?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: DataCategory.objects.in_use().values_list("code", "name"),
        help_text="Tick nothing if it is about all of it.",
    )

    def add_uses(self, purposes: Collection[str], goes_on: Mapping[str, str] | None = None) -> None:
        """A question for each use in force; `purposes` are those that it is expressly about."""
        proposed = restriction.proposed(purposes) if goes_on is None else goes_on
        for code, name in Purpose.objects.in_use().values_list("code", "name"):
            stops = code in purposes or (not purposes and code not in proposed)
            self.fields[f"{self.USE}{code}"] = forms.ChoiceField(
                label=name,
                choices=[
                    (self.STOPS, "Stops"),
                    *(
                        (code, f"Goes on {words}")
                        for code, words in restriction_words.GOES_ON.items()
                    ),
                    *([("", self.OTHER)] if purposes else []),
                ],
                required=False,
                initial=self.STOPS if stops else proposed.get(code, ""),
            )
        first = [name for name in self.fields if not name.startswith(self.USE)]
        uses = [name for name in self.fields if name.startswith(self.USE)]
        heading = HTML('<h2 class="form-part">What becomes of each use?</h2>')
        self.helper.layout = Layout(*first, heading, *uses)

    def clean(self) -> dict[str, Any]:
        """`goes_on` and `purposes` as `restriction.confirm` takes them."""
        said = {
            name.removeprefix(self.USE): self.cleaned_data.get(name)
            or ("" if ("", self.OTHER) in field.choices else field.initial)  # type: ignore[attr-defined]  # a field of choices
            for name, field in self.fields.items()
            if name.startswith(self.USE)
        }
        about = [code for code, value in said.items() if value]
        self.cleaned_data["purposes"] = [] if len(about) == len(said) else about
        self.cleaned_data["goes_on"] = {
            code: value for code, value in said.items() if value not in ("", self.STOPS)
        }
        return self.cleaned_data


class RestrictForm(ScopeFields, EffectForm):
    button = "Confirm the restriction"

    ground = forms.ChoiceField(
        label="On which ground?",
        choices=GROUNDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the ground."},
    )
    field_order = ("token", "ground", "categories")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [one for one in self.case.codes("ground") if one in dict(GROUNDS)]
        self.fields["ground"].initial = asked[0] if asked else None
        self.add_uses(self.case.codes("purposes"))


class ScopeForm(ScopeFields):
    """The same for a restriction that stands already."""

    button = "This is what it covers"

    def __init__(self, *args: Any, row: Restriction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"].initial = row.categories
        self.add_uses(row.purposes, row.goes_on if row.confirmed_at else None)


class WeighObjectionForm(EffectForm):
    button = "Note the outcome"

    outcome = forms.ChoiceField(
        label="What is the outcome?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the outcome."},
        choices=[
            ("upheld", "Upheld: we stop"),
            ("rejected", "Not upheld: our grounds are compelling, or it is for claims"),
        ],
    )
    purposes = forms.MultipleChoiceField(
        label="Which uses stop?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=objection.purposes,
        help_text="Marketing is not among them: it is never weighed, and has its own button.",
    )
    reasons = long_text(
        "How were their reasons and ours weighed?",
        "Write how they were weighed.",
        "The person reads this.",
        6,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purposes"].initial = self.case.codes("purposes")


SEARCHED = "every table of this portal in which your records stand, found by your customer record"


class PrepareForm(EffectForm):
    button = "Begin"


class NothingForm(EffectForm):
    button = "We hold nothing"

    searched = long_text(
        "Where did you search, and with what?",
        "Write where you searched.",
        "The person reads this.",
    )


class ReleaseForm(EffectForm):
    """How a copy gets to its customer. Whether it may go although something changed is asked only
    where something did."""

    button = "Release it"

    means = forms.ChoiceField(
        label="How do they get it?",
        choices=Pack.Means.choices,
        initial=Pack.Means.ONLINE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how they get it."},
        help_text="On paper only when it was printed from the page of the copy.",
    )
    searched = long_text(
        "What was searched?",
        help_text="The person reads this. The law asks for a reasonable search.",
        rows=2,
    )
    as_needed = forms.BooleanField(
        error_messages={"required": "Have it made in that form first, then tick this."}
    )
    as_built = forms.BooleanField(required=False, label="Release it as it was built all the same")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["searched"].initial = SEARCHED
        asked = self.case.codes("means")
        self.fields["means"].initial = asked[0] if asked else Pack.Means.ONLINE
        if needs := self.case.facts.get(NEEDS):
            self.fields["as_needed"].label = f"It is in the form that they asked for: {needs}"
        else:
            del self.fields["as_needed"]
        pack = access.live(self.case)
        changed = changes.changed(pack) if pack and pack.built_at else []
        if changed:
            self.fields[
                "as_built"
            ].help_text = f"Changed since then: {', '.join(changed)}. Better build it again first."
        else:
            del self.fields["as_built"]


class WithdrawCopyForm(EffectForm):
    button, tone = "Withdraw it now", "danger"

    reason = long_text(
        "What is wrong with it?",
        "Write what is wrong with it.",
        "For colleagues. If somebody else’s data was in "
        "it, tell the data protection lead at once: it may be a breach.",
    )


class AnswerFromLogForm(EffectForm):
    """Which applications the letter answers for, or that none was asked."""

    button = "Send the answer, and close"

    applications = forms.MultipleChoiceField(
        label="For which application does the letter answer?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    none = forms.BooleanField(
        label="No credit reference agency was asked",
        required=False,
        help_text="Only when the credit team has confirmed it. The letter says so, and to get it "
        "wrong is an offence "
        "(section 157(3)).",
    )
    text = long_text(
        "Is there anything else to say?",
        help_text="The person reads this below the agencies.",
        rows=3,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.findings = agencies.findings(case, today=timezone.localdate())
        applications = self.findings.found.applications
        if not applications:
            del self.fields["applications"]
        else:
            choice_field(self, "applications").choices = [
                (one.reference, self._named(one)) for one in applications
            ]
            self.fields["applications"].initial = [
                one.reference for one in self.findings.chosen if one.agencies
            ]

    def _named(self, one: Application) -> str:
        ended = self.findings.ended(one)
        until = (
            f"negotiations ended on {words_of(ended, False)}"
            if ended
            else "no end of negotiations is known"
        )
        return (
            f"{one.reference}: "
            f"{until}{'' if self.findings.counts(one) else ', too late for section 157'}"
        )


class NoteReviewForm(EffectForm):
    button = "Note the review"

    first_decided_by = forms.ChoiceField(label="Who took the decision before?", required=False)
    outcome = forms.ChoiceField(
        label="What is the outcome?",
        widget=forms.RadioSelect,
        choices=[
            ("stands", "The decision stands"),
            (CHANGED, "It should be another decision: our credit system is told"),
        ],
        error_messages={"required": "Choose the outcome."},
    )
    relied_on = forms.MultipleChoiceField(
        label="If it stands: on whose information does it rest?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="The credit reference agencies that the log knows. The person reads their names, "
        "addresses and telephone numbers again.",
    )
    none = forms.BooleanField(
        label="It rests on no information from a credit reference agency", required=False
    )
    factors = long_text(
        "Which factors counted most?", "Write which factors counted most.", "The person reads this."
    )
    reasons = long_text("Why?", "Write the reasons.", "The person reads this.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = relied_on(self.case, timezone.localdate())
        choice_field(self, "relied_on").choices = [
            (code, f"{agency.name} ({code.partition('/')[0]})") for code, agency in known.items()
        ]
        if not known:
            del self.fields["relied_on"]
        people = StaffUser.objects.filter(is_active=True).order_by("staff_id")
        choice_field(self, "first_decided_by").choices = [
            ("", "A computer, or not known"),
            *((one.actor, one.staff_id) for one in people),
        ]


class NoteFindingsForm(EffectForm):
    button = "Note it"

    outcome = forms.ChoiceField(
        label="What is the outcome?",
        widget=forms.RadioSelect,
        choices=[
            ("upheld", "They are right"),
            ("partly", "They are right in part"),
            ("rejected", "They are not right"),
        ],
        error_messages={"required": "Choose the outcome."},
    )
    findings = long_text(
        "What did you find, and why?",
        "Write what you found.",
        "The letter tells it in these words: you can still change them before it goes.",
        rows=6,
    )
    remedy = long_text(
        "What is done about it?",
        help_text="A remedy, and a change so that it does not happen again. It stands in "
        "the letter too.",
    )
    remedy_by = DayField(
        label="By when is that done?",
        required=False,
        help_text="The letter names the day, and it becomes a task with that day. Left empty, it is "
        f"within {promises.REMEDY.words}.",
    )


class StatementForm(EffectForm):
    button = "Keep it"

    statement = long_text("Their statement, in their words", "Write the statement.", rows=6)


class WarnForm(ActionForm):
    button = "Tell them"

    how = forms.ChoiceField(
        label="How are they told?",
        widget=forms.RadioSelect,
        initial="write",
        choices=[
            ("write", "By a message, which goes out now"),
            (
                "answered",
                f"Our answer told them already, in the words “{restriction.WILL_LIFT}”",
            ),
        ],
    )
    text = long_text("Why is it lifted?", help_text="They read this in the message.")

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("how") == "write" and not self.cleaned_data.get("text"):
            self.add_error("text", "Write why it is lifted: the person must know before it ends.")
        return self.cleaned_data


class LiftForm(ActionForm):
    button, tone = "Lift the restriction", "danger"

    reason = long_text("Why is it lifted?", "Write why it is lifted.", "For colleagues.")


class AllowAgainForm(ActionForm):
    button, tone = "They allow it again", "danger"

    why = long_text(
        "How do you know that they allow it again?",
        "Write how you know that they allow it again.",
        "Such as the letter or the call in which they said so, and its day.",
    )


class HoldAgainForm(ActionForm):
    button = "Place the hold again"
