"""Which customers said no to marketing, as the gate of the register asks it: by purpose, whatever the
channel. Which message may go on which channel is asked of `may_contact`."""

from typing import Any

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Now

from compliance.preferences.channels import CHANNELS
from compliance.preferences.models import ChoiceEvent, MarketingPermission
from compliance.preferences.vocabulary import (
    MARKETING,
    PARTNER_MARKETING,
    STOPS,
    TAILORING,
    THIRD_PARTIES,
    US,
)

# The channel on which no list goes out: what somebody is shown is chosen there by their habits.
PROFILING = next(code for code, one in CHANNELS.items() if not one.screened)


def objections(purpose: str) -> QuerySet[Any, Any]:
    """Who stops a purpose by a choice about marketing, as `gate.StopSource`.

    Tailoring is stopped by a stop of `PROFILING`; marketing, our own or that
    of all others, by a stop on every channel. A later consent that is proved lifts the stop that it
    is for.
    """
    if purpose == TAILORING:
        rows = _stopped(PROFILING, US)
    elif purpose in (MARKETING, PARTNER_MARKETING):
        sender = US if purpose == MARKETING else THIRD_PARTIES
        first, *others = CHANNELS
        rows = _stopped(first, sender)
        for channel in others:
            rows = rows.filter(
                Exists(_stopped(channel, sender).filter(customer=OuterRef("customer")))
            )
    else:
        rows = ChoiceEvent.objects.none()
    return rows.values(
        person=F("customer"), since=F("at"), until=Value(None, output_field=DateField())
    )


def _stopped(channel: str, sender: str) -> QuerySet[ChoiceEvent]:
    later = MarketingPermission.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=Now()),
        customer=OuterRef("customer"),
        channel=channel,
        consented_at__gt=OuterRef("at"),
        **({"sender": sender} if sender == US else {}),
    )
    return ChoiceEvent.objects.filter(
        ~Exists(later), customer__isnull=False, kind__in=STOPS, channel=channel, sender=sender
    )
