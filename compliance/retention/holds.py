"""Placing, reviewing and releasing legal holds: while one is in place, no record about the person is due.

`by` names the actor (`staff:ID` or `job:NAME`); `now` is an aware moment, read once at the edge.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from audit import events
from audit.actions import AlreadyDone, Refused
from compliance.retention.models import LegalHold
from customers import erasure_lock
from customers.models import Customer

PASSED = "The review date has passed. Choose a day on which somebody can still look at the hold."


@transaction.atomic
def place(
    customer: Customer,
    *,
    kind: str,
    reason: str,
    review_on: datetime.date,
    by: str,
    now: datetime.datetime,
) -> LegalHold:
    """Put everything about a customer on hold until somebody releases it.

    Refused for an erased customer and for a review date that has passed. The same hold again is
    AlreadyDone.
    """
    erasure_lock.exclusive()  # waits for the batch under way; every later one sees the hold
    customer = Customer.objects.lock_living(
        customer.pk, refusal="This customer was erased. There is nothing left to hold."
    )
    if review_on < timezone.localdate(now):
        raise Refused(PASSED)
    reason = reason.strip()
    for hold in LegalHold.objects.standing().filter(
        customer=customer, kind=kind, review_on=review_on
    ):
        if hold.reason == reason:  # sealed, so it is compared here
            raise AlreadyDone("That hold is in place already.")
    hold = LegalHold.objects.create(
        customer=customer, kind=kind, reason=reason, review_on=review_on, owner=by, placed_at=now
    )
    events.hold_placed(by=by, subject=customer.pk, hold=hold.pk, review_on=review_on)
    return hold


@transaction.atomic
def release(hold: LegalHold, *, by: str, now: datetime.datetime) -> LegalHold:
    """Release a hold: from the next purge on, the customer's records are due as their rules say."""
    hold = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if hold.released_on:
        raise AlreadyDone("That hold was released already.")
    hold.released_on, hold.released_by = timezone.localdate(now), by
    hold.save(update_fields=["released_on", "released_by"])
    events.hold_released(by=by, subject=hold.customer_id, hold=hold.pk)
    return hold


@transaction.atomic
def review(
    hold: LegalHold, *, review_on: datetime.date, by: str, now: datetime.datetime
) -> LegalHold:
    """A hold is still needed: somebody looks at it again on another day.

    Refused for a hold that was released and for a day that has passed; AlreadyDone for the day that
    it has.
    """
    hold = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if hold.released_on:
        raise Refused("That hold was released.")
    if review_on < timezone.localdate(now):
        raise Refused(PASSED)
    if hold.review_on == review_on:
        raise AlreadyDone("It is looked at again on that day already.")
    hold.review_on = review_on
    hold.save(update_fields=["review_on"])
    events.hold_reviewed(by=by, subject=hold.customer_id, hold=hold.pk, review_on=review_on)
    return hold
