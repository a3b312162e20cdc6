"""A person looks afresh at a decision (UK GDPR Articles 22A to 22C)."""

from compliance.cases.kinds import CaseKind
from compliance.portal.forms.application import ApplicationForm
from compliance.portal.forms.fields import LongText
from compliance.portal.forms.public_form import PublicForm


class ReviewForm(ApplicationForm):
    """A person looks afresh at a decision (UK GDPR Articles 22A to 22C)."""

    kind = CaseKind.REVIEW
    words = LongText(
        "What should the person who looks at it know? (optional)",
        help_text="What the computer could not know, what has changed, or why you think it is "
        "wrong.",
    )


FORM = PublicForm(
    order=80,
    slug="decision",
    form=ReviewForm,
    card="A computer refused me credit",
    says="Learn what counted, tell us your side, and have a person decide afresh.",
    title="Have a person look at a credit decision",
    lead=(
        "If a computer decided on your application or cut your limit, a person "
        "looks at it afresh. You learn what counted, and can tell us your side."
    ),
    button="Ask for a person",
)
