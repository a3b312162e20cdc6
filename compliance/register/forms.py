"""The forms of the register. Every one asks why: the answer stays with the change for good."""

from collections import defaultdict
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from compliance.register import checks, countries, shape
from privacy.declarations import declarations


def why_field() -> forms.CharField:
    """The reason of a change: asked on every form of the register."""
    return forms.CharField(
        label="Why this change?",
        max_length=200,
        help_text="Stays in the history of the row, with your staff ID.",
        error_messages={"required": "Say why, for whoever asks later."},
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )


class DateInput(forms.DateInput):
    """The browser's own date field, which needs no script and sends ISO dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "vDateField", **(attrs or {})}, format="%Y-%m-%d")


class RowForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes no type when it runs
    """A register row with the reason for its change."""

    why = why_field()

    def clean_retired_on(self) -> Any:
        day = self.cleaned_data["retired_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError("A row is retired at once: give today or an earlier day.")
        return day


def _country_choices() -> list[tuple[str, str]]:
    return [
        ("", "Choose a country"),
        *((code, f"{name} ({code})") for code, name in countries.NAMES.items()),
    ]


class RecipientForm(RowForm):
    country = forms.ChoiceField(
        label="Where the data goes", choices=_country_choices, initial=shape.HOME
    )


class AdequacyForm(RowForm):
    country = forms.ChoiceField(choices=_country_choices)


def _declared(words: str) -> list[tuple[str, str]]:
    """Every clock (or condition) that a model declares, with the models that do."""
    found = defaultdict(list)
    for declaration in declarations():
        for word in getattr(declaration, words):
            found[word].append(str(declaration.model._meta.verbose_name_plural))
    return [(word, f"{word} ({', '.join(models)})") for word, models in sorted(found.items())]


class RuleForm(RowForm):
    """A retention rule. Clocks and conditions are those that the models declare, so a rule can
    always be counted.
    """

    clock = forms.ChoiceField(
        label="Counted from",
        choices=lambda: _declared("clocks"),
        help_text="In brackets: the records that know this date. Choose one that the records of "
        "the "
        "category know.",
    )
    condition = forms.ChoiceField(
        label="Only for",
        required=False,
        choices=lambda: [("", "Every record of the category"), *_declared("conditions")],
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a clock or a condition that the category's records do not know, naming those that
        they do."""
        given = super().clean() or self.cleaned_data
        if given.get("category") and given.get("purpose") and given.get("clock"):
            row = shape.RuleRow(
                given.get("code") or self.instance.code,
                given["category"].code,
                given["purpose"].code,
                given["clock"],
                given.get("condition", ""),
            )
            register = shape.Register("this form", (), (), (), (), {})
            for fault in checks.rule_faults(row, register):
                self.add_error(
                    "condition" if fault.id == "register.E007" else "clock",
                    f"{fault.msg} {fault.hint}",
                )
        return given


class _DeskForm(forms.Form):
    """A form of one button, laid out by crispy."""

    button = "Save"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("do", self.button, css_class="btn-primary"))


class ConfirmRulesForm(_DeskForm):
    button = "Confirm"
    why = why_field()


class PublishForm(_DeskForm):
    button = "Publish this notice"
    summary = forms.CharField(
        label="What changed?",
        max_length=200,
        help_text="Customers read this in the list of versions.",
        error_messages={
            "required": "Say in a few words what changed; customers read it in the list of "
            "versions."
        },
    )
