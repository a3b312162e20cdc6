"""What open requests need: while somebody's request is open, what it takes to answer it stays.

A request is known to the rooms above; they register where such requests stand. What erases records
asks here, for one person (`of`) or set-wise (`needing`), so that no right carried out destroys what
another one needs.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from customers.models import Customer


@dataclass(frozen=True)
class OpenRequest:
    """A request of a person that waits for its answer, and what it needs."""

    key: int
    reference: str
    label: str  # what was asked for, as the person knows it
    due_on: datetime.date | None
    needs: Callable[[str], bool]  # whether it needs the records of a category of the register
    url: str  # its page on the desk


@dataclass(frozen=True)
class Source:
    """Where open requests stand."""

    # the open requests of a person that need something on a London day, the first received first
    of: Callable[[Customer, datetime.date], list[OpenRequest]]
    # those that need a category on a London day: rows with a `customer`
    needing: Callable[[str, datetime.date], QuerySet[Any]]


_sources: list[Source] = []


def register(source: Source) -> None:
    """Let a room say which requests are open: called as it starts."""
    _sources.append(source)


def of(customer: Customer, *, on: datetime.date) -> list[OpenRequest]:
    """The open requests of a person that need something on a London day. One query."""
    return [request for source in _sources for request in source.of(customer, on)]


def needed(category: str, path: str | None, *, on: datetime.date) -> Q | Value:
    """Whether an open request needs rows of a category on a London day, as a condition on the rows;
    `path` leads from a row to its person."""
    if path is None or not _sources:
        return Value(False)
    found = (
        Q(Exists(source.needing(category, on).filter(customer=OuterRef(path))))
        for source in _sources
    )
    return reduce(or_, found)
