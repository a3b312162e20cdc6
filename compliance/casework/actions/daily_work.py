"""Whose a case is, who works on it, and what is said about it: none of these changes its state."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import StaffUser
from audit.actions import AlreadyDone, Refused
from compliance import letters, outcomes
from compliance.cases.actions import clock, steps
from compliance.cases.kinds import CaseStatus, EventKind
from compliance.cases.models import Case, Letter
from customers import erasure_lock, normalise
from customers.dealings import heard_from
from customers.models import Customer

WORKS = "cases.change_case"  # the permission of whoever works on cases


@transaction.atomic
def assign(case: Case, *, to: StaffUser | None, by: str, now: datetime.datetime) -> Case:
    """Give a case to a member of staff who works on cases, or to nobody."""
    case = steps.lock(case, EventKind.ASSIGNED)
    if case.assignee_id == (to and to.pk):
        raise AlreadyDone("It is theirs already." if to else "It is nobody’s already.")
    if to is not None and not to.has_perm(WORKS):
        raise Refused(f"{to.staff_id} does not work on cases.")
    case.assignee = to
    case.save(update_fields=["assignee"])
    steps.record(case, EventKind.ASSIGNED, by=by, now=now, codes={"to": to.pk if to else None})
    return case


@transaction.atomic
def note(
    case: Case, *, text: str, by: str, now: datetime.datetime, token: uuid.UUID | None = None
) -> Case:
    """An internal note: nothing is sent to the person."""
    case = steps.locked(case)
    steps.once(case, EventKind.NOTED, token)
    steps.record(
        case, EventKind.NOTED, by=by, now=now, text=steps.need(text, "Write the note."), token=token
    )
    return case


@transaction.atomic
def write(
    case: Case, *, text: str, by: str, now: datetime.datetime, number: int | None = None
) -> Case:
    """A message to the person, by email or letter.

    `number` is what `letters.next_number` gave when the form was shown: AlreadyDone when that very
    message went out, Refused when a colleague wrote another one meanwhile.
    """
    case = steps.locked(case)
    if case.status == CaseStatus.MERGED:
        raise Refused("This case is part of another: write from that one.")
    text = steps.need(text, "Write what the person reads.")
    taken = number is not None and number < letters.next_number(case, Letter.MESSAGE)
    try:
        letters.send(
            case, letter=Letter.MESSAGE, by=by, now=now, context={"text": text}, number=number
        )
    except AlreadyDone as another:
        raise Refused(str(another)) from None
    if taken:
        raise AlreadyDone("That message was sent already. Nothing was sent twice.")
    return case


@transaction.atomic
def acknowledge(case: Case, *, by: str, now: datetime.datetime) -> Case:
    """Confirm to the person that we have it, where that could not be done as it came: there was no
    address, or too many forms came from one place. AlreadyDone when it was confirmed."""
    case = steps.locked(case)
    if not case.is_open:
        raise Refused("This case is closed. Open it again first.")
    if letters.next_number(case, Letter.ACKNOWLEDGEMENT) > 1:
        raise AlreadyDone("It was confirmed already. Nothing was sent.")
    letters.send(case, letter=Letter.ACKNOWLEDGEMENT, by=by, now=now)
    return case


@transaction.atomic
def heard(
    case: Case,
    *,
    text: str,
    by: str,
    now: datetime.datetime,
    on: datetime.date | None = None,
    channel: str = "",
    token: uuid.UUID | None = None,
) -> Case:
    """A message from the person about their case, however it came; it changes neither state nor
    clock by itself."""
    case = steps.locked(case)
    steps.once(case, EventKind.HEARD, token)
    on = on or timezone.localdate(now)
    if on > timezone.localdate(now):
        raise Refused("It cannot have come on a day that has not come yet.")
    if on < case.received_on:
        raise Refused("It cannot have come before the request itself.")
    text = steps.need(text, "Write what they said.")
    steps.record(
        case,
        EventKind.HEARD,
        by=by,
        now=now,
        on=on,
        text=text,
        codes={"channel": channel} if channel else {},
        token=token,
    )
    return case


@transaction.atomic
def match_to(case: Case, *, customer: Customer, by: str, now: datetime.datetime) -> Case:
    """Say whose request it is. A clock that goes by the customer's home may move, and what works at
    once works now.

    When it was another customer's before, what was checked about who asks is no longer taken for
    granted.
    """
    erasure_lock.exclusive()  # an open case keeps its customer
    case = steps.lock(case, EventKind.MATCHED)
    customer = Customer.objects.get(pk=customer.pk)
    if case.customer_id == customer.pk:
        raise AlreadyDone("It is matched to that customer already. Nothing was changed.")
    if customer.erased_at:
        raise Refused("That customer was erased.")
    if case.customer_id:
        letters.take_away(case)
        case.identified_at, case.identified_by = None, ""
    heard_from(customer.pk, on=case.received_on, by=by)
    case.customer = customer
    case.jurisdiction = customer.jurisdiction or case.jurisdiction
    case.save(update_fields=["customer", "jurisdiction", "identified_at", "identified_by"])
    letters.hand_over(case)
    steps.record(case, EventKind.MATCHED, by=by, now=now)
    clock.apply(case, by=by, now=now, on=timezone.localdate(now), why=EventKind.MATCHED.value)
    outcomes.at_once(case, by=by, now=now)
    return case


@transaction.atomic
def reach(
    case: Case,
    *,
    by: str,
    now: datetime.datetime,
    email: str = "",
    phone: str = "",
    address: str = "",
) -> Case:
    """Where the person wants to be written to about this case. What is given replaces what was
    given before."""
    case = steps.locked(case)
    typed = {"email": email.strip(), "phone": phone.strip(), "address": address.strip()}
    given = {name: value for name, value in typed.items() if value}
    if not given:
        raise Refused(
            "Give at least one: an email address, a telephone number or a postal address."
        )
    try:
        if email.strip():
            normalise.email(email)
        if phone.strip():
            normalise.phone(phone)
    except ValueError:
        raise Refused(
            "That email address or telephone number cannot be read. Check it with the person."
        ) from None
    if all((getattr(case, name) or "") == value for name, value in given.items()):
        raise AlreadyDone("That is what we have already. Nothing was changed.")
    for name, value in given.items():
        setattr(case, name, value)
    case.save(update_fields=list(given))
    steps.record(case, EventKind.NOTED, by=by, now=now, codes={"changed": sorted(given)})
    return case
