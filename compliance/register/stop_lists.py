"""The list of those whose data may not be used for a purpose, for another system that does the work:
so the shop leaves them out when it chooses by habits what it shows.

Each list is whole and takes the place of the one before. That it was taken is all that proves that
a stop has reached the other system: `taken` says since when.
"""

import datetime
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from audit import events
from audit.actions import Refused
from compliance.register import gate
from compliance.register.models import Purpose, StopList
from customers.models import Customer

# The other system takes a list each hour; a day without one is a fault that somebody must see to.
OVERDUE = datetime.timedelta(days=1)
HEADER = "customer_number"
_carried: list[str] = []


def register(purpose: str) -> None:
    """Say that a purpose is stopped by such a list; called by a higher room as it starts."""
    if purpose not in _carried:
        _carried.append(purpose)


def late(*, now: datetime.datetime) -> list[Purpose]:
    """The purposes that somebody stops, and of which no list was taken for too long. Two queries for
    each purpose that is stopped so."""
    found = []
    for purpose in Purpose.objects.in_use().filter(code__in=_carried):
        lists = StopList.objects.filter(purpose=purpose.code, written_at__gt=now - OVERDUE)
        if not lists.exists() and gate.stopped(purpose.code, now=now).exists():
            found.append(purpose)
    return found


@transaction.atomic
def write(purpose: str, out: Path, *, by: str, now: datetime.datetime) -> StopList:
    """Write the customer numbers of everybody who stops a purpose to a file that its owner alone
    can read, and log that. Refused for a purpose that the register does not have in use; OSError
    when the file cannot be written, and then nothing is logged.
    """
    if not Purpose.objects.in_use().filter(code=purpose).exists():
        raise Refused(f"The register has no purpose {purpose!r} in use.")
    numbers = list(_numbers(purpose, now))
    content = "\n".join((HEADER, *numbers, "")).encode()
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    handle = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        made = StopList.objects.create(
            purpose=purpose,
            written_at=now,
            by=by,
            people=len(numbers),
            digest=hashlib.sha256(content).hexdigest(),
        )
        events.stop_list_written(by=by, purpose=purpose, people=made.people, digest=made.digest)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return made


def _numbers(purpose: str, now: datetime.datetime) -> Iterator[str]:
    stopped = Customer.objects.filter(pk__in=gate.stopped(purpose, now=now), erased_at=None)
    for number in stopped.order_by("customer_number").values_list("customer_number", flat=True):
        if number:
            yield number


def taken(person: Customer, purpose: str, *, now: datetime.datetime) -> StopList | None:
    """The first list with this person on it since they stopped a purpose; None while nobody has
    taken one, or when they do not stop it. Two queries for each reason that there is."""
    since = [
        moment
        for stop in gate.stops()
        for moment in stop.standing(purpose, now)
        .filter(person=person.pk)
        .values_list("since", flat=True)
    ]
    if not since:
        return None
    lists = StopList.objects.filter(purpose=purpose, written_at__range=(min(since), now))
    return lists.order_by("written_at").first()
