"""Which credit reference agencies were asked (Consumer Credit Act 1974 section 157)."""

from compliance.cases.kinds import CaseKind
from compliance.portal.forms.application import ApplicationForm
from compliance.portal.forms.fields import LongText
from compliance.portal.forms.public_form import PublicForm


class AgenciesForm(ApplicationForm):
    """Which credit reference agencies were asked (Consumer Credit Act 1974 section 157)."""

    kind = CaseKind.AGENCIES
    words = LongText("Anything else? (optional)", rows=3)


FORM = PublicForm(
    order=20,
    slug="agencies",
    form=AgenciesForm,
    card="Which credit reference agencies did you ask?",
    says="Their names and addresses, after an application for credit.",
    title="Which credit reference agencies did we ask?",
    lead=(
        "If you applied for credit, you can have the name and address of "
        "each agency that we asked about you, or our word that there was none."
    ),
    button="Ask which agencies",
)
