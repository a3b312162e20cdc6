"""Changes to a customer's record: each checks the state, changes rows and writes the audit entry in
one transaction.

`by` names the actor (`staff:ID` or `job:NAME`); `now` is an aware moment, read once at the edge.
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from audit import events
from audit.actions import AlreadyDone, Refused
from customers import erasure_lock
from customers.dealings import heard_from
from customers.models import ContactNote, Customer
from privacy.free_text import mask_cards


@transaction.atomic
def end_relationship(
    customer: Customer, *, ended_on: datetime.date, by: str, now: datetime.datetime
) -> Customer:
    """End the relationship: the account is closed and nothing is owed. The clocks that count from
    it start.

    Refused while a credit account is open or its balance is not nil, for a day to come, before the
    relationship began or before the last credit account ended.
    """
    customer = Customer.objects.lock_living(customer.pk)
    if customer.relationship_ended_on == ended_on:
        raise AlreadyDone("The relationship has already ended on that day.")
    if customer.relationship_ended_on:
        raise Refused("The relationship has already ended. Resume it first to change the date.")
    if ended_on > timezone.localdate(now):
        raise Refused("The relationship cannot end on a day that has not come yet.")
    if customer.relationship_began_on and ended_on < customer.relationship_began_on:
        raise Refused("The relationship cannot end before it began.")
    accounts = customer.credit_accounts.all()
    if any(account.status == account.Status.OPEN for account in accounts):
        raise Refused(
            "A credit account is still open. Close it in the credit system; the next import "
            "brings its end here."
        )
    if any(account.balance and account.status == account.Status.SETTLED for account in accounts):
        raise Refused("A settled credit account still shows a balance. Correct it first.")
    if any(account.ended_on and account.ended_on > ended_on for account in accounts):
        raise Refused(
            "A credit account ended later than that. The relationship ends with the last of them."
        )
    customer.relationship_ended_on = ended_on
    customer.save(update_fields=["relationship_ended_on"])
    events.relationship_ended(by=by, subject=customer.pk, ended_on=ended_on)
    return customer


@transaction.atomic
def resume_relationship(customer: Customer, *, reason: str, by: str) -> Customer:
    """Take back the end of a relationship, because the customer returned or the end was a mistake.

    `reason` is a code: `returned` or `mistake`. Refused when it has not ended or the customer was
    erased.
    """
    if reason not in (
        "returned",
        "mistake",
    ):  # it goes into the audit trail, which takes no free text
        raise ValueError("reason is a code: returned or mistake")
    erasure_lock.exclusive()
    customer = Customer.objects.lock_living(
        customer.pk, refusal="This customer was erased. Somebody who returns is a new customer."
    )
    if not customer.relationship_ended_on:
        raise AlreadyDone("The relationship goes on already.")
    customer.relationship_ended_on, customer.ended_as_dormant = None, False
    customer.save(update_fields=["relationship_ended_on", "ended_as_dormant"])
    events.relationship_resumed(by=by, subject=customer.pk, reason=reason)
    return customer


@transaction.atomic
def add_note(
    customer: Customer,
    *,
    kind: str,
    text: str,
    closed: bool,
    by: str,
    now: datetime.datetime,
    reference: str = "",
) -> ContactNote:
    """Write down a contact with a customer. Card numbers in the text are cut to their last four
    digits.

    `closed` says whether the matter ended with this contact: its retention period starts on that
    day. `reference` names the note; a second note of the same name (a double click) is AlreadyDone.
    """
    kind = ContactNote.Kind(kind)
    heard_from(customer.pk, on=timezone.localdate(now), by=by)
    reference = reference or str(uuid.uuid4())
    Customer.objects.lock_living(customer.pk)
    if ContactNote.objects.filter(
        reference=reference
    ).exists():  # safe: the customer's row is locked
        raise AlreadyDone("That note is written down already.")
    note = ContactNote.objects.create(
        customer=customer,
        reference=reference,
        kind=kind,
        text=mask_cards(text.strip()),
        at=now,
        taken_by=by,
        thread_closed_on=timezone.localdate(now) if closed else None,
    )
    events.note_added(by=by, subject=customer.pk, note=note.pk)
    return note


@transaction.atomic
def look_at_support_need(
    note: ContactNote, *, still: bool, by: str, now: datetime.datetime
) -> ContactNote:
    """Somebody asked whether a support need is `still` so. One that is over goes after a while (see
    the register).

    Refused for another note and for one that is over; AlreadyDone when it was found still so today.
    """
    note, today = ContactNote.objects.select_for_update().get(pk=note.pk), timezone.localdate(now)
    if note.kind != ContactNote.Kind.VULNERABILITY:
        raise Refused("This note is about no support need.")
    if note.support_ended_on:
        raise Refused("It is over. Write down a new note if it is so again.")
    if still and note.looked_at_on == today:
        raise AlreadyDone("Somebody saw to that today.")
    note.looked_at_on, note.support_ended_on = today, None if still else today
    note.save(update_fields=["looked_at_on", "support_ended_on"])
    events.note_looked_at(by=by, subject=note.customer_id, note=note.pk, still=still)
    return note
