"""The form that corrects a record: what is wrong in it, and what is wrong elsewhere."""

from typing import Any, ClassVar

from crispy_forms.layout import HTML, Layout
from django import forms
from django.utils import timezone

from compliance.cases.models import Case
from compliance.casework.outcomes.forms import EffectForm
from compliance.outcomes.corrections import NAMES, Changes
from compliance.register.models import Recipient
from customers.contact_words import CONTACT_NOUNS
from customers.forms import DayField, long_text
from customers.models import ContactPoint
from customers.models.person import contact_key


def systems() -> list[tuple[str, str]]:
    """Our own systems beside this portal, by code, as the register names them today."""
    rows = Recipient.objects.on(timezone.localdate()).filter(kind=Recipient.Kind.OWN_SYSTEM)
    return list(rows.order_by("name").values_list("code", "name"))


class CorrectForm(EffectForm):
    """The record as it is, to be changed where it is wrong; one box for each contact detail in use,
    and one for a new one."""

    button = "Correct the record"
    GONE: ClassVar[str] = "gone_"

    title = forms.CharField(label="Title", max_length=40, required=False)
    given_names = forms.CharField(label="Given names", max_length=200, required=False)
    surname = forms.CharField(
        label="Surname", max_length=200, error_messages={"required": "A surname cannot be empty."}
    )
    date_of_birth = DayField(
        label="Date of birth",
        required=False,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        person = case.person
        kwargs["initial"] = {name: getattr(person, name) for name in NAMES}
        super().__init__(*args, case=case, **kwargs)
        self.points = list(
            ContactPoint.objects.in_use().filter(customer=person).order_by("kind", "pk")
        )
        rows: list[Any] = [
            "token",
            HTML('<h2 class="form-part">Who they are</h2>'),
            *NAMES,
            HTML('<h2 class="form-part">How to reach them</h2>'),
        ]
        for point in self.points:
            rows += [
                self._box(
                    f"point_{point.pk}",
                    CONTACT_NOUNS[point.kind].capitalize(),
                    point.kind,
                    point.value,
                ),
                self._gone(point),
            ]
        for kind in ContactPoint.Kind.values:
            rows.append(self._box(f"new_{kind}", f"Another {CONTACT_NOUNS[kind]}", kind, ""))
        self.fields["elsewhere"] = long_text(
            "Something else that is wrong in another of our systems",
            help_text=(
                "Such as an order or what was reported to an agency: what is wrong, and what is "
                "right. That system is told, and so are the person and the recipients."
            ),
        )
        self.fields["system"] = forms.ChoiceField(
            label="Which system?",
            required=False,
            choices=[("", "None"), *systems()],
        )
        self.helper.layout = Layout(
            *rows, HTML('<h2 class="form-part">Anything else</h2>'), "elsewhere", "system"
        )

    def _box(self, name: str, label: str, kind: str, value: str) -> str:
        long = kind == ContactPoint.Kind.ADDRESS
        self.fields[name] = forms.CharField(
            label=label,
            initial=value,
            required=False,
            max_length=600,
            widget=forms.Textarea(attrs={"rows": 4})
            if long
            else forms.TextInput(attrs={"autocomplete": "off"}),
            help_text="One part in each line, the postcode last." if long else "",
        )
        return name

    def _gone(self, point: ContactPoint) -> str:
        name = f"{self.GONE}{point.pk}"
        self.fields[name] = forms.BooleanField(
            label=f"This {CONTACT_NOUNS[point.kind]} is not theirs", required=False
        )
        return name

    def clean_date_of_birth(self) -> Any:
        day = self.cleaned_data["date_of_birth"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("That day has yet to come.")
        return day

    def clean(self) -> dict[str, Any]:
        """`changes`: what is different from the record as it was shown."""
        given = self.cleaned_data
        if given.get("elsewhere") and not given.get("system"):
            self.add_error("system", "Say in which of our systems it is wrong.")
        person = {
            name: given[name] or None
            for name in NAMES
            if name in given and (given[name] or None) != (self.initial[name] or None)
        }
        replace: dict[int, str | None] = {}
        for point in self.points:
            value = self._readable(f"point_{point.pk}", point.kind)
            if given.get(f"{self.GONE}{point.pk}") or not value:
                replace[point.pk] = None
            elif value != point.value.replace("\r\n", "\n").strip():
                replace[point.pk] = value
        add = [
            (kind, value)
            for kind in ContactPoint.Kind.values
            if (value := self._readable(f"new_{kind}", kind))
        ]
        given["changes"] = Changes(person, replace, add)
        return given

    def _readable(self, name: str, kind: str) -> str:
        value = str(self.cleaned_data.get(name) or "").replace("\r\n", "\n").strip()
        try:
            if value:
                contact_key(kind, value)
        except ValueError:
            self.add_error(
                name,
                {
                    "email": "That is not a whole email address.",
                    "phone": "That is not a telephone number.",
                    "address": "It needs a first line, and the postcode last.",
                }[kind],
            )
        return value
