"""System checks of the declarations: each message says what is missing and where to write it."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models

from privacy.declarations import (
    Blank,
    Declaration,
    declared,
    kept_from_the_person,
    not_personal_reason,
    resolve,
)
from privacy.fields import LookupHashField, SealedDateField, SealedSecretField, SealedTextField


@checks.register("privacy")
def every_model_is_declared(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Every table says what it holds, and every concrete field is sorted exactly once."""
    return [
        message
        for model in apps.get_models(include_auto_created=True)
        for message in _faults(model)
    ]


def _faults(model: type[models.Model]) -> Iterator[checks.CheckMessage]:
    owner: Any = model._meta.auto_created
    if owner:  # the hidden table of a ManyToManyField has no class to declare anything in
        if not not_personal_reason(owner):
            yield checks.Error(
                f"{model._meta.label}, a table of links of {owner._meta.label}, cannot be "
                "declared.",
                hint=f"Give its ManyToManyField a `through` model in {where(owner)}.",
                id="privacy.E008",
            )
        return
    try:
        declaration = declared(model)
    except TypeError as error:
        yield checks.Error(
            f"The declaration of {model._meta.label} cannot be read: {error}.",
            hint=f"privacy/declarations.py lists its words; mend {where(model)}.",
            id="privacy.E001",
        )
        return
    yield from _sealing_faults(model, declaration)
    if declaration is not None:
        yield from _field_faults(declaration)
        yield from _path_faults(declaration)
    elif not not_personal_reason(model):
        yield checks.Error(
            f"{model._meta.label} does not say what personal data it holds.",
            hint="Write `class PersonalData:` (category, subject, clocks, erase, export, "
            "withhold, internal) or "
            f'`class NotPersonal: reason = "..."` inside the class in {where(model)}.',
            obj=model,
            id="privacy.E001",
        )


def _sealing_faults(
    model: type[models.Model], declaration: Declaration | None
) -> Iterator[checks.CheckMessage]:
    label = model._meta.label
    sealed = [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, SealedTextField) and not isinstance(field, SealedSecretField)
    ]
    lookups = [
        field.name for field in model._meta.concrete_fields if isinstance(field, LookupHashField)
    ]
    if (sealed or lookups or declaration) and not_personal_reason(model):
        held = ", ".join([*sealed, *lookups]) or "a declaration of personal data"
        yield checks.Error(
            f"{label} says that it is not personal, and holds {held}.",
            hint=f"Leave only `class PersonalData:` in {where(model)}.",
            obj=model,
            id="privacy.E007",
        )
    if lookups and not sealed:
        yield checks.Error(
            f"{label}.{lookups[0]} is worked out from nothing sealed, so no rotation would renew "
            "it.",
            hint=f"Seal what it is worked out from in {where(model)}.",
            obj=model,
            id="privacy.E009",
        )


def _field_faults(declaration: Declaration) -> Iterator[checks.CheckMessage]:
    yield from _sorting_faults(declaration)
    yield from _unknown_names(declaration)
    yield from _shown_faults(declaration)
    yield from _free_text_faults(declaration)
    yield from _words_faults(declaration)
    yield from _blanking_faults(declaration)


def _names(declaration: Declaration) -> list[str]:
    return [field.name for field in declaration.model._meta.concrete_fields]


def _blanked(declaration: Declaration) -> list[str]:
    """The fields that an erasure by blanking writes."""
    erase = declaration.erase
    return [*erase.fields, erase.marker] if isinstance(erase, Blank) else []


def _fault(declaration: Declaration, name: str, says: str, hint: str, code: str) -> checks.Error:
    """A fault of one field, with what to write where."""
    return checks.Error(
        f"{declaration.label}.{name} {says}",
        hint=f"{hint} in {where(declaration.model)}.",
        obj=declaration.model,
        id=f"privacy.{code}",
    )


def _sorting_faults(declaration: Declaration) -> Iterator[checks.CheckMessage]:
    for name in _names(declaration):
        times = declaration.sorted_fields.count(name)
        if times == 0:
            yield _fault(
                declaration,
                name,
                "is not declared.",
                f"Add {name!r} to export (what the person sees), redact (another person's), "
                "withhold (with the reason) or internal (a key or machinery) of its PersonalData",
                "E002",
            )
        elif times > 1:
            yield _fault(
                declaration,
                name,
                f"is declared {times} times.",
                "Leave it in one of export, redact, withhold and internal",
                "E003",
            )


def _unknown_names(declaration: Declaration) -> Iterator[checks.CheckMessage]:
    names = _names(declaration)
    for name in [*declaration.sorted_fields, *_blanked(declaration)]:
        if name not in names:
            yield checks.Error(
                f"{declaration.label} declares {name!r}, which is not one of its fields.",
                hint=f"Remove or rename it in {where(declaration.model)}.",
                obj=declaration.model,
                id="privacy.E004",
            )


def _shown_faults(declaration: Declaration) -> Iterator[checks.CheckMessage]:
    for name in declaration.portable:
        if name not in declaration.export:
            yield _fault(
                declaration,
                name,
                "is to be moved by the person, but is not shown to them.",
                f"Add {name!r} to export, or take it out of portable",
                "E010",
            )
    for name in declaration.review:
        if name not in declaration.export:
            yield _fault(
                declaration,
                name,
                "is to be read before it is shown, but is not shown to the person.",
                f"Add {name!r} to export, or take it out of review",
                "E011",
            )
    for name in declaration.own:
        if name not in declaration.export or name in declaration.review:
            yield _fault(
                declaration,
                name,
                "is called the person's own value, but is read first or not shown at all.",
                f"Leave {name!r} in export, and in one of review and own",
                "E012",
            )


def _free_text_faults(declaration: Declaration) -> Iterator[checks.CheckMessage]:
    names, settled = _names(declaration), (*declaration.review, *declaration.own)
    for name in declaration.export:
        if name in names and name not in settled and _is_free_text(declaration.model, name):
            yield _fault(
                declaration,
                name,
                "is free text that is shown to the person, and may name others.",
                f"Add {name!r} to review (a person reads it first), or to own (the person's own "
                "value, or words of ours)",
                "E013",
            )


def _words_faults(declaration: Declaration) -> Iterator[checks.CheckMessage]:
    for name in declaration.words:
        if name not in declaration.export:
            yield _fault(
                declaration,
                name,
                "has words, but is not shown to the person.",
                f"Add {name!r} to export, or take it out of words",
                "E014",
            )


def _blanking_faults(declaration: Declaration) -> Iterator[checks.CheckMessage]:
    names, blanked = _names(declaration), _blanked(declaration)
    for name in blanked:
        if name in names and not declaration.model._meta.get_field(name).null:
            yield _fault(
                declaration,
                name,
                "is to be blanked, but its column refuses null.",
                "Give it null=True",
                "E004",
            )
    if not isinstance(declaration.erase, Blank):
        return
    for name in [*declaration.export, *declaration.redact, *declaration.withhold]:
        if name in names and name not in blanked:
            yield _fault(
                declaration,
                name,
                "is personal, but blanking would leave it.",
                f"Add {name!r} to Blank(...) of its PersonalData",
                "E006",
            )


def _is_free_text(model: type[models.Model], name: str) -> bool:
    """Whether anything at all can stand in a field: sealed text, or text without a limit or
    choices."""
    field = model._meta.get_field(name)
    if isinstance(field, SealedTextField):
        return not isinstance(field, SealedDateField)
    return isinstance(field, models.TextField) and not field.choices


def _path_faults(declaration: Declaration) -> Iterator[checks.CheckMessage]:
    paths = {f"clock {clock!r}": path for clock, path in declaration.clocks.items()}
    paths |= {f"clock of dealings {path!r}": path for path in declaration.dealings}
    paths |= {
        f"words of {name!r}": path
        for name, path in declaration.words.items()
        if isinstance(path, str)
    }
    if declaration.subject not in ("", "self"):
        paths["subject"] = declaration.subject
    for role, path in paths.items():
        try:
            end = resolve(declaration.model, path)
        except FieldDoesNotExist as error:
            yield checks.Error(
                f"{declaration.label}: the {role} {path!r} leads nowhere ({error}).",
                hint=f"Name a path of forward fields in {where(declaration.model)}.",
                obj=declaration.model,
                id="privacy.E005",
            )
            continue
        if role.startswith("clock") and not isinstance(end, models.DateField):
            yield checks.Error(
                f"{declaration.label}: the {role} {path!r} is not a date.",
                hint=f"Name a DateField or DateTimeField in {where(declaration.model)}.",
                obj=declaration.model,
                id="privacy.E005",
            )
        if (
            role == "subject"
            and end.related_model is None
            and not isinstance(end, models.UUIDField)
        ):
            yield checks.Error(
                f"{declaration.label}: the subject {path!r} is not a relation to a person.",
                hint="Name a path of foreign keys, or a column with the person's id, in "
                f"{where(declaration.model)}.",
                obj=declaration.model,
                id="privacy.E005",
            )
    conditions = {
        f"condition {name!r}": condition for name, condition in declaration.conditions.items()
    }
    conditions |= {
        f"rows of dealings {path!r}": rows for path, rows in declaration.dealings.items()
    }
    if (kept := kept_from_the_person(declaration.model)) is not None:
        conditions["no_tipping_off condition"] = kept
    for role, condition in conditions.items():
        try:
            declaration.model._base_manager.filter(condition)
        except FieldError as error:
            yield checks.Error(
                f"{declaration.label}: the {role} cannot be asked ({error}).",
                hint=f"Name fields of the model in {where(declaration.model)}.",
                obj=declaration.model,
                id="privacy.E005",
            )


def where(model: type[models.Model]) -> str:
    """The file of a model below the project, with its class: where a message tells the reader to
    write."""
    try:
        file = Path(inspect.getsourcefile(model) or "")
        place = (
            file.relative_to(settings.BASE_DIR)
            if file.is_relative_to(settings.BASE_DIR)
            else Path(file.name)
        )
    except (TypeError, OSError):
        place = Path(model.__module__)
    return f"{place}, class {model.__name__}"
