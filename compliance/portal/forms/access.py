"""A copy of what we hold (UK GDPR Article 15)."""

from collections.abc import Iterator
from typing import Any

from compliance.cases.kinds import NEEDS, CaseKind
from compliance.portal.forms.fields import LongText, radio
from compliance.portal.forms.public_form import PublicForm
from compliance.portal.forms.requester import AskForm
from customers.lenient_fields import LenientCharField

ONLINE, POST = "online", "post"


class AccessForm(AskForm):
    """A copy of what we hold (UK GDPR Article 15): always the whole, so nothing is chosen but how
    it comes."""

    kind = CaseKind.ACCESS
    own = ("words", "how", "needs")
    effects = {"how": {ONLINE: "release_copy", POST: "release_copy"}}

    words = LongText(
        "Is there anything in particular? (optional)",
        rows=4,
        help_text="Such as an order, a call or a decision that you have in mind. You get the whole "
        "copy all the same.",
    )
    how = radio(
        "How would you like to have it?",
        [(ONLINE, "On this site, after a one-time code"), (POST, "On paper, by post")],
    )
    needs = LenientCharField(
        "Another form that you can read best (optional)",
        autocomplete="off",
        help_text="Such as large print or Braille.",
    )

    def questions(self) -> Iterator[Any]:
        yield from ("words", "how")
        yield from self.fold("Large print, Braille or another form", "needs")

    def check(self) -> None:
        if self.said.get("how") == POST and not self.proven and not self.said["lines"]:
            self.tell("lines", "Give your postal address: you would like the answer by post.")

    def codes(self) -> dict[str, list[str]]:
        return {"means": [self.cleaned_data["how"]]}

    def answers(self) -> dict[str, str]:
        return {
            "How you would like to have it": self.chosen("how"),
            NEEDS: self.cleaned_data["needs"],
        }


FORM = PublicForm(
    order=10,
    slug="copy",
    form=AccessForm,
    card="See what you hold about me",
    says="A copy of your data, why we hold it, and who has received it.",
    title="See what we hold about you",
    lead=(
        "We send you a copy of your personal data, and say why we hold it, where it came "
        "from, how long we keep it and who has received it."
    ),
    button="Ask for my data",
)
