"""The form by which a colleague erases: everything that may go, or only what the person named;
what other open requests need, which stays unless a colleague decides otherwise; and the same page
once more whenever the choice is another one than was shown."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from crispy_forms.layout import HTML, Layout
from django import forms
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import localize

from compliance.cases.rights.erasure import ALL, ASKED_FOR, SOME, WHAT
from compliance.casework.outcomes.forms import EffectForm
from compliance.deadlines.wording import words_of
from compliance.outcomes import erasure
from compliance.retention.on_request import ErasurePlan, Record, name_of
from customers.forms import long_text
from customers.lenient_fields import choice_field

LOOK = "What goes and what stays with this choice stands above now. Read it, and press again."
MOST = 20  # records of one category that can be chosen one by one
LONGEST = 60  # characters of one value of a record


class EraseForm(EffectForm):
    """`choice` is what was chosen so far, and `plan` what becomes of each kind of record by it."""

    button, tone = "Erase it for good", "danger"

    scope = forms.ChoiceField(
        label="What is erased?",
        widget=forms.RadioSelect,
        choices=[(ALL, "Everything that may go"), (SOME, "Only what I tick below")],
        error_messages={"required": "Choose what is erased."},
    )
    chosen = forms.MultipleChoiceField(
        label="Only these", required=False, widget=forms.CheckboxSelectMultiple
    )
    otherwise = forms.MultipleChoiceField(
        label="Erase also what another open request needs",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="It stays if you tick nothing. What you tick stands in the timelines of both.",
    )
    reason = long_text(
        "Why is that erased all the same?", help_text="For colleagues, in both timelines."
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    sure = forms.BooleanField(
        label="I have read what goes and what stays. What goes cannot be brought back.",
        error_messages={"required": "Read the list, and tick this."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.choice = erasure.Choice()
        self.plan = erasure.preview(self.case, today=today)
        self.others = erasure.other_requests(self.case, today=today)
        self.asked = str(self.case.facts.get(WHAT, ""))
        some_only = self.asked == ASKED_FOR[SOME]
        if some_only:  # a selection is carried out as selected
            choice_field(self, "scope").choices = [(SOME, "Only what I tick below")]
        self.initial.setdefault("scope", SOME if some_only else ALL)
        choice_field(self, "chosen").choices = list(_choices(self.plan)) if self.plan else []
        if self.others:
            choice_field(self, "otherwise").choices = [
                (str(one.key), f"{one.label}, {one.reference}{_due(one.due_on)}")
                for one in self.others
            ]
        else:
            del self.fields["otherwise"], self.fields["reason"]
        self.initial["shown"] = _digest(self.initial["scope"], (), ())
        self._fold()

    def _fold(self) -> None:
        """Leave a long list of what could be chosen folded while everything is."""
        names = list(self.fields)
        at = names.index("chosen")
        scope = self.data.get("scope", self.initial["scope"])
        opened = " open" if scope == SOME else ""
        begin = HTML(f"<details{opened}><summary>Which kinds, or single records?</summary>")
        self.helper.layout = Layout(
            *names[:at], begin, "chosen", HTML("</details>"), *names[at + 1 :]
        )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        scope, chosen = given.get("scope", ALL), given.get("chosen", [])
        otherwise = given.get("otherwise", [])
        if scope == SOME and not chosen:
            self.add_error("chosen", "Tick what is to be erased.")
        if otherwise and not given.get("reason"):
            self.add_error("reason", erasure.WHY_OTHERWISE)
        now_chosen = _digest(scope, chosen if scope == SOME else (), otherwise)
        if given.get("shown") != now_chosen and not self.errors.get("chosen"):
            self.choice = erasure.Choice.of(given)
            self.plan = erasure.preview(self.case, today=timezone.localdate(), choice=self.choice)
            posted = QueryDict(mutable=True)
            posted.update(self.data)
            posted["shown"] = now_chosen
            self.data = posted
            self.add_error(None, LOOK)
        return given


def _digest(scope: str, chosen: Any, otherwise: Any) -> str:
    """A choice, to tell whether it is the one that was shown."""
    named = "|".join([scope, *sorted(chosen), "", *sorted(otherwise)])
    return hashlib.sha256(named.encode()).hexdigest()


def _due(day: Any) -> str:
    return f", to be answered by {words_of(day, False)}" if day else ""


def _choices(plan: ErasurePlan) -> Iterator[tuple[str, str]]:
    """Each category of which the person can be told, and its records where they are few."""
    found: dict[str, list[Record]] = defaultdict(list)
    for one in plan.records:
        if one.told and not one.own:
            found[one.schedule.declaration.category].append(one)
    for category, name in plan.names.items():
        records = found.get(category, [])
        if records:
            yield category, f"{name}: all ({len(records):,})"
        if 1 < len(records) <= MOST:
            for one, words in _in_words(records):
                yield name_of(one), f"{name}: {words}"


def _in_words(records: list[Record]) -> Iterator[tuple[Record, str]]:
    """The records with what tells one from another; one query for each table."""
    tables: dict[type[models.Model], list[Record]] = defaultdict(list)
    for one in records:
        tables[one.schedule.model].append(one)
    for model, alike in tables.items():
        rows = model._default_manager.in_bulk([one.pk for one in alike])
        for one in alike:
            if one.pk in rows:
                yield one, " · ".join(_values(rows[one.pk], one))


def _values(row: models.Model, one: Record) -> Iterator[str]:
    """Its first three values, as a person reads them."""
    told = 0
    for name in one.schedule.declaration.export:
        field = row._meta.get_field(name)
        if field.is_relation or name in one.schedule.declaration.words:
            continue
        value = getattr(row, name)
        if value in (None, ""):
            continue
        display = getattr(row, f"get_{name}_display", None)
        yield str(display() if display else localize(value)).replace("\n", ", ")[:LONGEST]
        told += 1
        if told == 3:
            return
