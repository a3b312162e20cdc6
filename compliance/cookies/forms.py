"""The forms of this room: a visitor's answer, on the banner and on the choices page, and the desk's
two."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from compliance.cookies.groups import NAMES, NECESSARY
from compliance.register.forms import PublishForm, RowForm
from customers.lenient_fields import choice_field

ACCEPT, REFUSE, SAVE = "accept", "refuse", "save"
AGAIN = "That did not reach us whole. Please choose again."


class AnswerForm(forms.Form):
    """One press on the banner: all or nothing. `open_groups` are those about which the visitor was
    asked."""

    answer = forms.ChoiceField(choices=[(ACCEPT, ACCEPT), (REFUSE, REFUSE)])
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    key = forms.UUIDField()
    next = forms.CharField(required=False, max_length=2000)

    def __init__(self, *args: Any, open_groups: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_groups = open_groups

    def accepted(self) -> list[str]:
        """The groups that the visitor says yes to."""
        return list(self.open_groups) if self.cleaned_data["answer"] == ACCEPT else []


class ChoiceForm(AnswerForm):
    """The choices page: each group by itself, or all, or none."""

    answer = forms.ChoiceField(choices=[(ACCEPT, ACCEPT), (REFUSE, REFUSE), (SAVE, SAVE)])
    groups = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "groups").choices = [(group, NAMES[group]) for group in self.open_groups]

    def accepted(self) -> list[str]:
        return (
            list(self.cleaned_data["groups"])
            if self.cleaned_data["answer"] == SAVE
            else super().accepted()
        )


class CookieForm(RowForm):
    """A row of the list. Another company's cookie says where that company explains it and takes a
    no."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("company"):
            if not given.get("policy"):
                self.add_error(
                    "policy",
                    ValidationError(
                        "Visitors must be able to read what that company says about it."
                    ),
                )
            if not given.get("opt_out") and given.get("group") != NECESSARY:
                self.add_error(
                    "opt_out",
                    ValidationError("Visitors must be able to say no to that company itself."),
                )
        return given


class CookieWordingForm(PublishForm):
    """Publishing the wording."""

    button = "Publish this wording"
    summary = forms.CharField(
        label="What changed?",
        max_length=200,
        help_text="For colleagues who look at a choice later.",
        error_messages={
            "required": "Say in a few words what changed, for colleagues who look at a choice "
            "later."
        },
    )
