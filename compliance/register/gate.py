"""May the data of this person be used for this purpose? The one question that everything asks which
uses data or passes it on.

A purpose is named by its code in the register. What stops one for a person (a restriction, an
objection, a marketing choice) is known to upper rooms; each registers its stop as it starts, and
whoever asks registers as a consumer of its purposes:

    gate.register_stop(gate.Stop("restricted", RESTRICTED, "UK GDPR Article 18(2)", _restricted))
    gate.register_consumer("screening of lists", "marketing", "partner-marketing")
"""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from customers.models import Customer

# For one purpose, whom it stops: rows of `person` (the customer's id), `since` (an aware moment)
# and `until` (the day on which it ended; None while it stands).
StopSource = Callable[[str], QuerySet[Any, Any]]


@dataclass(frozen=True)
class Stop:
    """One reason of the law for which data may not be used. `words` say it to colleagues."""

    code: str
    words: str
    law: str
    people: StopSource

    def standing(self, purpose: str, now: datetime.datetime) -> QuerySet[Any, Any]:
        """Its rows that stand at a moment."""
        return self.people(purpose).filter(
            Q(until__isnull=True) | Q(until__gt=timezone.localdate(now)), since__lte=now
        )


@dataclass(frozen=True)
class Answer:
    """Whether data may be used; if not, what stops it."""

    stop: Stop | None = None

    def __bool__(self) -> bool:
        return self.stop is None


_stops: list[Stop] = []
_consumers: dict[str, tuple[str, ...]] = {}


def register_stop(stop: Stop) -> None:
    """Let a reason stop uses from now on; called by a higher room as it starts."""
    if stop.code not in {one.code for one in _stops}:
        _stops.append(stop)


def register_consumer(name: str, *purposes: str) -> None:
    """Say that something asks here before it uses data for these purposes; `name` in words."""
    _consumers[name] = purposes


def consumers() -> dict[str, tuple[str, ...]]:
    """What asks here, by name, with the purposes it asks about."""
    return dict(_consumers)


def asked(purpose: str) -> bool:
    """Whether something in this portal asks before data is used for a purpose: then a stop is
    obeyed here at once."""
    return any(purpose in purposes for purposes in _consumers.values())


def stops() -> tuple[Stop, ...]:
    """Every reason that can stop a use."""
    return tuple(_stops)


def may_use(person: Customer, purpose: str, *, now: datetime.datetime) -> Answer:
    """Whether a person's data may be used for a purpose at an aware moment. One query for each
    reason there is, up to the first that stops it."""
    for stop in _stops:
        if stop.standing(purpose, now).filter(person=person.pk).exists():
            return Answer(stop)
    return Answer()


def stopped(
    purpose: str, *, now: datetime.datetime, but: Collection[str] = ()
) -> QuerySet[Customer, Any]:
    """The ids of everybody whose data may not be used for a purpose, to be put into a query of the
    asker's own. `but`: reasons by code that the asker looks at by itself."""
    anybody = Q(pk__in=[])
    for stop in _stops:
        if stop.code not in but:
            anybody |= Q(pk__in=stop.standing(purpose, now).values("person"))
    return Customer.objects.filter(anybody).values("pk")
