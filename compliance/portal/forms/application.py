"""What the two forms about a credit decision share."""

from collections.abc import Iterator
from typing import Any

from crispy_forms.layout import Div, Field

from compliance.portal.forms.fields import DayField
from compliance.portal.forms.requester import AskForm
from customers.lenient_fields import LenientCharField


class ApplicationForm(AskForm):
    """What the two forms about a credit decision share: which application."""

    own = ("application", "decided_on", "words")

    application = LenientCharField(
        "Reference of the application or account (optional)",
        autocomplete="off",
        spellcheck="false",
        help_text="It stands on the letter or email with the decision.",
    )
    decided_on = DayField(
        "On which day was it decided? (optional)",
        help_text="If you remember. For example 27 3 2026",
    )

    def questions(self) -> Iterator[Any]:
        yield from (Div(Field("application"), css_class="short-field"), "decided_on", "words")

    def check(self) -> None:
        self.check_day("decided_on")

    def answers(self) -> dict[str, str]:
        return {
            "Application or account": self.cleaned_data["application"],
            "Decided on, as you told us": self.day("decided_on"),
        }
