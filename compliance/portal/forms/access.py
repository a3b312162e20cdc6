"""A copy of what we hold (UK GDPR Article 15)."""

from collections.abc import Iterator
from typing import Any

from compliance.cases.kinds import CaseKind
from compliance.portal.forms.fields import EVERYTHING, DayField, LongText, boxes, radio
from compliance.portal.forms.public_form import PublicForm
from compliance.portal.forms.requester import AskForm
from customers.lenient_fields import LenientCharField


class AccessForm(AskForm):
    """A copy of what we hold (UK GDPR Article 15)."""

    kind = CaseKind.ACCESS
    own = ("what", "words", "since", "until", "how", "form_of", "needs")

    what = boxes(
        "What would you like to see?",
        [
            (EVERYTHING, "Everything that you hold about me"),
            ("orders", "My orders, payments and returns"),
            ("credit", "My credit account, and how you decided about it"),
            ("letters", "Letters, emails and notes of calls"),
            ("marketing", "What you hold for marketing, and who received it"),
            ("other", "Something else, which I name below"),
        ],
        initial=(EVERYTHING,),
        help_text="The more exactly you ask, the sooner we find it. Everything is fine, too.",
    )
    words = LongText(
        "Is there anything in particular? (optional)",
        rows=4,
        help_text="Such as an order, a call or a decision that you have in mind.",
    )
    since = DayField("From which day?", help_text="For example 27 3 2024")
    until = DayField("Until which day?")
    how = radio(
        "How would you like to have it?",
        [("email", "By email, or on this site"), ("post", "On paper, by post")],
    )
    form_of = boxes("How can you read it best?", [("large", "In large print")])
    needs = LenientCharField("In another form, such as Braille", autocomplete="off")

    def questions(self) -> Iterator[Any]:
        yield from ("what", "words", "how")
        yield from self.fold("Only some years", "since", "until")
        yield from self.fold("Large print, Braille or another form", "form_of", "needs")

    def check(self) -> None:
        since, until = self.check_day("since"), self.check_day("until")
        if since and until and until < since:
            self.tell("until", "The day until which you ask is before the day from which you ask.")
        if self.said.get("how") == "post" and not self.proven and not self.said["lines"]:
            self.tell("lines", "Give your postal address: you would like the answer by post.")

    def answers(self) -> dict[str, str]:
        ticked = self.cleaned_data["what"] or [EVERYTHING]
        everything = EVERYTHING in ticked
        return {
            "What you would like to see": self.words_of("what", EVERYTHING)
            if everything
            else self.chosen("what"),
            "From": self.day("since"),
            "Until": self.day("until"),
            "How you would like to have it": self.chosen("how"),
            "Easy to read": "; ".join(
                filter(None, [self.chosen("form_of"), self.cleaned_data["needs"]])
            ),
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
