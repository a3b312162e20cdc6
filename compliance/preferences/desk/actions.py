"""What a member of staff does about marketing choices: each act is one transaction, and may be sent
twice."""

import datetime
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from audit import events
from audit.actions import AlreadyDone, Refused
from compliance.preferences import confirmation, customer_contacts, partners, wordings
from compliance.preferences.actions import (
    Proof,
    consent,
    notice_in_force,
    object_to,
)
from compliance.preferences.channels import CHANNELS
from compliance.preferences.desk import words as desk_words
from compliance.preferences.models import ChoiceEvent, MarketingRequest
from compliance.preferences.references import new_reference, reference_of
from compliance.preferences.vocabulary import THIRD_PARTIES, US, ChoiceSource
from customers import erasure_lock
from customers.models import ContactPoint, Customer

State = MarketingRequest.State


@dataclass(frozen=True)
class Agreed:
    """One question that was answered with yes: for which sender, on which channel, to which contact
    detail on file."""

    sender: str
    channel: str
    point: int


@transaction.atomic
def stop(
    customer: Customer,
    *,
    token: uuid.UUID,
    source: ChoiceSource | str,
    received_at: datetime.datetime,
    channels: Collection[str],
    senders: Collection[str],
    by: str,
    now: datetime.datetime,
) -> str:
    """Stop marketing for a customer on the telephone, in a letter or at the counter; returns the
    reference.

    `received_at` is when it reached us: it counts from then. AlreadyDone, with the reference, when
    the same form comes twice.
    """
    received_at = min(received_at, now)
    request, new = MarketingRequest.objects.get_or_create(
        token=token,
        defaults={
            "reference": new_reference(),
            "source": source,
            "received_at": received_at,
            "channels": list(channels),
            "senders": list(senders),
            "state": State.DONE,
            "customer": customer,
            "handled_at": now,
            "handled_by": by,
        },
    )
    if not new and request.customer_id == customer.pk:
        raise AlreadyDone(f"That is done already. The reference to read out: {request.reference}")
    if not new:
        raise Refused(
            "This form was used for somebody else. Open it again from the customer’s page."
        )
    words = wordings.freeze(
        desk_words.SCRIPT,
        desk_words.STOPPED,
        senders=[US, THIRD_PARTIES],
        channels=list(CHANNELS),
        unticked=True,
        now=now,
    )
    return object_to(
        channels=channels,
        senders=senders,
        source=source,
        by=by,
        now=now,
        at=received_at,
        customer=customer,
        reference=request.reference,
        page=desk_words.SCRIPT,
        wording=words,
    )


@transaction.atomic
def agree(
    customer: Customer,
    *,
    token: uuid.UUID,
    answers: Sequence[Agreed],
    recording: str,
    by: str,
    now: datetime.datetime,
) -> str:
    """Write down what a customer agreed to on the telephone, with all its evidence; returns the
    reference.

    Refused when anything of the evidence is missing, for then there would be no consent: no
    recording, no notice in force, a contact detail that is no longer on file. AlreadyDone, with the
    reference, when the same form comes twice.
    """
    if not answers or not recording.strip():
        raise Refused("A consent needs an answer and the reference of the recording.")
    notice = notice_in_force(now)
    if notice is None:
        raise Refused(
            "No privacy notice is published, so a consent could not be proved. Ask the data "
            "protection lead."
        )
    erasure_lock.exclusive()  # before any row is locked
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    reference = reference_of(token.int)
    if ChoiceEvent.objects.filter(reference=reference).exists():
        raise AlreadyDone(f"That is written down already. The reference: {reference}")
    on_file = (
        ContactPoint.objects.in_use()
        .filter(customer=customer)
        .in_bulk([one.point for one in answers])
    )
    names = partners.names([one.sender for one in answers if one.sender != US], at=now)
    for answer in answers:
        point = on_file.get(answer.point)
        contact = customer_contacts.contact_of(point, customer) if point else None
        if contact is None:
            raise Refused(
                "That contact detail is no longer on file, or cannot be read. Look at the "
                "customer’s page."
            )
        asked = desk_words.question(
            answer.channel, answer.sender, names.get(answer.sender, ""), settings.CONTROLLER["name"]
        )
        words = wordings.freeze(
            desk_words.SCRIPT,
            desk_words.whole(asked),
            senders=[answer.sender],
            channels=[answer.channel],
            unticked=True,
            now=now,
        )
        missing = consent(
            customer=customer,
            contact=contact,
            channels=[answer.channel],
            sender=answer.sender,
            source=ChoiceSource.TELEPHONE,
            proof=Proof(words, desk_words.SCRIPT, recording.strip(), notice),
            by=by,
            now=now,
            reference=reference,
        )
        if missing:
            raise Refused(
                "This could not be proved, so it was not written down. Missing: "
                f"{', '.join(missing)}."
            )
    return reference


@transaction.atomic
def match_to(
    request_id: int, customer: Customer, *, by: str, now: datetime.datetime
) -> MarketingRequest:
    """Say whose a request is: it then stops marketing to all their contact details, from the day on
    which it came.

    AlreadyDone when a colleague was quicker.
    """
    request = _still_open(request_id, also=State.NOBODY)
    object_to(
        channels=request.channels,
        senders=request.senders,
        source=request.source,
        by=by,
        now=now,
        at=request.received_at,
        customer=customer,
        reference=request.reference,
    )
    confirmation.assign_to_customer(request, customer)
    return _close(request, State.DONE, customer, by, now)


@transaction.atomic
def close_unmatched(request_id: int, *, by: str, now: datetime.datetime) -> MarketingRequest:
    """Say that a request is nobody's of ours: what was suppressed stays so. AlreadyDone when a
    colleague was quicker."""
    return _close(_still_open(request_id), State.NOBODY, None, by, now)


def _still_open(request_id: int, also: str = "") -> MarketingRequest:
    request = MarketingRequest.objects.select_for_update().get(pk=request_id)
    if request.state == State.DONE:
        raise AlreadyDone(
            f"{request.reference} was matched to a customer already. Nothing was changed."
        )
    if request.state == State.NOBODY and also != State.NOBODY:
        raise AlreadyDone(
            f"{request.reference} was closed already, as nobody of ours. Nothing was changed."
        )
    return request


def _close(
    request: MarketingRequest,
    state: str,
    customer: Customer | None,
    by: str,
    now: datetime.datetime,
) -> MarketingRequest:
    request.state, request.customer, request.handled_at, request.handled_by = (
        state,
        customer,
        now,
        by,
    )
    request.save(update_fields=["state", "customer", "handled_at", "handled_by"])
    events.marketing_request_closed(
        by=by, subject=customer.pk if customer else None, request=request.pk, state=state
    )
    return request
