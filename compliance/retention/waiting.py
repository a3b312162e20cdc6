"""Records whose retention clock has not started: why, how many, since when.

A clock may wait for something that is bound to come to an end (a request that is open), and this is
said here. One that waits for nothing would keep a record for ever: a rule of that kind is named by
`manage.py check` and by an alert on the desk.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Min, Q

from compliance.retention import dormancy
from compliance.retention.periods import LONDON
from compliance.retention.rules import Protection, PurgePlan
from privacy import declarations
from privacy.declarations import Blank, Declaration, Keep

# What a clock waits for, while it has no date, and what brings it to an end.
WAITS = {
    "relationship_end": "The relationship goes on. Where nobody says that it ended, close_dormant "
    "ends it.",
    "last_contact": "Nobody has looked yet; the next close_dormant does.",
    "account_end": "The credit account is open.",
    "closed": "The request or the breach is open, and has a time of its own.",
    "hold_released": "The hold stands, and is reviewed.",
    "handled": "The email is still to be dealt with; the first page counts it.",
}


@dataclass(frozen=True)
class Waiting:
    """Records of one kind whose clock, by one rule, has not started. `why` is empty where nothing
    will start it."""

    rule: str
    clock: str
    category: str
    records: str
    count: int
    oldest: datetime.date | None
    why: str


def may_be_empty(declaration: Declaration, path: str, condition: Q | None) -> bool:
    """Whether a record under a condition can lack the date at the end of a path."""
    steps = path.split("__")
    fields = [
        declarations.resolve(declaration.model, "__".join(steps[: number + 1]))
        for number in range(len(steps))
    ]
    return any(field.null for field in fields) and not _asks_for(condition, path)


def _asks_for(condition: Q | None, path: str) -> bool:
    if condition is None or condition.negated or condition.connector != Q.AND:
        return False
    return any(
        _asks_for(one, path) if isinstance(one, Q) else one == (f"{path}__isnull", False)
        for one in condition.children
    )


def waiting(today: datetime.date, *, stuck_only: bool = False) -> Iterator[Waiting]:
    """The records whose clocks have not started, one query for each rule and table that can have
    some. `stuck_only`: those alone that nothing will start, which no shipped rule can have."""
    for schedule in PurgePlan(today).every:
        declaration = schedule.declaration
        if isinstance(declaration.erase, Keep):
            continue
        for protection in schedule.protections:
            if protection.rule.period is None:
                continue
            why = WAITS.get(protection.rule.clock, "") if protection.path else ""
            if stuck_only and why:
                continue
            if protection.path and not may_be_empty(
                declaration, protection.path, protection.condition
            ):
                continue
            yield from _found(declaration, protection, why)


def _found(declaration: Declaration, protection: Protection, why: str) -> Iterator[Waiting]:
    rows = declaration.model._default_manager.filter(protection.applies())
    if protection.path:
        rows = rows.filter(**{f"{protection.path}__isnull": True})
    if isinstance(declaration.erase, Blank):
        rows = rows.filter(**{f"{declaration.erase.marker}__isnull": True})
    born = _born(declaration.model)
    figures = rows.order_by().aggregate(
        count=Count("pk"), **({"oldest": Min(born)} if born else {})
    )
    if figures["count"]:
        oldest = figures.get("oldest")
        if isinstance(oldest, datetime.datetime):
            oldest = oldest.astimezone(LONDON).date()
        yield Waiting(
            protection.code,
            protection.rule.clock_name,
            protection.rule.category.name,
            str(declaration.model._meta.verbose_name_plural),
            figures["count"],
            oldest,
            why,
        )


def _born(model: type[models.Model]) -> str:
    """The first date that every record of a table has."""
    return next(
        (
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.DateField) and not field.null
        ),
        "",
    )


def stuck(today: datetime.date) -> list[Waiting]:
    """The records that would be kept for ever: nothing starts their clock, or close_dormant, which
    should, has not."""
    found = list(waiting(today, stuck_only=True))
    rule = dormancy.rule()
    if rule is None:
        return found
    over = dormancy.over(rule, today).aggregate(count=Count("pk"), oldest=Min("last"))
    if over["count"]:
        found.append(
            Waiting(
                dormancy.RULE,
                "the end that close_dormant sets",
                "",
                "customers whose relationship is over",
                over["count"],
                over["oldest"],
                "",
            )
        )
    return found
