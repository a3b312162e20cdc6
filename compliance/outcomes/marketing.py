"""Objections to marketing and withdrawn consents: they work through the ledger of choices, at once,
whoever asks."""

import datetime

from audit.actions import Refused
from audit.evidence import Evidence
from compliance.cases.kinds import CaseKind, Requester
from compliance.cases.lines import Line
from compliance.cases.models import Case
from compliance.mailbox import deaths
from compliance.outcomes.base import Effect, EffectResult, Given
from compliance.preferences import actions as preferences
from compliance.preferences import intake
from compliance.preferences.channels import CHANNELS
from compliance.preferences.models import ChoiceEvent
from compliance.preferences.sender_words import senders as senders_in_words
from compliance.preferences.vocabulary import THIRD_PARTIES, US, ChoiceKind, ChoiceSource
from compliance.register.models import Recipient
from customers.matching import Given as Said

STOP = "stop_marketing"
ABOUT_THEM = "What helps us find them"  # the question of the public form


class StopMarketing(Effect):
    """Stop marketing to the customer and to every contact point that was given, from when the
    request reached us."""

    code = STOP
    label = "Stop marketing"
    says = "Marketing stops for the customer and for every address and number in the case."
    matched = False

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        if not stop_for(case, by=by, now=now):
            raise Refused(
                "Nobody is matched and no address or number was given, so there is nothing to stop "
                "marketing to. Find "
                "out who it is, or ask them."
            )
        return EffectResult(
            codes={"channels": channels(case), "senders": senders(case)}, lines=told(case)
        )


def told(case: Case) -> list[Line]:
    """What the person reads of it: the channels that stopped and from whom, as the ledger has
    them."""
    rows: dict[str, dict[str, ChoiceEvent]] = {}
    for row in ChoiceEvent.objects.filter(reference=case.reference).order_by("pk"):
        rows.setdefault(row.channel, {})[row.sender] = row
    name = senders_in_words()
    ours = {US: "from us", THIRD_PARTIES: "from other organisations"}
    return [
        Line.stopped(
            f"Marketing by {CHANNELS[channel].label.lower()}",
            Evidence.row(last, last.recorded_at),
            why=_capital(" and ".join(ours.get(one) or f"from {name(one)}" for one in found)),
        )
        for channel in CHANNELS
        if (found := rows.get(channel)) and (last := list(found.values())[-1])
    ]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def stop_for(case: Case, *, by: str, now: datetime.datetime) -> bool:
    """Write the objection into the ledger, once for each person or address; whether there was
    anything to stop for.

    The reference of the case is that of the act in the ledger.
    """
    said = ChoiceEvent.objects.filter(reference=case.reference)
    customer = case.customer if case.customer is not None and not case.customer.erased_at else None
    contacts = list(intake.readable_contacts(said_in(case)))
    if customer is not None and said.filter(customer=customer).exists():
        return True
    if customer is None and (not contacts or said.exists()):
        return bool(contacts)
    preferences.object_to(
        channels=channels(case),
        senders=senders(case),
        source=ChoiceSource.REQUEST,
        by=by,
        now=now,
        at=case.received_at,
        customer=customer,
        given=contacts,
        reference=case.reference,
        kind=ChoiceKind.WITHDRAWAL if case.kind == CaseKind.WITHDRAWAL else ChoiceKind.OBJECTION,
    )
    return True


def channels(case: Case) -> list[str]:
    """The channels that the request names; every one when it names none."""
    named = case.codes("channels")
    return [code for code in CHANNELS if code in named] or list(CHANNELS)


def senders(case: Case) -> list[str]:
    """The senders that the request names; ourselves and everybody else when it names none."""
    named = case.codes("senders")
    known = {
        US,
        THIRD_PARTIES,
        *Recipient.objects.filter(code__in=named).values_list("code", flat=True),
    }
    return [sender for sender in dict.fromkeys(named) if sender in known] or [US, THIRD_PARTIES]


def said_in(case: Case) -> Said:
    """What the case says of the person; of somebody who asks for somebody else, the addresses are
    their own. Of somebody who died, what the writer said of them in free words is read too."""
    if case.kind == CaseKind.BEREAVEMENT:
        return _of_who_died(case)
    if case.requester != Requester.CUSTOMER:
        return Said(name=case.name or "", customer_number=case.customer_number or "")
    return Said(
        **{
            name: getattr(case, name) or ""
            for name in ("name", "customer_number", "email", "phone", "address")
        }
    )


def _of_who_died(case: Case) -> Said:
    """The email address, the number and the postal address in what was said of them; what cannot be
    read as one stops nothing, and a colleague reads it."""
    found = deaths.reached(str(case.facts.get(ABOUT_THEM, "")))
    return Said(
        name=case.name or "",
        customer_number=case.customer_number or "",
        email=found.email,
        phone=found.phone,
        address=found.address,
    )


EFFECTS: tuple[Effect, ...] = (StopMarketing(),)
