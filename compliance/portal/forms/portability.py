"""Take my data elsewhere (UK GDPR Article 20)."""

from compliance.cases.kinds import CaseKind
from compliance.portal.forms.fields import LongText
from compliance.portal.forms.public_form import PublicForm
from compliance.portal.forms.requester import AskForm


class MovingForm(AskForm):
    """Take my data elsewhere (UK GDPR Article 20): always everything that can be moved."""

    kind = CaseKind.PORTABILITY
    own = ("words",)

    words = LongText(
        "Anything else? (optional)",
        rows=3,
        help_text="Such as an organisation that should have the file directly, if that can be "
        "done, and how to reach it.",
    )


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
