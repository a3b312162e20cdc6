"""Correcting a customer's record because they say, and we find, that it is wrong (UK GDPR Article
16).

What a person is called is replaced; a contact detail keeps its history: the old one ends on the
day, the new one begins. The look-up hashes follow each row that is saved, and triggers of the rooms
above notice. The old address is told.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from audit import events
from audit.actions import Refused
from compliance.letters import moved
from compliance.preferences import customer_contacts
from customers import erasure_lock
from customers.identity.customer import CUSTOMER
from customers.identity.end_visit import end_others
from customers.identity.models import CustomerVisit
from customers.models import ContactPoint, Customer
from customers.models.person import contact_key
from customers.outbox import messages
from customers.outbox.models import Message

NAMES = ("title", "given_names", "surname", "date_of_birth")


@dataclass(frozen=True)
class Changes:
    """What is to be different. `person`: new values of `NAMES` (None empties one, but never the
    surname); `replace`: contact points by their key with the new value, None for one that is simply
    wrong; `add`: new ones as (kind, value)."""

    person: Mapping[str, object] = field(default_factory=dict)
    replace: Mapping[int, str | None] = field(default_factory=dict)
    add: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Correction:
    """One thing that was different: the name of its field, what it said before and what it says
    now, each in one line."""

    field: str
    before: str
    after: str


@transaction.atomic
def correct(
    customer: Customer,
    changes: Changes,
    *,
    key: str,
    source: ContactPoint.Source | str,
    by: str,
    now: datetime.datetime,
    visit: CustomerVisit | None = None,
) -> list[Correction]:
    """Make the changes, and tell each old address that was replaced; `key` names the act, so that
    it is told once. What is open in their name follows to the address of now. When a contact detail
    changes, every visit in their name ends but the one in which they do it (`visit`), and every code
    on its way.

    Returns what was different. Refused for an erased customer, when nothing would be, and for what
    is not of its kind.
    """
    erasure_lock.exclusive()  # a new contact point belongs to somebody who is still there
    customer = Customer.objects.lock_living(customer.pk)
    done = _person(customer, changes.person)
    points = {
        point.pk: point
        for point in ContactPoint.objects.in_use()
        .select_for_update()
        .filter(customer=customer, pk__in=list(changes.replace))
    }
    if set(changes.replace) - set(points):
        raise Refused("A contact detail was changed meanwhile. Look at the record again.")
    for pk, value in changes.replace.items():
        if value is None or _differs(points[pk].kind, points[pk].value, value):
            _replace(points[pk], value, key=key, source=source, by=by, now=now)
            done.append(Correction(points[pk].kind, _line(points[pk].value), _line(value or "")))
    for kind, value in changes.add:
        if _begin(customer, kind, value, source, now):
            done.append(Correction(kind, "", _line(value)))
    if not done:
        raise Refused("Nothing would be different from what is on record.")
    customer_contacts.suppress_pending(now=now, by=by, customer=customer)
    if changes.replace or changes.add:
        moved.follow([customer.pk], by=by, now=now)
        end_others(CUSTOMER, customer, but=visit, now=now)
    events.record_corrected(
        by=by, subject=customer.pk, fields=sorted({change.field for change in done})
    )
    return done


def _person(customer: Customer, person: Mapping[str, object]) -> list[Correction]:
    changed = [
        name
        for name in NAMES
        if name in person and (getattr(customer, name) or None) != (person[name] or None)
    ]
    if "surname" in changed and not person["surname"]:
        raise Refused("A surname cannot be empty.")
    done = [
        Correction(name, _shown(getattr(customer, name)), _shown(person[name])) for name in changed
    ]
    for name in changed:
        setattr(customer, name, person[name] or None)
    if changed:
        customer.save(update_fields=[*changed, "surname_lookup"])
    return done


def _shown(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, datetime.date) else str(value or "")


def _line(text: str) -> str:
    return ", ".join(text.splitlines())


def _differs(kind: str, old: str, new: str) -> bool:
    """Whether two contact details are not written alike; Refused when the new one is not of its
    kind."""
    _checked(kind, new)
    return old.strip() != new.strip()


def _checked(kind: str, value: str) -> None:
    try:
        contact_key(kind, value)
    except ValueError as error:
        raise Refused(f"That is {error}.") from None


def _replace(
    point: ContactPoint,
    value: str | None,
    *,
    key: str,
    source: str,
    by: str,
    now: datetime.datetime,
) -> None:
    today = timezone.localdate(now)
    point.valid_to = max(today, point.valid_from)
    point.save(update_fields=["valid_to"])
    _tell_the_old(point, key=key, by=by, now=now)
    if value is not None:
        _begin(point.customer, point.kind, value, source, now)


def _begin(customer: Customer, kind: str, value: str, source: str, now: datetime.datetime) -> bool:
    """Put a contact detail in use; False when it is in use already."""
    _checked(kind, value)
    point = ContactPoint(
        customer=customer,
        kind=kind,
        value=value.strip(),
        valid_from=timezone.localdate(now),
        source=source,
    )
    known = {
        contact_key(kind, one.value)
        for one in ContactPoint.objects.in_use().filter(customer=customer, kind=kind)
    }
    if contact_key(kind, point.value) in known:
        return False
    point.save()
    return True


def _tell_the_old(point: ContactPoint, *, key: str, by: str, now: datetime.datetime) -> None:
    """Say at the old address that it was replaced: whoever reads there can object if it was not
    them."""
    customer = point.customer
    if point.kind == ContactPoint.Kind.PHONE:
        return  # text messages are off, and nobody rings up to say so
    letter = point.kind == ContactPoint.Kind.ADDRESS
    words = messages.render(
        "contact_changed", {"what": "postal address" if letter else "email address"}
    )
    messages.queue(
        kind="contact_changed",
        key=f"contact_changed:{key}:{point.pk}",
        customer=customer,
        by=by,
        now=now,
        **words,
        means=Message.Means.LETTER if letter else Message.Means.EMAIL,
        recipient=f"{customer.full_name}\n{point.value}" if letter else point.value,
    )
