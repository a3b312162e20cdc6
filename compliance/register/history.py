"""What happened to one register row: who, when, why, before and after, from the history that the
database itself keeps.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.formats import date_format

from accounts.desk import names_of
from compliance.register import models as register
from compliance.register.models import Purpose

VERBS = {"insert": "Added", "update": "Changed", "delete": "Removed"}


@dataclass(frozen=True)
class RowChange:
    """One field, or one link, in words; an empty side is nothing."""

    what: str
    before: str
    after: str


@dataclass
class Moment:
    """Everything that was changed in one go."""

    at: datetime.datetime
    verb: str
    actor: str
    why: str
    changes: list[RowChange] = field(default_factory=list)
    who: str = ""


def of(row: models.Model) -> list[Moment]:
    """The moments of a row, the newest first. Two queries; five for a purpose, whose bases and
    links belong to it.
    """
    moments: dict[Any, Moment] = {}
    events = [*_own(row), *(_of_purpose(row) if isinstance(row, Purpose) else ())]
    for event, changes in sorted(events, key=lambda pair: pair[0].pgh_created_at):
        told = event.pgh_context.metadata if event.pgh_context else {}
        key = event.pgh_context_id or (event._meta.label, event.pgh_id)
        moment = moments.setdefault(
            key,
            Moment(
                event.pgh_created_at,
                VERBS.get(event.pgh_label, event.pgh_label),
                told.get("actor", ""),
                told.get("why", ""),
            ),
        )
        moment.changes.extend(changes)
    names = names_of(moment.actor for moment in moments.values() if moment.actor)
    for moment in moments.values():
        moment.who = names.get(moment.actor, "Not told: changed in the database directly")
    latest_first = list(moments.values())[
        ::-1
    ]  # the order of one transaction's changes, which share their time
    return sorted(latest_first, key=lambda moment: moment.at, reverse=True)


def _own(row: models.Model) -> Iterator[tuple[Any, list[RowChange]]]:
    fields = [found for found in row._meta.concrete_fields if found.name != "id"]
    foreign = [found.name for found in fields if found.is_relation]
    before: Any = None
    for event in row.events.select_related("pgh_context", *foreign).order_by("pgh_id"):  # type: ignore[attr-defined]  # made by pghistory
        pairs = [(found, _shown(before, found), _shown(event, found)) for found in fields]
        yield event, [RowChange(_label(found), was, now) for found, was, now in pairs if was != now]
        before = event


def _of_purpose(purpose: Purpose) -> Iterator[tuple[Any, list[RowChange]]]:
    before: dict[int, Any] = {}
    about = register.LawfulBasisEvent.objects.filter(purpose_id=purpose.pk)  # type: ignore[attr-defined]  # made by pghistory
    for event in about.select_related("pgh_context").order_by("pgh_id"):
        gone = event.pgh_label == "delete"
        yield (
            event,
            [
                RowChange(
                    "Lawful basis",
                    _basis(event if gone else before.get(event.id)),
                    "" if gone else _basis(event),
                )
            ],
        )
        before[event.id] = event
    for events, link, label in (
        (register.PurposeCategoryEvent, "datacategory", "Data category"),  # type: ignore[attr-defined]  # made by pghistory
        (register.PurposeRecipientEvent, "recipient", "Recipient"),  # type: ignore[attr-defined]  # made by pghistory
    ):
        for event in (
            events.objects.filter(purpose_id=purpose.pk)
            .select_related("pgh_context", link)
            .order_by("pgh_id")
        ):
            name, gone = str(getattr(event, link)), event.pgh_label == "delete"
            yield event, [RowChange(label, name if gone else "", "" if gone else name)]


def _basis(event: Any) -> str:
    if event is None:
        return ""
    return f"{register.LawfulBasis.Article(event.article).label}: {event.explanation}"


def _shown(event: Any, found: "models.Field[Any, Any]") -> str:
    """A field of an event in words: a choice by its label, another row by its name, a date as
    people write it.
    """
    value = None if event is None else getattr(event, found.name)
    if value is None or value == "":
        return ""
    if isinstance(value, datetime.date):
        return date_format(value, "j F Y")
    return str(dict(found.flatchoices).get(value, value))


def _label(found: "models.Field[Any, Any]") -> str:
    return str(found.verbose_name)[:1].upper() + str(found.verbose_name)[1:]


def plain(changes: Iterable[RowChange]) -> list[str]:
    """The changes as lines, for a test or a letter."""
    return [
        f"{change.what}: {change.before or 'nothing'} → {change.after or 'nothing'}"
        for change in changes
    ]
