"""Fraud work: suspect, go on, confirm or clear, warn of a victim, file with an agency, withdraw what was
found wrong.

Only those who investigate get here. A suspicion is kept from the person, everything else is told,
unless two people decide otherwise about one person (`decide_about`). The trail says that a
restricted record changed, and not which kind. `by` names the actor (`staff:ID`), `now` is an aware
moment read once at the edge, `on` is a day in London.
"""

import datetime
import uuid
from collections.abc import Iterable
from contextlib import suppress

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import approvals
from accounts.models import Approval
from audit import events
from audit.actions import AlreadyDone, Refused
from compliance.disclosures import instructions
from compliance.disclosures.models import Disclosure, Instruction
from compliance.register.models import Recipient
from compliance.retention import holds
from compliance.retention.models import LegalHold
from customers import erasure_lock, marker_states
from customers.models import Customer, FraudMarker
from customers.models.markers import KEEP, TELL
from privacy.free_text import mask_cards
from privacy.words import in_words

Status = FraudMarker.Status
REVIEW_AFTER = marker_states.REVIEW_AFTER  # of the hold that keeps the evidence, too
# at most, until two people look again at what they decided about one person: a reason to keep
# something rarely lasts a year
DECISION_LASTS = datetime.timedelta(days=365)
PURPOSE = "fraud-prevention"  # in the register
FILED = (Status.CONFIRMED, Status.VICTIM)
WHY_NOT = {
    Status.SUSPECTED: "A marker that was decided is not suspected again. A new suspicion is a "
    "new marker.",
    Status.CONFIRMED: "Only an open investigation can be confirmed.",
    Status.CLEARED: "This marker is over.",
    Status.VICTIM: "A marker that was cleared is over. Put a new warning on record.",
}


@transaction.atomic
def suspect(
    customer: Customer, *, reference: str, details: str, by: str, now: datetime.datetime
) -> FraudMarker:
    """Open an investigation. Nothing about the person is erased while it is open: a hold keeps the
    evidence.

    Refused for an erased customer and for a reference that is taken; AlreadyDone when this marker
    was opened already.
    """
    today = timezone.localdate(now)
    marker = _open(customer, Status.SUSPECTED, reference, details, today, by=by)
    holds.place(
        customer,
        kind=LegalHold.Kind.FRAUD,
        reason=_reason(marker),
        review_on=today + REVIEW_AFTER,
        by=by,
        now=now,
    )
    return marker


@transaction.atomic
def warn(
    customer: Customer, *, reference: str, details: str, by: str, now: datetime.datetime
) -> FraudMarker:
    """Put on record that somebody else uses this person's name. The person knows: it is no
    investigation of them."""
    return _open(customer, Status.VICTIM, reference, details, timezone.localdate(now), by=by)


def _open(
    customer: Customer,
    status: Status,
    reference: str,
    details: str,
    today: datetime.date,
    *,
    by: str,
) -> FraudMarker:
    erasure_lock.exclusive()  # also lets two who press at once come one after the other
    Customer.objects.lock_living(customer.pk)
    known = FraudMarker.objects.filter(reference=reference).first()
    if known is not None:
        if known.customer_id == customer.pk and known.status == status:
            raise AlreadyDone("That marker is on record already.")
        raise Refused("That reference is taken. Give another one.")
    marker = FraudMarker.objects.create(
        customer=customer,
        reference=reference,
        status=status,
        details=mask_cards(details.strip()),
        opened_on=today,
        closed_on=None if status == Status.SUSPECTED else today,
        review_on=today + REVIEW_AFTER if status == Status.SUSPECTED else None,
    )
    events.restricted_record_changed(by=by, subject=customer.pk, change="opened", record=marker.pk)
    return marker


@transaction.atomic
def decide(
    marker: FraudMarker, *, to: Status | str, by: str, now: datetime.datetime
) -> FraudMarker:
    """End an investigation, or put right how it ended: `confirmed`, `cleared` or `victim` (see
    `customers.marker_states`).

    The retention clocks count from today. The hold goes unless fraud was confirmed: then somebody
    releases it when the claim is over. Refused while a filing stands that clearing would
    contradict.
    """
    to, marker = Status(to), _locked(marker)
    if marker.status == to:
        raise AlreadyDone("That is so already. Nothing was changed.")
    if not marker_states.may(marker.status, to):
        raise Refused(WHY_NOT[to])
    if to == Status.CLEARED and standing(marker).exists():
        raise Refused(
            "A filing for it still stands with an agency. Withdraw that first: others decide by it."
        )
    marker.status, marker.closed_on = to, timezone.localdate(now)
    marker.save(update_fields=["status", "closed_on"])
    if to != Status.CONFIRMED:
        _release(marker, by=by, now=now)
    events.restricted_record_changed(
        by=by, subject=marker.customer_id, change="decided", record=marker.pk
    )
    return marker


@transaction.atomic
def go_on(
    marker: FraudMarker, *, reason: str, review_on: datetime.date, by: str, now: datetime.datetime
) -> FraudMarker:
    """Somebody looked at an investigation, and it goes on: for this reason, until it is looked at
    again. Its hold is looked at on the same day.

    Refused for one that is over, without a reason, and for a day that is not within the days of a
    review; AlreadyDone for the day that it has.
    """
    marker, today, reason = _locked(marker), timezone.localdate(now), mask_cards(reason.strip())
    if marker.status != Status.SUSPECTED:
        raise Refused("Only an open investigation can go on.")
    if not reason:
        raise Refused("Write why it goes on: an enquiry that nobody needs must end.")
    if not today < review_on <= today + REVIEW_AFTER:
        raise Refused(f"Give a day of review within {in_words(REVIEW_AFTER)}.")
    if (marker.review_on, marker.goes_on_because) == (review_on, reason):
        raise AlreadyDone("That is so already. Nothing was changed.")
    marker.review_on, marker.goes_on_because = review_on, reason
    marker.save(update_fields=["review_on", "goes_on_because"])
    for hold in _holds(marker):
        with suppress(AlreadyDone):
            holds.review(hold, review_on=review_on, by=by, now=now)
    events.restricted_record_changed(
        by=by, subject=marker.customer_id, change="went_on", record=marker.pk
    )
    return marker


@transaction.atomic
def file(
    marker: FraudMarker, *, recipient: str, detail: str, by: str, now: datetime.datetime
) -> Disclosure:
    """Enter in the log that a marker was filed with a fraud prevention agency today, under the name
    that it has today.

    Refused unless fraud is confirmed or the person is a victim, and for an agency that the register
    does not know today; AlreadyDone when a filing with that agency stands.
    """
    marker, today = _locked(marker), timezone.localdate(now)
    if marker.status not in FILED:
        raise Refused(
            "Only confirmed fraud, and the warning of a victim, may be filed: others will decide "
            "by it."
        )
    agency = agencies(today).filter(code=recipient).first()
    if agency is None:
        raise Refused("The register knows no such fraud prevention agency today.")
    if standing(marker).filter(recipient=recipient).exists():
        raise AlreadyDone(f"It is filed with {agency.name} already. Nothing was changed.")
    filing = Disclosure.objects.create(
        customer=marker.customer,
        kind=Disclosure.Kind.FILING,
        reference=f"{_prefix(marker)}{filings(marker).count() + 1}",
        occurred_on=today,
        recipient=recipient,
        recipient_name=agency.name,
        purpose=PURPOSE,
        detail=detail.strip(),
    )
    marker.filed_on = today
    marker.save(update_fields=["filed_on"])
    events.restricted_record_changed(
        by=by, subject=marker.customer_id, change="passed_on", record=filing.pk
    )
    return filing


def agencies(day: datetime.date) -> QuerySet[Recipient]:
    """The fraud prevention agencies of a day, from the register."""
    return Recipient.objects.on(day).filter(kind=Recipient.Kind.FRAUD_AGENCY).order_by("name", "pk")


def filings(marker: FraudMarker) -> QuerySet[Disclosure]:
    """The filings that were made for a marker here; those that came in by import are known by their
    customer alone."""
    return Disclosure.objects.filter(
        customer=marker.customer_id,
        kind=Disclosure.Kind.FILING,
        reference__startswith=_prefix(marker),
    )


def standing(marker: FraudMarker) -> QuerySet[Disclosure]:
    """Those of them that were not withdrawn."""
    withdrawn = Instruction.objects.filter(what=Instruction.What.WITHDRAW)
    return filings(marker).exclude(reference__in=withdrawn.values("reference"))


def _prefix(marker: FraudMarker) -> str:
    return f"filing-{marker.pk}-"


@transaction.atomic
def decide_about(
    customer: Customer,
    *,
    act: str,
    reason: str,
    review_on: datetime.date,
    by: str,
    now: datetime.datetime,
) -> Approval:
    """Ask a second colleague to agree that fraud work about this person is kept from them (`KEEP`),
    or told although a suspicion stands (`TELL`). Until then what the state of each record says
    holds (see `customers.models.markers`).

    Refused for an erased customer, for a day of review that is too far off, and while the opposite
    was decided or asked; AlreadyDone while the same is asked.
    """
    Customer.objects.lock_living(customer.pk)
    if review_on > timezone.localdate(now) + DECISION_LASTS:
        raise Refused(
            f"Give a day of review within {in_words(DECISION_LASTS)}: the reason may not last."
        )
    opposite = TELL if act == KEEP else KEEP
    if decisions(customer).filter(what=opposite).exists():
        raise Refused("The opposite was decided or asked for. End that first.")
    return approvals.ask(
        act,
        customer,
        person=customer.pk,
        reason=mask_cards(reason),
        review_on=review_on,
        by=by,
        now=now,
    )


def decisions(customer: Customer) -> QuerySet[Approval]:
    """What two people decided, or are to decide, about this person, the newest first."""
    return Approval.objects.filter(
        what__in=(KEEP, TELL), person=customer.pk, ended_at__isnull=True
    ).order_by("-asked_at")


@transaction.atomic
def withdraw(filing: Disclosure, *, why: str, by: str, now: datetime.datetime) -> Instruction:
    """A filing was found wrong (UK GDPR Article 16): the agency is to take it out (Article 19)."""
    filing = (
        Disclosure.objects.select_for_update(of=("self",))
        .select_related("customer")
        .get(pk=filing.pk)
    )
    if filing.kind != Disclosure.Kind.FILING:
        raise Refused("Only a filing with a fraud prevention agency can be withdrawn.")
    if withdrawals([filing]):
        raise AlreadyDone("That filing was withdrawn already.")
    (row,) = instructions.instruct(
        filing.customer,
        {filing.recipient: filing.recipient_name},
        Instruction.What.WITHDRAW,
        origin=uuid.uuid5(uuid.NAMESPACE_OID, f"disclosure {filing.pk}"),
        reference=filing.reference,
        about=instructions.find_by(filing.customer),
        why=why,
        confidential=True,
        by=by,
        now=now,
    )
    return row


def withdrawals(filings: Iterable[Disclosure]) -> dict[str, Instruction]:
    """What was told to the agencies of these filings, by the reference of each. One query."""
    rows = Instruction.objects.filter(
        what=Instruction.What.WITHDRAW, reference__in=[filing.reference for filing in filings]
    )
    return {row.reference: row for row in rows}


def _locked(marker: FraudMarker) -> FraudMarker:
    return (
        FraudMarker.objects.select_for_update(of=("self",))
        .select_related("customer")
        .get(pk=marker.pk)
    )


def _reason(marker: FraudMarker) -> str:
    """What the hold of an investigation says, by which it is found again."""
    return f"Investigation {marker.reference}."


def _holds(marker: FraudMarker) -> list[LegalHold]:
    """The hold of an investigation, while it stands."""
    standing_holds = LegalHold.objects.standing().filter(
        customer=marker.customer_id, kind=LegalHold.Kind.FRAUD
    )
    # sealed, so it is compared here
    return [hold for hold in standing_holds if hold.reason == _reason(marker)]


def _release(marker: FraudMarker, *, by: str, now: datetime.datetime) -> None:
    for hold in _holds(marker):
        holds.release(hold, by=by, now=now)
