"""How a customer's own choices stand, for the page on which they are changed (see `choosing`)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from compliance.disclosures.models import Disclosure
from compliance.preferences import (
    consent_words,
    customer_contacts,
    may_contact,
    partners,
    rules,
    wordings,
)
from compliance.preferences.actions import notice_in_force
from compliance.preferences.channels import CHANNELS
from compliance.preferences.models import ChoiceEvent
from compliance.preferences.vocabulary import STOPS, THIRD_PARTIES, US
from customers.models import ContactPoint, Customer


@dataclass(frozen=True)
class ContactOption:
    """A contact point on file among which to choose, shown so that its owner knows it and nobody
    else learns it."""

    pk: int
    shown: str


@dataclass(frozen=True)
class ChoiceRow:
    """One sender on one channel: how it stands, and what can be done."""

    sender: str
    sender_name: str
    channel: str
    verdict: rules.Verdict
    details: Sequence[ContactOption]  # where a consent could be for
    words: str  # the exact words of a consent; empty when it cannot be given here
    digest: str

    @property
    def pair(self) -> str:
        return f"{self.sender}:{self.channel}"

    @property
    def name(self) -> str:
        return CHANNELS[self.channel].noun

    @property
    def why(self) -> str:
        return consent_words.WHY.get(self.verdict.reason, self.verdict.words)

    @property
    def may_stop(self) -> bool:
        return self.verdict.reason != rules.OBJECTED.reason

    @property
    def may_allow(self) -> bool:
        return bool(self.words and self.details) and not self.verdict.allowed


def rows(customer: Customer, *, now: datetime.datetime) -> list[ChoiceRow]:
    """How things stand for every sender and channel: ourselves, the marketing partners of today,
    and whoever had the data or a consent before. At most 12 queries.
    """
    current, past = partners.current_codes(now), _earlier_senders(customer)
    senders = [US, *current, *sorted(past - {*current, US, THIRD_PARTIES})]
    names = {US: settings.CONTROLLER["name"], **partners.names(senders[1:], at=now)}
    verdicts = may_contact.verdicts(
        customer, [(channel, sender) for sender in senders for channel in CHANNELS], now
    )
    details = _details(customer)
    open_to = {US, *current} if notice_in_force(now) is not None else set()
    found = []
    for sender in senders:
        for channel in CHANNELS:
            words = (
                consent_words.text(channel, sender, names[sender], names[US])
                if sender in open_to
                else ""
            )
            found.append(
                ChoiceRow(
                    sender,
                    names[sender],
                    channel,
                    verdicts[channel, sender],
                    details[CHANNELS[channel].kind],
                    words,
                    _digest(words, sender, channel) if words else "",
                )
            )
    return found


def _earlier_senders(customer: Customer) -> set[str]:
    said = ChoiceEvent.objects.filter(customer=customer).order_by().values_list("sender", flat=True)
    fed = Disclosure.objects.feeds().filter(customer=customer).order_by()
    return set(said.union(fed.values_list("recipient", flat=True)))


def _digest(words: str, sender: str, channel: str) -> str:
    return wordings.digest_of(
        consent_words.CODE, words, senders=[sender], channels=[channel], unticked=True
    )


def _details(customer: Customer) -> dict[str, list[ContactOption]]:
    found: dict[str, list[ContactOption]] = {"email": [], "phone": [], "address": []}
    for point in ContactPoint.objects.in_use().filter(customer=customer).order_by("pk"):
        if customer_contacts.contact_of(point, customer):
            found[point.kind].append(
                ContactOption(point.pk, partly_hidden(point.kind, point.value))
            )
    return found


def partly_hidden(kind: str, value: str) -> str:
    """A contact detail for its owner's eyes: enough to know it by."""
    if kind == "email":
        local, _, domain = value.strip().rpartition("@")
        return f"{local[:2]}…@{domain}"
    if kind == "phone":
        return f"the number ending {''.join(sign for sign in value if sign.isdigit())[-4:]}"
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    return f"the address at {lines[-1]}"


def recipients(customer: Customer) -> list[dict[str, object]]:
    """Who has received the customer's data for marketing: who, on which days, and whether a
    withdrawal was passed on."""
    told = partners.told(customer)
    found: dict[str, dict[str, object]] = {}
    fed = Disclosure.objects.feeds().filter(customer=customer).order_by("-occurred_on", "-pk")
    for code, name, day in fed.values_list("recipient", "recipient_name", "occurred_on"):
        entry = found.setdefault(
            code, {"name": name, "last": day, "times": 0, "told": told.get(code)}
        )
        entry["times"] = int(str(entry["times"])) + 1
        entry["first"] = day
    return list(found.values())


def changes(
    customer: Customer, reference: str, *, now: datetime.datetime
) -> list[dict[str, object]]:
    """What one act changed, for its page and its email: a line for each sender and channel."""
    said = list(
        ChoiceEvent.objects.filter(customer=customer, reference=reference)
        .select_related("wording")
        .order_by("pk")
    )
    names = partners.names({event.sender for event in said} - {US, THIRD_PARTIES}, at=now)
    names |= {US: settings.CONTROLLER["name"], THIRD_PARTIES: "all other organisations"}
    return [
        {
            "stopped": event.kind in STOPS,
            "channel": CHANNELS[event.channel].noun,
            "at": event.at,
            "sender": names[event.sender],
            "words": event.wording.text if event.wording else "",
            "detail": partly_hidden(event.contact_kind, event.contact_value)
            if event.contact_value
            else "",
        }
        for event in said
    ]


def in_short(customer: Customer, *, now: datetime.datetime) -> dict[str, list[str]]:
    """By which ways whose marketing may reach a customer now, in words: ourselves, the partners of
    today, and whoever had the data or a consent before; nobody by whom it is off. At most ten
    queries."""
    names = {US: settings.CONTROLLER["name"], **partners.current_names(now)}
    past = sorted(_earlier_senders(customer) - {*names, THIRD_PARTIES})
    names |= partners.names(past, at=now)
    verdicts = may_contact.verdicts(
        customer, [(channel, sender) for sender in names for channel in CHANNELS], now
    )
    found: dict[str, list[str]] = {}
    for (channel, sender), verdict in verdicts.items():
        if verdict.allowed:
            found.setdefault(names[sender], []).append(CHANNELS[channel].noun.lower())
    return found
