"""Stop using my data for something (UK GDPR Article 21)."""

from compliance.cases.kinds import CaseKind
from compliance.portal.forms.fields import LongText, boxes
from compliance.portal.forms.public_form import PublicForm
from compliance.portal.forms.requester import AskForm

MARKETING = "marketing"


class ObjectionForm(AskForm):
    """Stop using my data for something (UK GDPR Article 21)."""

    kind = CaseKind.OBJECTION
    own = ("uses", "words")

    uses = boxes(
        "What should we stop?",
        [
            (MARKETING, "Marketing, and looking at what I buy for it"),
            ("profile", "Choosing what I see by what I bought before"),
            ("share", "Passing my details on to others"),
            ("statistics", "Research and statistics"),
            ("fraud", "Checks against fraud"),
            ("other", "Something else, which I name below"),
        ],
    )
    words = LongText(
        "What about you makes this a problem?",
        rows=5,
        help_text="A sentence is enough. To stop marketing you need no reason.",
    )

    def check(self) -> None:
        if not self.said["uses"] and not self.said.get("words", " "):
            self.add_error("uses", "Tick what we should stop, or describe it below.")

    @property
    def stops_marketing(self) -> bool:
        """Whether marketing is to stop: that takes effect at once and waits for nobody."""
        return MARKETING in self.cleaned_data["uses"]

    def kinds(self) -> list[str]:
        if self.cleaned_data["uses"] == [MARKETING]:
            return (
                [CaseKind.MARKETING] if self.free_words() or self.cleaned_data["documents"] else []
            )
        return [self.kind]

    def answers(self) -> dict[str, str]:
        only = self.cleaned_data["uses"] == [MARKETING]
        return {"What we should stop": self.chosen("uses", without=() if only else (MARKETING,))}


FORM = PublicForm(
    order=50,
    slug="object",
    form=ObjectionForm,
    card="Stop using my data for something",
    says="Object to a use, such as checks, statistics or passing it on.",
    title="Stop using my data for something",
    lead=(
        "Some of what we do rests on our own good reasons, which we must weigh against "
        "yours. Tell us what should stop, and why."
    ),
    button="Object",
)
