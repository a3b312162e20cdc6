"""What proves that a sentence which claims something is true: evidence, by name.

A sentence shown to a person may say that something was done, is so, or is all, only while its
evidence holds. A room that can prove one thing writes a function under a name of its own,

    @evidence("preferences.marketing_stopped")
    def marketing_stopped(case: Case) -> Evidence | None: ...

in a module `claims.py` of its application (found as the program starts) or in one that this
imports. The sentence stands where it is read: in a template between `{% claim %}` and
`{% endclaim %}` (`audit/templatetags/claims.py`), in a letter's block that names its `evidence`, in
the line of an outcome (`compliance/cases/lines.py`), or beside `claim` in code.
"""

import datetime
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.db import models
from django.utils import timezone

Moment = datetime.date | datetime.datetime


class Source(StrEnum):
    """What a proof is. There is none for “somebody typed it”."""

    ROW = "row"  # a row that the act wrote
    CONSTRAINT = "constraint"  # the database refuses anything else
    RUN = "run"  # a job that ended well within its time
    ACKNOWLEDGED = "acknowledged"  # another system or company confirmed it
    COUNT = "count"  # what would speak against it was looked for, and there is none
    CONFIRMED = "confirmed"  # an owner confirmed it, with a day of review


@dataclass(frozen=True)
class Evidence:
    """That something is so, since which day (in London), and what proves it: codes and keys, never
    a personal value."""

    source: Source
    since: datetime.date
    proof: str

    @classmethod
    def row(cls, row: models.Model, since: Moment, source: Source = Source.ROW) -> "Evidence":
        """A row of the database: what was done, a run, an acknowledgement or a confirmation.
        ValueError for one that is not saved."""
        if row.pk is None or row._state.adding:
            raise ValueError(f"A {row._meta.label} that is not saved proves nothing.")
        return cls(source, _day(since), f"{row._meta.label_lower} {row.pk}")

    @classmethod
    def constraint(cls, model: type[models.Model], name: str, since: Moment) -> "Evidence":
        """A constraint or a trigger of a table. ValueError when it has none of that name."""
        known = [*model._meta.constraints, *getattr(model._meta, "triggers", ())]
        if name not in {one.name for one in known}:
            raise ValueError(f"{model._meta.label} has no constraint {name}.")
        return cls(Source.CONSTRAINT, _day(since), f"{model._meta.label_lower} {name}")

    @classmethod
    def none_of(cls, what: str, found: Collection[object]) -> "Evidence | None":
        """That of `what` would speak against a claim nothing was found today; None when something
        was."""
        return None if found else cls(Source.COUNT, timezone.localdate(), f"no {what}")


def _day(moment: Moment) -> datetime.date:
    return timezone.localdate(moment) if isinstance(moment, datetime.datetime) else moment


Proof = Callable[..., Evidence | None]
Function = TypeVar("Function", bound=Proof)
_KNOWN: dict[str, Proof] = {}


def evidence(name: str) -> Callable[[Function], Function]:
    """Register what proves a claim under `room.name`. ValueError for a name that is taken."""

    def register(function: Function) -> Function:
        if name in _KNOWN:
            raise ValueError(f"Two functions are the evidence {name}.")
        _KNOWN[name] = function
        return function

    return register


def known() -> frozenset[str]:
    """The names of all evidence."""
    return frozenset(_KNOWN)


def holds(name: str, *subject: object) -> Evidence | None:
    """What proves the claim of this name about a subject now; None when nothing does. KeyError for
    a name that there is not."""
    return _KNOWN[name](*subject)


def claim(name: str, *subject: object, says: str, otherwise: str = "") -> str:
    """A sentence while its evidence holds, and else what can be said without."""
    return says if holds(name, *subject) else otherwise


@contextmanager
def overridden(name: str, answer: Evidence | None) -> Iterator[None]:
    """Let evidence hold, or fail, whatever its subject: for tests."""
    before = _KNOWN[name]
    _KNOWN[name] = lambda *subject: answer
    try:
        yield
    finally:
        _KNOWN[name] = before
