"""What happens to a breach: recorded, described, judged, told of, closed.

Each locks the row, changes it and writes the audit entry in one transaction; `by` names the actor,
`now` is an aware moment. Refused says in plain words why not. Moments are stored in UTC; the 72
hours are elapsed hours, whatever the clocks do.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit import events
from audit.actions import AlreadyDone, Refused
from compliance.breaches.models import Breach, BreachPerson
from compliance.deadlines import bank_holidays, compute
from compliance.register import regulator, time_limits
from customers import erasure_lock
from customers.models import ContactPoint, Customer
from customers.outbox import messages
from customers.outbox.models import Message
from privacy.free_text import mask_cards

KIND = "breach_told"
FACTS = (
    "occurred_at",
    "discovered_at",
    "kinds",
    "people",
    "records",
    "what",
    "which_data",
    "cause",
    "consequences",
    "measures",
    "processor",
)


@transaction.atomic
def record(
    *,
    aware_at: datetime.datetime,
    what: str,
    kinds: Sequence[str],
    by: str,
    now: datetime.datetime,
) -> Breach:
    """Write a breach into the register. Refused when we are to have known of it later than now."""
    if aware_at > now:
        raise Refused("We cannot have known of it at a time that has not come yet.")
    found = compute(
        "breach",
        aware_at,
        settings.CONTROLLER_JURISDICTION,
        holidays=bank_holidays.current(),
    )
    assert isinstance(found.due, datetime.datetime)  # noqa: S101 a clock of hours
    breach = Breach.objects.create(
        aware_at=aware_at,
        due_at=found.due,
        what=_need(what, "Write what happened."),
        kinds=list(kinds),
        recorded_at=now,
        recorded_by=by,
    )
    events.breach_recorded(by=by, breach=breach.pk, aware_at=aware_at, due_at=breach.due_at)
    return breach


@transaction.atomic
def describe(
    breach: Breach, facts: Mapping[str, Any], *, by: str, now: datetime.datetime
) -> Breach:
    """Write down what is known of it (`FACTS`). AlreadyDone when that is what we have."""
    breach = _locked(breach)
    given: dict[str, Any] = {
        name: (_clean(value) or None) if isinstance(value, str) else value
        for name, value in facts.items()
        if name in FACTS
    }
    given["what"] = _need(str(given.get("what") or ""), "Write what happened.")
    changed = [name for name, value in given.items() if getattr(breach, name) != value]
    if not changed:
        raise AlreadyDone("That is what we have already. Nothing was changed.")
    for moment in ("occurred_at", "discovered_at"):
        if given.get(moment) and given[moment] > now:
            raise Refused("That cannot have been at a time that has not come yet.")
    return _change(breach, {name: given[name] for name in changed}, "described", by=by)


@transaction.atomic
def judge(breach: Breach, *, risk: str, reason: str, by: str, now: datetime.datetime) -> Breach:
    """Judge the risk to people, with the reason. What rested on another judgement is open again."""
    breach = _locked(breach)
    values: dict[str, Any] = {"risk": risk, "risk_reason": _need(reason, "Write why.")}
    if risk != Breach.Risk.UNLIKELY and breach.regulator_why_not:
        values["regulator_why_not"] = None
    return _change(breach, values, "judged", by=by, risk=risk)


@transaction.atomic
def regulator_told(
    breach: Breach,
    *,
    at: datetime.datetime,
    reference: str = "",
    late_reason: str = "",
    by: str,
    now: datetime.datetime,
) -> Breach:
    """The regulator was told. Refused when that was after the 72 hours and nobody says why (Article
    33(1))."""
    breach = _locked(breach)
    if breach.regulator_told_at:
        raise AlreadyDone("The regulator was told already. Nothing was changed.")
    if at > now:
        raise Refused("They cannot have been told at a time that has not come yet.")
    if at < breach.aware_at:
        raise Refused("They cannot have been told before we knew of it.")
    late = _clean(late_reason)
    if at > breach.due_at and not late:
        raise Refused(
            f"That was after the {time_limits.period('breach')}: the law asks for the reasons. "
            "Write them."
        )
    values = {
        "regulator_told_at": at,
        "regulator_reference": reference.strip(),
        "regulator_why_not": None,
        "late_reason": late or None,
    }
    return _change(breach, values, "regulator_told", by=by, late=at > breach.due_at)


@transaction.atomic
def regulator_need_not(breach: Breach, *, why: str, by: str, now: datetime.datetime) -> Breach:
    """The regulator need not be told: only where a risk to people is unlikely (Article 33(1))."""
    breach = _locked(breach)
    if breach.regulator_told_at:
        raise Refused("The regulator was told already.")
    if breach.risk != Breach.Risk.UNLIKELY:
        raise Refused(
            "Only a breach that is unlikely to be a risk need not be told. Judge it first."
        )
    values = {"regulator_why_not": _need(why, "Write why they need not be told.")}
    return _change(breach, values, "regulator_need_not", by=by)


@transaction.atomic
def concerns(
    breach: Breach, customers: Sequence[Customer], *, by: str, now: datetime.datetime
) -> int:
    """Write down whose data it concerns; how many are new."""
    erasure_lock.exclusive()
    breach = _locked(breach)
    known = set(breach.persons.values_list("customer", flat=True))
    new = [one for one in customers if one.pk not in known and one.erased_at is None]
    BreachPerson.objects.bulk_create(BreachPerson(breach=breach, customer=one) for one in new)
    if not new:
        raise AlreadyDone("They stand in it already. Nothing was changed.")
    events.breach_changed(by=by, breach=breach.pk, change="people_named", number=len(new))
    return len(new)


@transaction.atomic
def tell_people(breach: Breach, *, text: str, by: str, now: datetime.datetime) -> tuple[int, int]:
    """Write to everybody whom it concerns and who was not told: how many were written to, and how
    many have no address.

    The letter says what the law wants (Article 34(2)): what happened, what it may lead to, what we
    do, and whom to ask. Refused while nobody is named, or the risk is not judged.
    """
    erasure_lock.exclusive()
    breach = _locked(breach)
    if breach.risk == Breach.Risk.UNKNOWN:
        raise Refused("Judge the risk first.")
    text = _need(text, "Write what the people read.")
    persons = list(breach.persons.filter(told_at=None).select_related("customer"))
    if not persons:
        raise Refused("Nobody is left to be told. Say first whose data it concerns.")
    points = _points([person.customer_id for person in persons])
    told = 0
    for person in persons:
        point = points.get(person.customer_id)
        if point is None or person.customer.erased_at:
            continue
        _write(breach, person, point, text, by=by, now=now)
        told += 1
    BreachPerson.objects.bulk_update(persons, ["told_at", "means"])
    if told:
        values = {"people_told_on": timezone.localdate(now), "people_why_not": None}
        _change(breach, values, "people_told", by=by, number=told)
    return told, len(persons) - told


def _points(customers: list[Any]) -> dict[Any, ContactPoint]:
    """Where each of them is written to: their email address, else their postal address. One
    query."""
    found: dict[Any, ContactPoint] = {}
    rows = ContactPoint.objects.in_use().filter(
        customer__in=customers, kind__in=["email", "address"]
    )
    for point in rows.order_by("pk"):
        known = found.get(point.customer_id)
        if known is None or (known.kind == "address" and point.kind == "email"):
            found[point.customer_id] = point
    return found


def _write(
    breach: Breach,
    person: BreachPerson,
    point: ContactPoint,
    text: str,
    *,
    by: str,
    now: datetime.datetime,
) -> None:
    by_email, customer = point.kind == "email", person.customer
    means = Message.Means.EMAIL if by_email else Message.Means.LETTER
    messages.queue(
        kind=KIND,
        key=f"{KIND}:{breach.pk}:{person.pk}",
        recipient=str(point.value) if by_email else f"{customer.full_name}\n{point.value}",
        customer=customer,
        means=means,
        by=by,
        now=now,
        **messages.render(
            KIND,
            {
                "name": customer.full_name,
                "words": text,
                "regulator": regulator.on(timezone.localdate(now)),
            },
        ),
    )
    person.told_at, person.means = now, str(means)
    events.breach_person_told(by=by, subject=customer.pk, breach=breach.pk, means=str(means))


@transaction.atomic
def people_need_not(breach: Breach, *, why: str, by: str, now: datetime.datetime) -> Breach:
    """The people need not be told one by one, for a reason of the law (Article 34(3))."""
    breach = _locked(breach)
    values = {"people_why_not": _need(why, "Write which reason of the law it is, and its fact.")}
    return _change(breach, values, "people_need_not", by=by)


@transaction.atomic
def close(breach: Breach, *, lessons: str, by: str, now: datetime.datetime) -> Breach:
    """Close it, with what was learnt. Refused while something is undecided: the risk, the
    regulator, the people at a high risk."""
    breach = _locked(breach)
    if missing := undecided(breach):
        raise Refused(f"Not decided yet: {', '.join(missing)}.")
    values = {
        "lessons": _need(lessons, "Write what was learnt."),
        "closed_at": now,
        "closed_on": timezone.localdate(now),
        "closed_by": by,
    }
    return _change(breach, values, "closed", by=by)


def undecided(breach: Breach) -> list[str]:
    """What has to be decided before it can be closed, in words."""
    found = []
    if breach.risk == Breach.Risk.UNKNOWN:
        found.append("how great the risk is")
    if breach.regulator_told_at is None and breach.regulator_why_not is None:
        found.append("whether the regulator is told")
    people = breach.people_told_on or breach.people_why_not
    if breach.risk == Breach.Risk.HIGH and not people:
        found.append("whether the people are told")
    return found


def _locked(breach: Breach) -> Breach:
    fresh = Breach.objects.select_for_update().get(pk=breach.pk)
    if fresh.closed_at:
        raise Refused("It is closed. Nothing was changed.")
    return fresh


def _change(
    breach: Breach, values: Mapping[str, Any], change: str, *, by: str, **codes: str | int
) -> Breach:
    for name, value in values.items():
        setattr(breach, name, value)
    breach.save(update_fields=list(values))
    events.breach_changed(by=by, breach=breach.pk, change=change, fields=sorted(values), **codes)
    return breach


def _clean(text: str) -> str:
    return mask_cards(text.strip())


def _need(text: str, otherwise: str) -> str:
    if not (kept := _clean(text)):
        raise Refused(otherwise)
    return kept
