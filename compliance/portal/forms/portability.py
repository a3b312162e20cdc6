"""Take my data elsewhere (UK GDPR Article 20)."""

from django import forms

from compliance.cases.kinds import CaseKind
from compliance.portal.forms.fields import EVERYTHING, LongText, boxes, radio
from compliance.portal.forms.public_form import PublicForm
from compliance.portal.forms.requester import AskForm
from customers.lenient_fields import LenientCharField


class MovingForm(AskForm):
    """Take my data elsewhere (UK GDPR Article 20)."""

    kind = CaseKind.PORTABILITY
    own = ("what", "to", "to_whom", "words")

    what = boxes(
        "Which data?",
        [
            (EVERYTHING, "Everything that can be moved"),
            ("details", "My name and how to reach me"),
            ("orders", "My orders and payments"),
            ("account", "My account and what I chose"),
            ("other", "Something else"),
        ],
        initial=(EVERYTHING,),
    )
    to = radio(
        "Who should get the file?",
        [("me", "Me"), ("them", "Another organisation, directly if that is possible")],
    )
    to_whom = LenientCharField(
        "Which organisation, and how do we reach them? (optional)",
        autocomplete="off",
        widget=forms.Textarea,
        rows=3,
    )
    words = LongText("Anything else? (optional)", rows=3)

    def check(self) -> None:
        if self.said["to"] == "them" and not self.said["to_whom"]:
            self.tell("to_whom", "Name the organisation that should get the file.")

    def answers(self) -> dict[str, str]:
        return {
            "Which data": self.chosen("what"),
            "Who should get it": self.chosen("to"),
            "Which organisation": self.cleaned_data["to_whom"],
        }


FORM = PublicForm(
    order=70,
    slug="move",
    form=MovingForm,
    card="Take my data elsewhere",
    says="A file that a computer can read, for you or for another company.",
    title="Take my data elsewhere",
    lead=(
        "What you gave us, and what came from your orders and your account, as a file that "
        "another company’s computer can read."
    ),
    button="Ask for the file",
)
