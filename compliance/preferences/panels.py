"""What the customer's page shows of this room: what marketing may go, why, what they said, and who
had their data for it."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.desk import names_of
from compliance.disclosures.models import Disclosure
from compliance.preferences import may_contact, partners, rules
from compliance.preferences.channels import CHANNELS
from compliance.preferences.desk import words
from compliance.preferences.desk.views import may_record
from compliance.preferences.models import ChoiceEvent
from compliance.preferences.vocabulary import STOPS, US, ChoiceKind
from customers.desk_tables import list_url
from customers.models import Customer
from customers.panels import Panel, register

EVENTS = 240  # of the ledger that are read: an act may write twelve
ACTS_OPEN, ACTS = 3, 20


@dataclass(frozen=True)
class Sender:
    """One sender, and how each channel stands."""

    name: str
    channels: list[tuple[str, rules.Verdict]]

    @property
    def open(self) -> int:
        return sum(verdict.allowed for _, verdict in self.channels)


def choices(request: HttpRequest, customer: Customer) -> dict[str, Any] | None:
    """The state for us and for each partner, the newest acts, and who received the data. At most 14
    queries."""
    if customer.erased_at:
        return None
    now = timezone.now()
    names = {US: settings.CONTROLLER["name"], **partners.current_names(now)}
    had = _had(customer, now)
    names |= {one["partner"]: one["name"] for one in had if one["partner"] not in names}
    asked = [(channel, sender) for sender in names for channel in CHANNELS]
    verdicts = may_contact.verdicts(customer, asked, now)
    senders = [
        Sender(
            name,
            [(one.noun, verdicts[code, sender]) for code, one in CHANNELS.items()],
        )
        for sender, name in names.items()
    ]
    acts, more = _acts(customer, names)
    return {
        "ours": senders[0],
        "partners": senders[1:],
        "may_record": may_record(request, customer),
        "had": had,
        "acts": acts[:ACTS_OPEN],
        "folded": acts[ACTS_OPEN:],
        "objected": rules.OBJECTED.reason,
        "more": list_url("preferences_choiceevent", customer) if more else "",
    }


def _had(customer: Customer, now: datetime.datetime) -> list[dict[str, Any]]:
    """The partners who received the data, the latest first, and whether an objection was passed on
    to them."""
    told = partners.told(customer)
    found: dict[str, dict[str, Any]] = {}
    fed = Disclosure.objects.feeds().filter(customer=customer).order_by("-occurred_on", "-pk")
    for code, name, day in fed.values_list("recipient", "recipient_name", "occurred_on"):
        entry = found.setdefault(
            code, {"partner": code, "name": name, "last": day, "times": 0, "told": told.get(code)}
        )
        entry["times"] += 1
    today = timezone.localdate(now)
    for entry in found.values():
        row = entry["told"]
        entry["late"] = bool(row) and not row.settled and row.due_on < today
    return list(found.values())


def _acts(customer: Customer, names: dict[str, str]) -> tuple[list[dict[str, Any]], bool]:
    """What was said, the newest first: the events of one act as one line. And whether there is
    more."""
    said = ChoiceEvent.objects.filter(customer=customer).defer("contact_value", "origin")
    events = list(said.order_by("-at", "-pk")[:EVENTS])
    by = names_of(event.by for event in events)
    acts: dict[tuple[str, str, Any], dict[str, Any]] = {}
    for event in events:
        act = acts.setdefault(
            (event.reference, event.kind, event.at),
            {
                "at": event.at,
                "kind": ChoiceKind(event.kind).label,
                "stop": event.kind in STOPS,
                "source": event.get_source_display(),
                "by": "the customer" if event.by.startswith("customer:") else by[event.by],
                "reference": event.reference,
                "channels": [],
                "senders": [],
            },
        )
        act["channels"].append(event.channel)
        act["senders"].append(event.sender)
    for act in acts.values():
        act["what"] = words.channels_in_words(act["channels"])
        act["whose"] = words.senders_in_words(act["senders"], names)
    return list(acts.values())[:ACTS], len(events) == EVENTS or len(acts) > ACTS


register(
    Panel(
        "Marketing choices",
        "admin/preferences/panel.html",
        choices,
        "preferences.view_choiceevent",
        35,
    )
)
