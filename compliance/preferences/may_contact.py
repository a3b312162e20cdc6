"""May this message go? The one question that every sender asks, answered from the ledger and the
lists."""

import datetime
import uuid
from collections.abc import Collection

from django.db.models import Q
from django.utils import timezone

from compliance.preferences import contact_digests as contacts
from compliance.preferences import customer_contacts, rules
from compliance.preferences.channels import CHANNELS, needed_kinds
from compliance.preferences.contact_digests import Contact
from compliance.preferences.evidence import as_fact
from compliance.preferences.models import (
    ChoiceEvent,
    ListedContact,
    PreferenceServiceFile,
    Suppression,
)
from compliance.preferences.vocabulary import STOPS, THIRD_PARTIES, US, ChoiceKind, purpose_of
from customers.dealings import last_dealing
from customers.models import Customer

MARKETING, SERVICE_MESSAGE = "marketing", "service"


def may_contact(
    person: Customer | Contact, channel: str, sender: str, purpose: str, at: datetime.datetime
) -> rules.Verdict:
    """Whether a message may go, with the reason in words and the law.

    `person` is a customer (who may be reached if any of their contact points in use may) or a bare
    contact point. `purpose` is `marketing` or `service`; `sender` is `us` or a recipient's code;
    `at` an aware moment, past or present: history is read up to it, the customer's contact points
    are today's. ValueError for an unknown channel, purpose or sender.
    """
    if (
        channel not in CHANNELS
        or purpose not in (MARKETING, SERVICE_MESSAGE)
        or sender == THIRD_PARTIES
    ):
        raise ValueError("ask about one channel, one sender, and marketing or service")
    if purpose == SERVICE_MESSAGE:
        return rules.SERVICE
    return verdicts(person, [(channel, sender)], at)[channel, sender]


def verdicts(
    person: Customer | Contact,
    asked: Collection[tuple[str, str]],
    at: datetime.datetime,
) -> dict[tuple[str, str], rules.Verdict]:
    """The answers of `may_contact` about marketing for several (channel, sender) at once.

    At most seven queries.
    """
    if isinstance(person, Customer) and person.erased_at:
        return dict.fromkeys(asked, rules.ERASED)
    channels, senders = {one for one, _ in asked}, {one for _, one in asked}
    known = _Record(person, channels, senders, at)
    return {(channel, sender): known.verdict(channel, sender) for channel, sender in asked}


class _Record:
    """Everything that is on record about a person, or about one contact point, on some channels up
    to a moment."""

    def __init__(
        self,
        person: Customer | Contact,
        channels: set[str],
        senders: set[str],
        at: datetime.datetime,
    ) -> None:
        self.person, self.at = (person if isinstance(person, Customer) else None), at
        made = (
            list(customer_contacts.contacts_of(person))
            if isinstance(person, Customer)
            else [person]
        )
        used = needed_kinds(channels)
        self.digests = {one: contacts.digests(one) for one in made if one.kind in used}
        every = [digest for found in self.digests.values() for digest in found]
        said = ChoiceEvent.objects.filter(channel__in=channels, at__lte=at).select_related(
            "wording"
        )
        about = Q(contact__in=every) | (Q(customer=self.person) if self.person else Q(pk__in=[]))
        found = list(said.filter(about))
        last = _last_contacts(found, at)
        self.events = [
            (event.customer_id, event.contact, as_fact(event, last.get(event.customer_id)))
            for event in found
        ]
        self.entries = list(
            Suppression.objects.filter(
                digest__in=every, channel__in=channels, at__lte=at
            ).values_list("digest", "channel", "sender", "at")
        )
        purposes = sorted({purpose_of(one) for one in senders})
        self.stopped = customer_contacts.stopped_among(self.person, self.digests, purposes, at)
        self.listed = _listed([one for one in channels if CHANNELS[one].services], every, at)

    def verdict(self, channel: str, sender: str) -> rules.Verdict:
        """Whether any of the contact points that the channel uses may be written to or called."""
        mine = [one for one in self.digests if one.kind in CHANNELS[channel].uses]
        stopped = self.stopped[purpose_of(sender)]
        found = [self._about(self.digests[one], channel, sender) for one in mine]
        found = [
            rules.RESTRICTED if verdict.allowed and one in stopped else verdict
            for one, verdict in zip(mine, found, strict=True)
        ]
        return next((one for one in found if one.allowed), found[0] if found else rules.NO_CONTACT)

    def _about(self, digests: list[uuid.UUID], channel: str, sender: str) -> rules.Verdict:
        key = self.person.pk if self.person else None
        facts = [
            fact
            for whose, contact, fact in self.events
            if contact in digests or (key is not None and whose == key and fact.kind in STOPS)
        ]
        facts += [
            rules.ChoiceFact(ChoiceKind.OBJECTION, entry_channel, entry_sender, entry_at)
            for digest, entry_channel, entry_sender, entry_at in self.entries
            if digest in digests
        ]
        listed = self.listed.get(channel, set())
        return rules.verdict(
            channel,
            sender,
            rules.consent_state(facts, channel, sender, self.at),
            known=key is not None and sender == US,
            listing=rules.Listing(None if listed is None else not listed.isdisjoint(digests)),
        )


def _last_contacts(
    events: Collection[ChoiceEvent], at: datetime.datetime
) -> dict[uuid.UUID | None, datetime.date]:
    """When those last had to do with us whose soft opt-in is so old that it depends on that, as is
    known today. One query, or none."""
    until = rules.soft_lapsed_until(at)
    whose = {
        event.customer_id
        for event in events
        if event.kind == ChoiceKind.SOFT_OPT_IN
        and event.customer_id
        and timezone.localdate(event.at) <= until
    }
    if not whose:
        return {}
    rows = Customer.objects.filter(pk__in=whose).annotate(last=last_dealing())
    return dict(rows.values_list("pk", "last"))


def files_in_force(
    services: Collection[str], at: datetime.datetime
) -> dict[str, PreferenceServiceFile]:
    """The list of each of these preference services in force at a moment; one that has none young
    enough is left out."""
    day = timezone.localdate(at)
    files = PreferenceServiceFile.objects.filter(
        service__in=services, dated_on__range=(day - rules.FRESH, day)
    )
    return {
        file.service: file
        for file in files.order_by("service", "-dated_on", "-pk").distinct("service")
    }


def _listed(
    channels: Collection[str], digests: list[uuid.UUID], at: datetime.datetime
) -> dict[str, set[uuid.UUID] | None]:
    """Which contact points the preference services list for each channel; None when one of its
    lists is missing or too old.

    Two queries, or none when there is nothing to ask about.
    """
    if not channels or not digests:
        return {}
    asked = {channel: CHANNELS[channel].services for channel in channels}
    files = files_in_force([service for services in asked.values() for service in services], at)
    by_service: dict[str, set[uuid.UUID]] = {service: set() for service in files}
    found = ListedContact.objects.filter(file__in=list(files.values()), digest__in=digests)
    for service, digest in found.values_list("file__service", "digest") if files else ():
        by_service[service].add(digest)
    return {
        channel: set().union(*map(by_service.__getitem__, services))
        if files.keys() >= set(services)
        else None
        for channel, services in asked.items()
    }
