"""The vocabulary in which every model says what personal data it holds.

Each model carries either

    class PersonalData:
        category = "payment_card"  # a row of the register
        # the path to the data subject, or to a column that bears their id where a lower room
        # knows no table of persons; "self": the row is; "": no one row
        subject = "customer"
        # the register's clock -> the path to a date or moment here
        clocks = {"last_payment": "last_used_on"}
        # the register's condition -> which rows it names
        conditions = {"flagged": Q(flagged=True)}
        # the path to a day or moment on which the person had to do with us -> in which rows
        dealings = {"placed_on": EVERY_ROW}
        erase = Delete()  # or Blank(...), Routine(...), Keep(reason)
        export = {"last_four": "Last four digits"}  # what the person sees, in plain words
        # of `export`: free text, which somebody reads before it is shown
        review = ("text",)
        # of `export`: sealed, yet the person's own value, or words of ours
        own = ("surname",)
        # of `export`: the path to the words of a value, or what makes them (below)
        words = {"draw": "draw__name"}
        # another person's: shown as [redacted: other person]
        redact = {"linked_person": "Linked with"}
        withhold = {"token": "reason"}  # personal, but never shown, and why
        # of `export`: what they gave us, or what their dealings gave rise to
        portable = ("last_four",)
        internal = ("id", "customer")  # keys and machinery
        # rows whose very existence is not to be shown: a condition, or what makes it (it asks the models)
        no_tipping_off = Q(...)
        # while such a row is not due, neither are the person and what is kept with the person
        needs_person = EVERY_ROW
        # of no use but with the person: kept while anything needs the person
        with_person = True
        # what a person would call the records; else the model's plural name
        title = "Orders"
        # comes of answering the person, so it makes no pack of theirs outdated
        answering = True

or `class NotPersonal: reason = "..."`. The purge, the pack and the pages walk these declarations,
so a new table is purged, exported and shown without any of them being edited. `manage.py check`
names what is missing.

What makes the words of a value is a function without arguments, asked once for each reading of the
table (so it may ask the database), that returns the function from a value to its words.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q

EVERY_ROW = Q(pk__isnull=False)


@dataclass(frozen=True)
class Delete:
    """Erase by deleting the row."""


@dataclass(frozen=True)
class Blank:
    """Erase by setting these fields to null; the bare row stays while others hang on it, then goes
    too."""

    fields: tuple[str, ...]
    marker: str  # the field that says when it was blanked: a marked row is never due again


@dataclass(frozen=True)
class Routine:
    """Erase through a database function of the model's own room: takes the last date to remove,
    returns a count."""

    function: str


@dataclass(frozen=True)
class Keep:
    """Never erased, for this reason."""

    reason: str


@dataclass(frozen=True)
class Declaration:
    """One model's declaration, read once. `sorted_fields` are the fields that it sorts."""

    model: type[models.Model]
    category: str
    subject: str
    erase: Delete | Blank | Routine | Keep
    clocks: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, Q] = field(default_factory=dict)
    dealings: Mapping[str, Q] = field(default_factory=dict)
    export: Mapping[str, str] = field(default_factory=dict)
    withhold: Mapping[str, str] = field(default_factory=dict)
    internal: tuple[str, ...] = ()
    no_tipping_off: Q | Callable[[], Q] | None = None
    needs_person: Q | None = None
    portable: tuple[
        str, ...
    ] = ()  # never what we inferred about the person, or what is another person's
    with_person: bool = False
    review: tuple[str, ...] = ()
    redact: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    words: Mapping[str, str | Callable[[], Callable[[Any], str]]] = field(default_factory=dict)
    title: str = ""
    answering: bool = False

    @property
    def label(self) -> str:
        """`app.Model`, as commands and reports print it."""
        return str(self.model._meta.label)

    @property
    def sorted_fields(self) -> list[str]:
        return [*self.export, *self.redact, *self.withhold, *self.internal]

    @property
    def subject_path(self) -> str | None:
        """The ORM path to the person's primary key; None when no path leads from a row to a
        person."""
        known = {"": None, "self": "pk"}
        if self.subject in known:
            return known[self.subject]
        bears_the_id = isinstance(resolve(self.model, self.subject), models.UUIDField)
        return self.subject if bears_the_id else f"{self.subject}__pk"


def declared(model: type[models.Model]) -> Declaration | None:
    """The declaration of a model; None when it says NotPersonal or says nothing (`manage.py check`
    tells which)."""
    return _read(model)


def declaration_of(model: type[models.Model]) -> Declaration:
    """The declaration of a model that has one. LookupError for any other."""
    found = _read(model)
    if found is None:
        raise LookupError(f"{model._meta.label} declares no personal data.")
    return found


@lru_cache(maxsize=512)
def _read(model: type[models.Model]) -> Declaration | None:
    body = model.__dict__.get("PersonalData")
    if body is None:
        return None
    given = {name: value for name, value in vars(body).items() if not name.startswith("__")}
    return Declaration(model=model, **given)


def told(rows: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
    """Those of some rows that the person, and most colleagues, may know of: whatever is shown,
    counted or named to them goes through here."""
    kept = kept_from_the_person(rows.model)
    return rows if kept is None else rows.exclude(kept)


def kept_from_the_person(model: type[models.Model]) -> Q | None:
    """The condition on the rows of a model that `told` leaves out; None where it leaves out none."""
    declaration = declared(model)
    condition = declaration.no_tipping_off if declaration else None
    return condition() if callable(condition) else condition


def not_personal_reason(model: type[models.Model]) -> str:
    """Why a model holds nothing about a person, or an empty text when nobody said so."""
    body = model.__dict__.get("NotPersonal")
    if body is not None:
        return str(getattr(body, "reason", ""))
    base = getattr(
        model, "pgh_tracked_model", None
    )  # a history table says what the table it follows says
    if base is not None and base is not model:
        return not_personal_reason(base)
    return settings.NOT_PERSONAL_MODELS.get(model._meta.label, "")


def declarations() -> Iterator[Declaration]:
    """Every declaration of the project, in the order of its applications and models."""
    for model in apps.get_models():
        declaration = declared(model)
        if declaration is not None:
            yield declaration


def resolve(model: type[models.Model], path: str) -> "models.Field[Any, Any]":
    """The concrete field at the end of an ORM path such as `customer__relationship_ended_on`.

    Raises FieldDoesNotExist when a step is not a forward field.
    """
    steps = path.split("__")
    current = model
    for number, step in enumerate(steps):
        found = current._meta.pk if step == "pk" else current._meta.get_field(step)
        if not isinstance(found, models.Field):
            raise FieldDoesNotExist(f"{current._meta.label} has no column {step!r}")
        if number == len(steps) - 1:
            return found
        if found.related_model is None or isinstance(found.related_model, str):
            raise FieldDoesNotExist(f"{current._meta.label}.{step} leads nowhere")
        current = found.related_model
    raise FieldDoesNotExist(f"{model._meta.label} has no field {path!r}")
