"""Delete my data (UK GDPR Article 17)."""

from compliance.cases.kinds import CaseKind
from compliance.cases.rights.erasure import ALL, ASKED_FOR, SOME, WHAT
from compliance.portal.forms.fields import LongText, radio
from compliance.portal.forms.public_form import PublicForm
from compliance.portal.forms.requester import AskForm


class ErasureForm(AskForm):
    """Delete my data (UK GDPR Article 17)."""

    kind = CaseKind.ERASURE
    own = ("what", "words")
    effects = {"what": {ALL: "erase", SOME: "erase"}}

    what = radio(
        "What should we delete?",
        list(ASKED_FOR.items()),
    )
    words = LongText(
        "What, and why? (optional)",
        rows=4,
        help_text="You need not give a reason, but it can help your request.",
    )

    def check(self) -> None:
        if self.said["what"] == SOME and not self.said.get("words", " "):
            self.tell("words", "Name what should be deleted.")

    def answers(self) -> dict[str, str]:
        return {WHAT: self.chosen("what")}


FORM = PublicForm(
    order=40,
    slug="delete",
    form=ErasureForm,
    card="Delete my data",
    says="What we have no good reason left to keep goes.",
    title="Delete my data",
    lead=(
        "We delete what we have no good reason left to keep, and tell you line by line what is "
        "gone and "
        "what stays, why, and until when."
    ),
    button="Ask to delete my data",
)
