"""Keep my data, but do not use it (UK GDPR Article 18)."""

from compliance.cases.kinds import CaseKind
from compliance.portal.forms.fields import LongText, radio
from compliance.portal.forms.public_form import PublicForm
from compliance.portal.forms.requester import AskForm

GROUNDS = {
    "unsure": "I am not sure which of these it is, and explain it below",
    "accuracy": "Something is wrong, and you should not use it until you have checked",
    "unlawful": "You should not be using it, but I do not want it deleted",
    "claim": "You no longer need it, but I need it for a legal claim",
    "objection": "I have objected to a use, and you have not decided yet",
}


class RestrictionForm(AskForm):
    """Keep my data, but do not use it (UK GDPR Article 18)."""

    kind = CaseKind.RESTRICTION
    own = ("ground", "words")
    effects = {"ground": dict.fromkeys(GROUNDS, "restrict")}

    ground = radio("Why?", list(GROUNDS.items()))
    words = LongText("Which data, and what should you not do with it?", rows=5)

    def check(self) -> None:
        if self.said["ground"] == "unsure" and not self.said.get("words", " "):
            self.add_error("words", "Tell us which data it is about, or choose why you ask.")

    def codes(self) -> dict[str, list[str]]:
        return {"ground": [self.cleaned_data["ground"]]}

    def answers(self) -> dict[str, str]:
        return {"Why": "" if self.cleaned_data["ground"] == "unsure" else self.chosen("ground")}


FORM = PublicForm(
    order=60,
    slug="restrict",
    form=RestrictionForm,
    card="Keep my data, but do not use it",
    says="For example until something wrong is put right.",
    title="Keep my data, but do not use it",
    lead="Until something wrong is put right, for example, or because you need it for a claim.",
    button="Ask to restrict the use",
)
