"""A complaint: about data (DPA 2018 section 164A), about credit (FCA DISP), or one letter that
is both."""

from compliance.cases.kinds import CaseKind
from compliance.portal.forms.fields import LongText, boxes
from compliance.portal.forms.public_form import PublicForm
from compliance.portal.forms.requester import AskForm


class ComplaintForm(AskForm):
    """A complaint: about data (DPA 2018 section 164A), about credit (FCA DISP), or one letter that
    is both."""

    kind = CaseKind.COMPLAINT
    own = ("about", "words", "remedy")
    effects = {"about": {"data": "complaint", "credit": "complaint"}}

    about = boxes(
        "What is it about?",
        [
            ("data", "How you handle my personal data"),
            ("credit", "Credit: an application, my account, or how you dealt with me about money"),
        ],
        help_text="Tick both if it is about both, or if you are not sure.",
    )
    words = LongText("What happened?", rows=8)
    remedy = LongText("What would put it right? (optional)", rows=3)

    def check(self) -> None:
        if not self.said["about"]:
            self.add_error(
                "about", "Tick what your complaint is about. Tick both if you are not sure."
            )
        if not self.said.get("words", " "):
            self.add_error("words", "Tell us what happened.")

    def kinds(self) -> list[str]:
        return [
            kind
            for code, kind in (("data", CaseKind.COMPLAINT), ("credit", CaseKind.CREDIT_COMPLAINT))
            if code in self.cleaned_data["about"]
        ]

    def answers(self) -> dict[str, str]:
        return {"What would put it right": self.cleaned_data["remedy"]}


FORM = PublicForm(
    order=90,
    slug="complain",
    form=ComplaintForm,
    card="I want to complain",
    says="About your data, or about credit. Tell us, and we look into it.",
    title="Complain",
    lead=(
        "Tell us what went wrong. We confirm that we have it, look into it, and tell you what we "
        "found and what "
        "we do about it."
    ),
    button="Send my complaint",
)
