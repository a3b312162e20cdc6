"""Global Privacy Control: the browser's own word that data be neither sold nor shared (W3C draft
standard).

`Sec-GPC: 1` counts as a refusal of advertising for that request, without a question and without a
cookie. Of a customer who has proved who they are it becomes one objection in the marketing ledger,
on a POST of theirs: reading a page changes nothing.
"""

import datetime

from django.db import transaction
from django.http import HttpRequest

from compliance.preferences import actions
from compliance.preferences.channels import CHANNELS, ONLINE
from compliance.preferences.models import ChoiceEvent
from compliance.preferences.references import new_reference
from compliance.preferences.vocabulary import THIRD_PARTIES, US, ChoiceSource
from customers.models import Customer

# `lastUpdate` of /.well-known/gpc.json: when this meaning of the signal was settled
SUPPORTED_SINCE = "2026-11-23"


def signalled(request: HttpRequest) -> bool:
    """Whether the browser sends the signal. The standard knows one value; every other is no
    signal."""
    return request.headers.get("Sec-GPC") == "1"


def record(request: HttpRequest, customer: Customer, now: datetime.datetime) -> None:
    """Note the signal of a proven customer as their objection. Call it in a POST of theirs; `now`
    is aware.

    One act with one reference: no sharing with third parties on any channel, no online advertising
    by us. Once for each customer: the browser repeats itself on every page, and must not speak
    louder than a consent that they gave since.
    """
    if not signalled(request):
        return
    with transaction.atomic():
        locked = (
            Customer.objects.living().select_for_update(no_key=True).filter(pk=customer.pk).first()
        )
        if (
            locked is None
            or ChoiceEvent.objects.filter(customer=locked, source=ChoiceSource.GPC).exists()
        ):
            return
        reference = new_reference()
        for channels, sender in ((list(CHANNELS), THIRD_PARTIES), ([ONLINE.code], US)):
            actions.object_to(
                channels=channels,
                senders=[sender],
                customer=locked,
                source=ChoiceSource.GPC,
                by=f"customer:{locked.pk}",
                now=now,
                reference=reference,
                page="sec-gpc",
            )
