"""The demonstration's marketing choices: some who said stop, some who agreed, two requests to
match, partners to tell."""

import datetime
import uuid
from collections.abc import Callable

from accounts.models import StaffUser
from compliance.disclosures import instruction_files
from compliance.disclosures.demo import people
from compliance.disclosures.models import Disclosure, Instruction
from compliance.preferences import (
    actions,
    contact_digests,
    customer_contacts,
    intake,
    partner_files,
)
from compliance.preferences.channels import CHANNELS, EMAIL, LIVE_CALL, POST
from compliance.preferences.desk import actions as desk_actions
from compliance.preferences.vocabulary import THIRD_PARTIES, US, ChoiceSource
from compliance.register.models import NoticeVersion
from customers.matching import Given
from customers.models import ContactPoint, Customer

PARTNER = "example-partner"
Ago = Callable[[float], datetime.datetime]
CHIDI, RAJESH, ELERI = "20006", "20004", "20007"


def scene(now: datetime.datetime) -> None:
    """Something on every list of this room, and an alert for each kind of delay."""
    agent, lead = (StaffUser.objects.get(staff_id=name).actor for name in ("agent", "lead"))

    def days(count: float) -> datetime.datetime:
        return now - datetime.timedelta(days=count)

    _stops(agent, lead, days)
    _agrees(agent, now)
    _asks(days)


def _stops(agent: str, lead: str, days: Ago) -> None:
    """Ada's withdrawal waits too long to be passed on, Rajesh's since today; Eleri's was passed on
    and never confirmed."""
    _received(RAJESH, days(90))
    _received(ELERI, days(400))
    for number, source, ago, channels, senders in (
        (ELERI, ChoiceSource.LETTER, 24, list(CHANNELS), [US, THIRD_PARTIES]),
        (people.RICH, ChoiceSource.TELEPHONE, 5, [POST.code, LIVE_CALL.code], [THIRD_PARTIES]),
        (people.HELD, ChoiceSource.WEB_FORM, 3, [EMAIL.code], [US]),
        (RAJESH, ChoiceSource.TELEPHONE, 0.1, [EMAIL.code, POST.code], [THIRD_PARTIES]),
    ):
        desk_actions.stop(
            _customer(number),
            token=uuid.uuid4(),
            source=source,
            received_at=days(ago),
            channels=channels,
            senders=senders,
            by=agent,
            now=days(ago),
        )
        if number == ELERI:
            instruction_files.make(
                Instruction.objects.filter(recipient=PARTNER),
                partner_files.WITHDRAWALS,
                len,
                by=lead,
                now=days(23),
            )


def _received(number: str, at: datetime.datetime) -> None:
    """The partner received this customer's data once."""
    Disclosure.objects.create(
        customer=_customer(number),
        kind=Disclosure.Kind.FEED,
        reference=f"demo-feed-{number}",
        occurred_on=at.date(),
        recipient=PARTNER,
        recipient_name="Example Home and Garden Ltd",
        purpose="partner-marketing",
        detail="Spring catalogue",
    )


def _agrees(agent: str, now: datetime.datetime) -> None:
    """Ada agrees to our emails on the telephone, Chidi to those of the partner; the notice was
    published a moment ago."""
    now = max(now, *NoticeVersion.objects.values_list("published_at", flat=True))
    for number, sender in ((people.RICH, US), (CHIDI, PARTNER)):
        customer = _customer(number)
        point = next(
            one
            for one in ContactPoint.objects.in_use().filter(customer=customer, kind="email")
            if customer_contacts.contact_of(one, customer)
        )
        desk_actions.agree(
            customer,
            token=uuid.uuid4(),
            answers=[desk_actions.Agreed(sender, EMAIL.code, point.pk)],
            recording=f"CALL-{number}",
            by=agent,
            now=now,
        )


def _asks(days: Ago) -> None:
    """A request from an address that nobody has on file, and one from somebody who may be either of
    two."""
    for ago, given, words in (
        (
            4,
            Given(name="T. Pritchard", email="tomos.at.home@example.com"),
            "Please take me off your lists. I have told you twice.\nTomos Pritchard",
        ),
        (
            0.2,
            Given(
                name="A Okafor",
                email="the.okafors@example.com",
                address="14 Fellmonger Row\nBradford\nBD1 1AA",
            ),
            "",
        ),
    ):
        intake.take(
            source=ChoiceSource.EMAIL if words else ChoiceSource.WEB_FORM,
            given=given,
            channels=[EMAIL.code, POST.code],
            senders=[US, THIRD_PARTIES],
            token=uuid.uuid4(),
            by="job:demo",
            now=days(ago),
            words=words,
        )
    actions.object_to(
        channels=[EMAIL.code],
        senders=[US],
        source=ChoiceSource.ONE_CLICK,
        by="job:demo",
        now=days(1),
        given=[contact_digests.email("somebody@example.net")],
    )


def _customer(number: str) -> Customer:
    return Customer.objects.get(customer_number=number)
