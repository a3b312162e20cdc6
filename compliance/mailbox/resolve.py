"""What somebody at the desk does with an email that waits: each act is one transaction, and may be
sent twice."""

import datetime
from collections.abc import Collection

from django.conf import settings
from django.db import transaction

from audit import events
from audit.actions import AlreadyDone, Refused
from compliance.mailbox import automated, headers
from compliance.mailbox.classify import classify
from compliance.mailbox.intent import BOTH
from compliance.mailbox.models import InboundMail
from compliance.mailbox.states import MailOutcome, MailState
from compliance.preferences import contact_digests
from compliance.preferences.actions import object_to
from compliance.preferences.channels import EMAIL, using
from compliance.preferences.contact_digests import Contact
from compliance.preferences.models import MarketingRequest
from compliance.preferences.references import new_reference
from compliance.preferences.vocabulary import ChoiceSource
from customers.models import Customer

OPEN = (MailState.DESK, MailState.IGNORED)  # what was taken for junk can be taken up again


@transaction.atomic
def stop_for(
    mail_id: int,
    customer: Customer,
    *,
    channels: Collection[str],
    senders: Collection[str],
    by: str,
    now: datetime.datetime,
) -> InboundMail:
    """Stop marketing for the customer who wrote an email, and for the address that it came from.

    AlreadyDone when a colleague was quicker; Refused for an erased customer.
    """
    mail = _lock_open(mail_id)
    points = [one for one in addresses(mail) if using(one.kind, channels)]
    request, new = MarketingRequest.objects.select_for_update().get_or_create(
        token=mail.token,
        defaults={
            "reference": mail.reference or new_reference(),
            "source": ChoiceSource.EMAIL,
            "received_at": mail.received_at,
            "channels": list(channels),
            "senders": list(senders),
            "email": points[0].value if points else None,
            "state": MarketingRequest.State.DONE,
            "customer": customer,
            "handled_at": now,
            "handled_by": by,
        },
    )
    object_to(
        channels=channels,
        senders=senders,
        source=ChoiceSource.EMAIL,
        by=by,
        now=now,
        at=mail.received_at,
        customer=customer,
        given=points,
        reference=request.reference,
    )
    if not new and request.customer is None:
        request.customer, request.state = customer, MarketingRequest.State.DONE
        request.handled_at, request.handled_by = now, by
        request.save(update_fields=["customer", "state", "handled_at", "handled_by"])
    mail.channels, mail.senders, mail.reference = list(channels), list(senders), request.reference
    return _close(mail, MailOutcome.MATCHED, customer, by=by, now=now)


@transaction.atomic
def stop_address(mail_id: int, *, by: str, now: datetime.datetime) -> InboundMail:
    """Stop email marketing to the address that an email came from, whoever that is. Refused when it
    has none of use."""
    mail = _lock_open(mail_id)
    points = addresses(mail)
    if not points:
        raise Refused("This email has no sender’s address that could be stopped.")
    mail.reference = object_to(
        channels=[EMAIL.code],
        senders=BOTH,
        source=ChoiceSource.EMAIL,
        by=by,
        now=now,
        at=mail.received_at,
        given=points,
        reference=mail.reference,
    )
    mail.channels, mail.senders = [EMAIL.code], list(BOTH)
    return _close(mail, MailOutcome.STOPPED, mail.customer, by=by, now=now)


@transaction.atomic
def close(
    mail_id: int, outcome: MailOutcome | str, *, by: str, now: datetime.datetime, kind: str = ""
) -> InboundMail:
    """Say that an email was dealt with elsewhere: passed on, answered, or nothing to do; `kind` is
    what it was about, where that is not what the program took it for."""
    if outcome not in (MailOutcome.PASSED_ON, MailOutcome.ANSWERED, MailOutcome.NOTHING):
        raise ValueError("not a way to close an email")
    mail = _lock_open(mail_id)
    mail.kind = kind or mail.kind
    return _close(mail, MailOutcome(outcome), mail.customer, by=by, now=now)


def addresses(mail: InboundMail) -> list[Contact]:
    """The addresses that an email comes from, without our own; none when its original is gone."""
    found = []
    ours = settings.CONTROLLER["email"]
    people = (
        classify(mail.original, ours).people
        if mail.original
        else headers.people([mail.sender or ""])
    )
    for _, address in people:
        try:
            if not automated.from_us(address, ours):
                found.append(contact_digests.email(address))
        except ValueError:
            continue
    return found


def _lock_open(mail_id: int) -> InboundMail:
    mail = InboundMail.objects.select_for_update().get(pk=mail_id)
    if mail.state == MailState.RECEIVED:
        raise Refused("This email has not been read by the program yet. Try again in a minute.")
    if mail.state not in OPEN:
        raise AlreadyDone(f"{mail} was dealt with already. Nothing was changed.")
    return mail


def _close(
    mail: InboundMail,
    outcome: MailOutcome,
    customer: Customer | None,
    *,
    by: str,
    now: datetime.datetime,
) -> InboundMail:
    mail.state, mail.outcome, mail.customer, mail.handled_at, mail.handled_by = (
        MailState.DONE,
        outcome,
        customer,
        now,
        by,
    )
    mail.junk_from = None
    mail.save(
        update_fields=[
            "state",
            "kind",
            "outcome",
            "customer",
            "handled_at",
            "handled_by",
            "junk_from",
            "channels",
            "senders",
            "reference",
        ]
    )
    events.mail_dealt_with(
        by=by,
        subject=customer.pk if customer else None,
        mail=mail.pk,
        outcome=outcome,
        reference=mail.reference,
    )
    return mail
