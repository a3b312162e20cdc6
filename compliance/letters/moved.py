"""A customer gave an address up: their open cases, and what waits to be sent, go to the address of
now.

Letters look at that themselves as they are written (`addresses.recipient`). This puts right what
stands in the rows: the address that an open case gave, and messages that were not sent yet. What
cannot be sent on (a code, a letter that is printed with the old address) is not sent at all; a
colleague finds it among the messages that were not sent.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from compliance.cases.actions import steps
from compliance.cases.kinds import EventKind, Requester
from compliance.cases.models import Case
from compliance.letters.addresses import certain, key_of, keys_given_up
from customers.models import ContactPoint
from customers.models.person import contact_key
from customers.outbox import messages
from customers.outbox.models import Message

WRITES_TO = ("email", "address")


@dataclass
class _Addresses:
    """All addresses of one customer, and those that are in use, the newest first."""

    every: list[ContactPoint] = field(default_factory=list)

    def now(self, kind: str) -> ContactPoint | None:
        """The newest address of a kind that is in use."""
        mine = [one for one in self.every if one.kind == kind and one.valid_to is None]
        return max(mine, key=lambda one: (one.valid_from, one.pk), default=None)


def follow(people: Collection[uuid.UUID] | Any, *, by: str, now: datetime.datetime) -> None:
    """Let the open cases and the waiting messages of some customers (their ids, or a query of them)
    go to the addresses of now. Call it in the transaction that ended an address.

    A case that a colleague works on at this moment is left: its letters go to the right address all
    the same. The number of queries grows with the cases and messages that are moved.
    """
    cases = Case.objects.open().filter(
        Q(email__isnull=False) | Q(address__isnull=False),
        customer__in=people,
        requester=Requester.CUSTOMER,
    )
    waiting = Message.objects.filter(
        Q(customer__in=people) | Q(of_case__case__customer__in=people),
        state__in=[Message.State.QUEUED, Message.State.FAILED, Message.State.IN_DOUBT],
    ).exclude(kind="contact_changed")
    found = list(cases.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
    queued = [
        (message, message.customer_id or message.of_case.case.customer_id)
        for message in waiting.select_related("of_case__case").order_by("pk")
    ]
    whose = {case.customer_id for case in found} | {key for _, key in queued}
    addresses: dict[uuid.UUID | None, _Addresses] = defaultdict(_Addresses)
    for point in ContactPoint.objects.filter(customer__in=whose, kind__in=WRITES_TO):
        addresses[point.customer_id].every.append(point)
    for case in found:
        _case(case, addresses[case.customer_id], by=by, now=now)
    for message, key in queued:
        _message(message, addresses[key], by=by)


def follow_import(by: str, now: datetime.datetime) -> None:
    """Let them follow the customers of whom the running import ended an address."""
    follow(RawSQL("SELECT parent FROM import_children WHERE NOT added", []), by=by, now=now)


def _case(case: Case, known: _Addresses, *, by: str, now: datetime.datetime) -> None:
    """What the case gave becomes the address of now where it is certain who asks, and else goes."""
    gone = keys_given_up(known.every, since=case.received_on)
    given = {
        kind: value
        for kind in WRITES_TO
        if (value := getattr(case, kind)) and _key(kind, value) in gone
    }
    new = {kind: known.now(kind) if certain(case) else None for kind in given}
    if not given:
        return
    for kind, point in new.items():
        setattr(case, kind, point.value if point else None)
    case.save(update_fields=list(given))
    changed = sorted(kind for kind, point in new.items() if point)
    removed = sorted(kind for kind, point in new.items() if not point)
    codes = {name: kinds for name, kinds in (("changed", changed), ("removed", removed)) if kinds}
    steps.record(case, EventKind.NOTED, by=by, now=now, codes=codes)


def _key(kind: str, value: str) -> str:
    try:
        return f"{kind}:{contact_key(kind, value)}"
    except ValueError:
        return ""


def _message(message: Message, known: _Addresses, *, by: str) -> None:
    """Send a message on, or stop it, when its address was given up on or after the day it was
    written."""
    gone = keys_given_up(known.every, since=timezone.localdate(message.queued_at))
    if key_of(message.means, message.recipient) not in gone:
        return
    email = message.means == Message.Means.EMAIL
    point = known.now("email" if email else "address")
    if point is None:
        messages.give_up(message, by=by)
        return
    name = message.recipient.partition("\n")[0]
    messages.send_on(message, point.value if email else f"{name}\n{point.value}", by=by)
