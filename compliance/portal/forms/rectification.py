"""Something is wrong (UK GDPR Article 16)."""

from compliance.cases.kinds import CaseKind
from compliance.portal.forms.fields import LongText, boxes
from compliance.portal.forms.public_form import PublicForm
from compliance.portal.forms.requester import AskForm

WHAT = {
    "name": "My name",
    "address": "My postal address",
    "email": "My email address",
    "phone": "My telephone number",
    "birth": "My date of birth",
    "orders": "An order or a payment",
    "credit": "My credit account",
    "agency": "What you told a credit reference agency",
    "other": "Something else",
}


class CorrectionForm(AskForm):
    """Something is wrong (UK GDPR Article 16)."""

    kind = CaseKind.RECTIFICATION
    own = ("what", "wrong", "right", "words")
    effects = {"what": dict.fromkeys(WHAT, "correct")}

    what = boxes("Which of these is it? (optional)", list(WHAT.items()))
    wrong = LongText("What is wrong?", rows=3)
    right = LongText(
        "What should it be?", rows=3, help_text="If something is missing: what should be added."
    )
    words = LongText(
        "How do you know? (optional)",
        rows=3,
        help_text="Anything that helps us check it. You can add a file below.",
    )

    def check(self) -> None:
        if not (self.said.get("wrong", " ") or self.said.get("right", " ")):
            self.add_error("wrong", "Tell us what is wrong, or what it should be.")

    def answers(self) -> dict[str, str]:
        said = self.cleaned_data
        return {
            "What it is about": self.chosen("what"),
            "What is wrong": said["wrong"],
            "What it should be": said["right"],
        }


FORM = PublicForm(
    order=30,
    slug="correct",
    form=CorrectionForm,
    card="Something is wrong",
    says="Have it put right, or have added what is missing.",
    title="Something is wrong",
    lead=(
        "Tell us what is wrong or missing. We check it, put right what is wrong, and tell those "
        "who, by our log, received it from us."
    ),
    button="Ask for a correction",
)
