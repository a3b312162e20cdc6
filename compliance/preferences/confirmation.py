"""Confirming a choice: what goes wrong there never undoes the choice, and the email goes when its
reader is erased."""

import datetime
import logging
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from compliance.preferences.models import MarketingRequest
from customers import normalise
from customers.models import Customer
from customers.outbox.models import Message
from privacy import seal

KIND = "opt_out_confirmed"
logger = logging.getLogger(__name__)


def message_key(address: str, *, now: datetime.datetime) -> str:
    """What names the confirmation to a normalised email address: one a day, whether it was a form
    or an email."""
    return f"{KIND}:{timezone.localdate(now)}:{seal.lookup_hash(KIND, address).hex}"


def assign_to_customer(request: MarketingRequest, customer: Customer) -> None:
    """Give the confirmations of a request that turned out to be a customer's to that customer, so
    that they share its end.

    They went to the address that was typed, before anybody knew whose it is.
    """
    try:
        address = normalise.email(request.email or "")
    except ValueError:
        return
    days = {
        timezone.localdate(request.received_at + datetime.timedelta(days=days)) for days in (0, 1)
    }
    Message.objects.filter(
        customer=None,
        key__in=[
            f"{KIND}:{day}:{digest.hex}"
            for day in days
            for digest in seal.lookup_hashes(KIND, address)
        ],
    ).update(customer=customer)


def without_failing(confirm: Callable[[], object]) -> None:
    """Call `confirm` so that its fault leaves the transaction around it whole; the fault is logged
    by its name alone."""
    try:
        with transaction.atomic():
            confirm()
    except Exception as fault:  # its text could hold what somebody typed
        logger.warning("A marketing choice was not confirmed by email: %s", type(fault).__name__)
