"""One short form for each right."""

from collections.abc import Iterator
from typing import Any

from crispy_forms.layout import Div, Field
from django import forms

from compliance.cases.kinds import CaseKind
from compliance.portal.forms.fields import DayField, LongText
from compliance.portal.forms.requester import AskForm
from customers.lenient_fields import (
    LenientCharField,
    LenientChoiceField,
    LenientMultipleChoiceField,
)

EVERYTHING = "everything"
MARKETING = "marketing"


def boxes(
    label: str,
    choices: list[tuple[str, str]],
    *,
    initial: tuple[str, ...] = (),
    help_text: str = "",
) -> LenientMultipleChoiceField:
    """Boxes to tick, of which none needs to be."""
    return LenientMultipleChoiceField(
        label=label,
        choices=choices,
        initial=list(initial),
        help_text=help_text,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def radio(label: str, choices: list[tuple[str, str]], *, help_text: str = "") -> LenientChoiceField:
    """One of several; the first unless another is chosen."""
    return LenientChoiceField(
        label=label,
        choices=choices,
        initial=choices[0][0],
        help_text=help_text,
        required=False,
        widget=forms.RadioSelect,
    )


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


class ApplicationForm(AskForm):
    """What the two forms about a credit decision share: which application."""

    own = ("application", "decided_on", "words")

    application = LenientCharField(
        "Reference of the application or account (optional)",
        autocomplete="off",
        spellcheck="false",
        help_text="It stands on the letter or email with the decision.",
    )
    decided_on = DayField(
        "On which day was it decided? (optional)",
        help_text="If you remember. For example 27 3 2026",
    )

    def questions(self) -> Iterator[Any]:
        yield from (Div(Field("application"), css_class="short-field"), "decided_on", "words")

    def check(self) -> None:
        self.check_day("decided_on")

    def answers(self) -> dict[str, str]:
        return {
            "Application or account": self.cleaned_data["application"],
            "Decided on, as you told us": self.day("decided_on"),
        }


class AgenciesForm(ApplicationForm):
    """Which credit reference agencies were asked (Consumer Credit Act 1974 section 157)."""

    kind = CaseKind.AGENCIES
    words = LongText("Anything else? (optional)", rows=3)


class ReviewForm(ApplicationForm):
    """A person looks afresh at a decision (UK GDPR Articles 22A to 22C)."""

    kind = CaseKind.REVIEW
    words = LongText(
        "What should the person who looks at it know? (optional)",
        help_text="What the computer could not know, what has changed, or why you think it is "
        "wrong.",
    )


class CorrectionForm(AskForm):
    """Something is wrong (UK GDPR Article 16)."""

    kind = CaseKind.RECTIFICATION
    own = ("what", "wrong", "right", "words")

    what = boxes(
        "Which of these is it? (optional)",
        [
            ("name", "My name"),
            ("address", "My postal address"),
            ("email", "My email address"),
            ("phone", "My telephone number"),
            ("birth", "My date of birth"),
            ("orders", "An order or a payment"),
            ("credit", "My credit account"),
            ("agency", "What you told a credit reference agency"),
            ("other", "Something else"),
        ],
    )
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


class ErasureForm(AskForm):
    """Delete my data (UK GDPR Article 17)."""

    kind = CaseKind.ERASURE
    own = ("what", "words")

    what = radio(
        "What should we delete?",
        [("everything", "Everything that you may delete"), ("some", "Only what I name below")],
    )
    words = LongText(
        "What, and why? (optional)",
        rows=4,
        help_text="You need not give a reason, but it can help your request.",
    )

    def check(self) -> None:
        if self.said["what"] == "some" and not self.said.get("words", " "):
            self.tell("words", "Name what should be deleted.")

    def answers(self) -> dict[str, str]:
        return {"What should be deleted": self.chosen("what")}


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

    def kinds(self) -> list[CaseKind]:
        if self.cleaned_data["uses"] == [MARKETING]:
            return (
                [CaseKind.MARKETING] if self.free_words() or self.cleaned_data["documents"] else []
            )
        return [self.kind]

    def answers(self) -> dict[str, str]:
        only = self.cleaned_data["uses"] == [MARKETING]
        return {"What we should stop": self.chosen("uses", without=() if only else (MARKETING,))}


class RestrictionForm(AskForm):
    """Keep my data, but do not use it (UK GDPR Article 18)."""

    kind = CaseKind.RESTRICTION
    own = ("ground", "words")

    ground = radio(
        "Why?",
        [
            ("unsure", "I am not sure which of these it is, and explain it below"),
            ("accuracy", "Something is wrong, and you should not use it until you have checked"),
            ("unlawful", "You should not be using it, but I do not want it deleted"),
            ("claim", "You no longer need it, but I need it for a legal claim"),
            ("objected", "I have objected to a use, and you have not decided yet"),
        ],
    )
    words = LongText("Which data, and what should you not do with it?", rows=5)

    def check(self) -> None:
        if self.said["ground"] == "unsure" and not self.said.get("words", " "):
            self.add_error("words", "Tell us which data it is about, or choose why you ask.")

    def answers(self) -> dict[str, str]:
        return {"Why": "" if self.cleaned_data["ground"] == "unsure" else self.chosen("ground")}


class MovingForm(AskForm):
    """Take my data elsewhere (UK GDPR Article 20)."""

    kind = CaseKind.PORTABILITY
    own = ("what", "to", "to_whom", "words")

    what = boxes(
        "Which data?",
        [
            (EVERYTHING, "Everything that can be moved"),
            ("details", "My name and how to reach me"),
            ("orders", "My orders and payments"),
            ("account", "My account and what I chose"),
            ("other", "Something else"),
        ],
        initial=(EVERYTHING,),
    )
    to = radio(
        "Who should get the file?",
        [("me", "Me"), ("them", "Another organisation, directly if that is possible")],
    )
    to_whom = LenientCharField(
        "Which organisation, and how do we reach them? (optional)",
        autocomplete="off",
        widget=forms.Textarea,
        rows=3,
    )
    words = LongText("Anything else? (optional)", rows=3)

    def check(self) -> None:
        if self.said["to"] == "them" and not self.said["to_whom"]:
            self.tell("to_whom", "Name the organisation that should get the file.")

    def answers(self) -> dict[str, str]:
        return {
            "Which data": self.chosen("what"),
            "Who should get it": self.chosen("to"),
            "Which organisation": self.cleaned_data["to_whom"],
        }


class ComplaintForm(AskForm):
    """A complaint: about data (DPA 2018 section 164A), about credit (FCA DISP), or one letter that
    is both."""

    kind = CaseKind.COMPLAINT
    own = ("about", "words", "remedy")

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

    def kinds(self) -> list[CaseKind]:
        return [
            kind
            for code, kind in (("data", CaseKind.COMPLAINT), ("credit", CaseKind.CREDIT_COMPLAINT))
            if code in self.cleaned_data["about"]
        ]

    def answers(self) -> dict[str, str]:
        return {"What would put it right": self.cleaned_data["remedy"]}
