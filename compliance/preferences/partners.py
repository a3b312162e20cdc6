"""Passing a withdrawal on to the partners who received the data (UK GDPR Article 19)."""

import datetime
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Collection

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from compliance.disclosures import instructions
from compliance.disclosures.models import Disclosure, Instruction
from compliance.preferences.vocabulary import THIRD_PARTIES, US
from compliance.register.models import Recipient
from customers.models import Customer

What = Instruction.What


def note_withdrawal(
    customer: Customer,
    *,
    stops: Collection[tuple[str, str]],
    reference: str,
    by: str,
    now: datetime.datetime,
) -> None:
    """List every partner that must be told of an objection: those named who received this
    customer's data, each with all of its channels. `stops` are senders with a channel each; what
    the same act stopped before is not listed again."""
    stopped: dict[str, set[str]] = defaultdict(set)
    for sender, channel in stops:
        stopped[sender].add(channel)
    if not stopped.keys() - {US}:
        return
    fed = Disclosure.objects.feeds().filter(customer=customer)
    if THIRD_PARTIES not in stopped:
        fed = fed.filter(recipient__in=stopped)
    names = dict(fed.order_by("occurred_on", "pk").values_list("recipient", "recipient_name"))
    if not names:
        return
    before: dict[str, set[str]] = defaultdict(set)
    listed = customer.instructions.filter(what=What.NO_MARKETING, reference=reference)
    for recipient, parts in listed.values_list("recipient", "parts"):
        before[recipient] |= {*parts}
    alike: dict[tuple[bool, tuple[str, ...]], dict[str, str]] = defaultdict(dict)
    for code, name in names.items():
        new = (stopped[code] | stopped[THIRD_PARTIES]) - before[code]
        if new:
            alike[bool(before[code]), tuple(sorted(new))][code] = name
    for (again, channels), told_of_them in alike.items():
        act = " ".join((reference, *channels)) if again else reference
        instructions.instruct(
            customer,
            told_of_them,
            What.NO_MARKETING,
            origin=origin_of(act, customer.pk),
            reference=reference,
            about=None,  # a file with digests tells them
            parts=channels,
            by=by,
            now=now,
        )


def told(customer: Customer) -> dict[str, Instruction]:
    """How far it is with telling each partner that a customer wants no more marketing: the latest,
    by code."""
    rows = customer.instructions.filter(what=What.NO_MARKETING).order_by("asked_at")
    return {row.recipient: row for row in rows}


def origin_of(reference: str, customer: uuid.UUID) -> uuid.UUID:
    """The act of the ledger that an instruction follows from; the import says the same in SQL."""
    text = f"{reference} {customer}".encode()
    return uuid.UUID(hashlib.md5(text, usedforsecurity=False).hexdigest())


def name_of(sender: str, *, at: datetime.datetime) -> str:
    """What a sender is called on a page: the controller's name, or that of the recipient in the
    register on that day.

    Of one that the register no longer names on that day, the last name that it had.
    """
    return settings.CONTROLLER["name"] if sender == US else names([sender], at=at)[sender]


def names(codes: Collection[str], *, at: datetime.datetime) -> dict[str, str]:
    """The same for several recipients at once; a code that the register never named stands for
    itself."""
    day = timezone.localdate(at)

    def stands(row: Recipient) -> bool:
        began, ended = row.valid_from or day, row.valid_to or day
        return began <= day <= ended

    rows = Recipient.objects.filter(code__in=codes).order_by(F("valid_from").asc(nulls_first=True))
    known = {row.code: row.name for row in sorted(rows, key=stands)}  # the name of the day is last
    return {code: known.get(code) or code for code in codes}


def current_names(at: datetime.datetime) -> dict[str, str]:
    """The marketing partners that the register has on a day, their names by their codes, in the
    order of the names."""
    rows = Recipient.objects.on(timezone.localdate(at)).partners()
    return dict(rows.order_by("name").values_list("code", "name"))


def current_codes(at: datetime.datetime) -> list[str]:
    """The codes of the marketing partners that the register names on a day, by their names."""
    return list(current_names(at))
