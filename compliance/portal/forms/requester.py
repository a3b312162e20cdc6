"""What every form of the public asks besides its own questions: who you are, for whom you ask, and
files.

A form helps with what was typed and refuses only what leaves nothing to act on. A fault that a
person can see through (an email address with a slip, a day that does not exist) is told once; then
the form may be sent as it is.
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms

from compliance.cases import filetypes
from compliance.cases.kinds import CaseKind, Requester
from compliance.deadlines.wording import words_of
from compliance.outcomes.marketing import ABOUT_THEM
from compliance.portal.forms.fields import (
    AGAIN,
    FILES,
    Day,
    FilesField,
    Upload,
    called,
    day_of,
    faults,
)
from compliance.preferences.forms import UNREAD
from compliance.preferences.opt_out import readable
from customers.lenient_fields import LenientCharField, LenientChoiceField, choice_field, token_in
from customers.matching import Given

NOWHERE = (
    "Give an email address or a postal address, so that we can answer you. A telephone number, "
    "or a customer number "
    "with your name, will do if you have neither."
)
AS = [
    ("customer", "For myself"),
    ("agent", "For somebody who asked me to, such as a relative or a client"),
    ("parent", "For my child, or somebody whose guardian I am"),
    ("executor", "About somebody who has died"),
]
AT_ONCE = "at once"  # stopped as the form is taken in
WHO = (
    "name",
    "email",
    "phone",
    "customer_number",
    "lines",
    "postcode",
    "requester",
    "requester_name",
    "about_them",
    "authority",
)


class AskForm(forms.Form):
    """One request. A subclass adds its own questions: `own` names them, `check` says what is wrong
    with what was `said`, and `answers` what was said to each."""

    kind: str
    own: tuple[str, ...] = ()
    # What carries out each option of each of its own questions: the code of an effect, or what it
    # does at once. An option that nothing carries out may not be offered.
    effects: ClassVar[Mapping[str, Mapping[str, str]]] = {}

    form = LenientCharField(
        "", autocomplete="off", widget=forms.HiddenInput
    )  # the same form sent twice is one request
    name = LenientCharField(
        "Your full name",
        autocomplete="name",
        spellcheck="false",
        help_text="If you ask for somebody else: their full name.",
    )
    email = LenientCharField(
        "Your email address",
        autocomplete="email",
        type="email",
        autocapitalize="off",
        spellcheck="false",
        help_text="We write to you here. Without it we write by post.",
    )
    phone = LenientCharField("Your telephone number (optional)", autocomplete="tel", type="tel")
    customer_number = LenientCharField(
        "Customer number (optional)",
        autocomplete="off",
        spellcheck="false",
        autocapitalize="characters",
        help_text="If you have it to hand. It helps us find you.",
    )
    lines = LenientCharField(
        "Your postal address (optional)",
        autocomplete="street-address",
        widget=forms.Textarea,
        rows=3,
        help_text="House and street, then the town. Needed if you want our answer by post.",
    )
    postcode = LenientCharField(
        "Postcode", autocomplete="postal-code", autocapitalize="characters", spellcheck="false"
    )
    requester = LenientChoiceField(
        label="For whom do you ask?",
        choices=AS,
        initial="customer",
        widget=forms.RadioSelect,
        required=False,
    )
    requester_name = LenientCharField("Your own full name", autocomplete="off", spellcheck="false")
    about_them = LenientCharField(
        "What helps us find them",
        autocomplete="off",
        widget=forms.Textarea,
        rows=3,
        help_text="Such as their address and email address, each in lines of its own. Above, give your own: we write to you.",
    )
    authority = FilesField(
        "What shows that you may ask for them",
        many=False,
        help_text=(
            "Such as a signed letter, a power of attorney, a birth certificate or a grant of "
            "probate. If you do not have it to "
            "hand, send this without: we will ask you."
        ),
    )
    documents = FilesField(
        "Files",
        help_text=f"At most {FILES}, each up to {filetypes.largest()}: {filetypes.listed()}.",
    )

    def __init__(self, *args: Any, proven: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proven, self.soft = proven, 0
        self.unread: list[str] = []
        self.said: dict[str, Any] = {}
        for name in WHO if proven else ():
            del self.fields[name]
        self.order_fields(["form", *self.own, *WHO, "documents"])  # faults are listed in this order
        self.helper = FormHelper(self)
        self.helper.form_tag, self.helper.disable_csrf, self.helper.form_show_errors = (
            False,
            True,
            True,
        )
        self.helper.layout = Layout(
            "form", *self.questions(), *([] if proven else self._who()), *self._files()
        )

    def questions(self) -> Iterator[Any]:
        """The layout of the form's own questions."""
        yield from self.own

    def _who(self) -> Iterator[Any]:
        yield HTML("<h2>Who are you?</h2>")
        yield from (
            "name",
            "email",
            "lines",
            Div(Field("postcode"), css_class="short-field"),
            "phone",
            Div(Field("customer_number"), css_class="short-field"),
        )
        yield from self.fold(
            "I ask for somebody else",
            "requester",
            "requester_name",
            "about_them",
            "authority",
            opened=self.is_bound and self.data.get("requester", "customer") != "customer",
        )

    def _files(self) -> Iterator[Any]:
        yield from self.fold("Add files (optional)", "documents")

    def fold(self, summary: str, *names: str, opened: bool = False) -> Iterator[Any]:
        """Questions that few need, folded away until one of them was answered."""
        parts = [f"{name}_{part}" for name in names for part in ("day", "month", "year")]
        filled = (
            self.data.get(name) or self.files.get(name)
            for name in (*names, *parts)
            if name != "requester"
        )
        opened = opened or any(filled)
        yield HTML(f"<details{' open' if opened else ''}><summary>{summary}</summary>")
        yield from names
        yield HTML("</details>")

    # --- Cleaning ---

    def clean_form(self) -> uuid.UUID:
        return token_in(self.cleaned_data["form"])

    def clean_documents(self) -> list[Upload]:
        return self._whole(self.cleaned_data["documents"], FILES)

    def clean_authority(self) -> list[Upload]:
        return self._whole(self.cleaned_data["authority"], 1)

    def _whole(self, files: list[Upload], most: int) -> list[Upload]:
        if found := faults(files, most):
            raise forms.ValidationError(found)
        return files

    def clean(self) -> dict[str, Any]:
        self.said = dict(
            self.cleaned_data
        )  # telling a fault takes its field out of the cleaned data
        if not self.proven:
            self._clean_who()
        self.check()
        if (
            self.errors
            and self.files
            and not ("documents" in self.errors or "authority" in self.errors)
        ):
            self.add_error("documents", AGAIN)
            self.soft += 1
        return self.cleaned_data

    def check(self) -> None:
        """What the form's own questions need."""

    def tell(self, field: str, fault: str) -> None:
        """A fault that a person can see through: told once, unless the form is to go as it is."""
        if "as_it_is" not in self.data:
            self.add_error(field, fault)
            self.soft += 1

    @property
    def may_go_as_it_is(self) -> bool:
        """Whether all that is wrong is something that a person can see through."""
        return bool(self.soft) and self.soft == sum(len(found) for found in self.errors.values())

    def _clean_who(self) -> None:
        given, said = self.given(), self.said
        for kind in readable(replace(given, name="Somebody"))[1]:
            self.unread.append(kind)
            self.tell(*UNREAD[kind])
        if not any((given.email, given.phone, given.address, given.customer_number)):
            self.add_error("email", NOWHERE)
        if not given.name:
            self.tell("name", "Give your name: it is hard to find your records without it.")
        for_somebody = said["requester_name"] or said["about_them"] or said.get("authority")
        if said["requester"] == Requester.CUSTOMER and for_somebody:
            self.tell(
                "requester",
                "Say for whom you ask: you filled in something about asking for somebody else.",
            )
        if said["requester"] != Requester.CUSTOMER and not said["requester_name"]:
            self.tell("requester_name", "Give your own name too: we write to you, not to them.")

    def day(self, name: str) -> str:
        """A day as it is kept: in words, or as it was typed when there is no such day."""
        parts: Day = self.cleaned_data[name]
        try:
            found = day_of(parts)
        except ValueError:
            return " ".join(part for part in parts if part)
        return words_of(found, False) if found else ""

    def check_day(self, name: str) -> datetime.date | None:
        """The day that three parts name; tell when there is no such day."""
        try:
            return day_of(self.said[name])
        except ValueError:
            self.tell(
                name,
                f"“{called(self.fields[name])}”: there is no such day. Write it such as 27 3 2026.",
            )
            return None

    # --- What was said ---

    def given(self) -> Given:
        """What was typed about the person; nothing when they proved who they are."""
        if self.proven:
            return Given()
        typed = self.cleaned_data
        address = "\n".join(part for part in (typed["lines"], typed["postcode"]) if part)
        return Given(
            typed["name"], typed["customer_number"], typed["email"], typed["phone"], address
        )

    def asked(self) -> list[str]:
        """The kinds of case that it opens. Whoever writes about somebody who died asks for no right:
        theirs is an enquiry, whatever form they found."""
        return [CaseKind.BEREAVEMENT] if self.about_the_dead else self.kinds()

    @property
    def about_the_dead(self) -> bool:
        """Whether it is about somebody who died."""
        return self.cleaned_data.get("requester") == Requester.EXECUTOR

    def kinds(self) -> list[str]:
        """The kinds of case that this form opens."""
        return [self.kind]

    def marketing_stops(self) -> list[tuple[tuple[str, ...], str]]:
        """What of marketing is to stop, as boxes and senders of the form that stops it (see
        `preferences.opt_out`): that takes effect at once and waits for nobody."""
        return []

    def codes(self) -> dict[str, list[str]]:
        """What was chosen, for what carries it out: codes by their kind (see `Case.codes`)."""
        return {}

    def free_words(self) -> str:
        """What was asked in free words."""
        return str(self.cleaned_data.get("words", ""))

    def answers(self) -> dict[str, str]:
        """What was said to each of the form's own questions, by the question."""
        return {}

    def details(self) -> dict[str, str]:
        """The answers that are not empty, with what was said about somebody else."""
        about = {} if self.proven else {ABOUT_THEM: self.cleaned_data["about_them"]}
        return {
            question: answer for question, answer in {**self.answers(), **about}.items() if answer
        }

    def words_of(self, name: str, code: str) -> str:
        """The words of one choice of a field."""
        return self._words(name)[code]

    def chosen(self, name: str, *, without: tuple[str, ...] = ()) -> str:
        """The words of what was ticked or chosen."""
        value = self.cleaned_data[name]
        codes = value if isinstance(value, list) else [value]
        return "; ".join(
            words
            for code, words in self._words(name).items()
            if code in codes and code not in without
        )

    def _words(self, name: str) -> dict[str, str]:
        choices = cast(Iterable[tuple[str, str]], choice_field(self, name).choices)
        return {code: str(words) for code, words in choices}
