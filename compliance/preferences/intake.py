"""Taking in a request to stop marketing, however it came: form, mailbox or desk.

Every contact point that can be read is suppressed in the transaction that stores the request,
whoever it belongs to. One that cannot be read stops nothing else: the words are kept, and the
request stays open for the desk.
"""

import datetime
import uuid
from collections.abc import Collection, Iterator

from django.db import transaction

from audit.actions import Refused
from compliance.preferences import confirmation, contact_digests
from compliance.preferences.actions import object_to
from compliance.preferences.channels import using
from compliance.preferences.contact_digests import Contact
from compliance.preferences.models import MarketingRequest
from compliance.preferences.references import new_reference
from compliance.preferences.vocabulary import ChoiceSource
from customers import matching
from customers.lenient_fields import LONGEST_WORDS, clean
from customers.matching import Given
from customers.models import Customer
from jobs.enqueue import enqueue
from privacy.free_text import mask_cards

SURNAMES = (
    4  # how many words a surname may have: “Ada van der Berg” may be filed under any of its endings
)
AT_ONCE = 1_000
JOB_TIME = datetime.timedelta(minutes=2)  # how long the job is left to do it first
State = MarketingRequest.State


@transaction.atomic
def take(
    *,
    source: ChoiceSource | str,
    given: Given,
    channels: Collection[str],
    senders: Collection[str],
    token: uuid.UUID,
    by: str,
    now: datetime.datetime,
    words: str = "",
    received_at: datetime.datetime | None = None,
    page: str = "",
    match_later: bool = False,
) -> MarketingRequest:
    """Store a request and make it work at once; its `reference` is that of the ledger too.

    `given` is what was said, as typed; `words` what was written beside it. The same `token` is the
    same request, also when two arrive together. `received_at` is when it reached us (`now` unless
    given): it counts from then. The request is done when it was matched to a customer, and
    otherwise open for the desk. With `match_later` a job looks for the customer, so that the answer
    takes equally long for everybody. Refused when no channel or no sender is named.
    """
    if not channels or not senders:
        raise Refused("Say which marketing should stop, and for whom.")
    given, received_at = cleaned(given), min(received_at or now, now)
    request, new = MarketingRequest.objects.get_or_create(
        token=token,
        defaults={
            "reference": new_reference(),
            "source": source,
            "received_at": received_at,
            "channels": list(dict.fromkeys(channels)),
            "senders": list(dict.fromkeys(senders)),
            "name": given.name or None,
            "state": State.OPEN,
            "customer_number": given.customer_number or None,
            "email": given.email or None,
            "phone": given.phone or None,
            "address": given.address or None,
            "words": mask_cards(clean(words, LONGEST_WORDS)) or None,
        },
    )
    if not new:
        return request
    customer = None if match_later else matching.match(given)
    contacts = [one for one in readable_contacts(given) if using(one.kind, request.channels)]
    if (
        not (customer and _stop(request, customer, contacts, by=by, now=now, page=page))
        and contacts
    ):
        object_to(
            channels=request.channels,
            senders=request.senders,
            source=source,
            by=by,
            now=now,
            at=received_at,
            given=contacts,
            reference=request.reference,
            page=page,
        )
    if match_later:
        enqueue("compliance.preferences.tasks.match_request", request_id=request.pk)
    return request


@transaction.atomic
def match(request_id: int, *, by: str, now: datetime.datetime) -> bool:
    """Look for the customer of a request that is open still; whether one was found. Safe to
    repeat."""
    request = MarketingRequest.objects.open().select_for_update().filter(pk=request_id).first()
    if request is None:
        return False
    customer = matching.match(given_of(request))
    return bool(customer and _stop(request, customer, (), by=by, now=now))


def retry_lost_jobs(*, by: str, now: datetime.datetime) -> int:
    """Match every form whose job was lost, or whose customer we know only since; how many were
    matched.

    It looks at the newest `AT_ONCE` that are open, so that a flood of strangers does not make it
    slow. Emails and what was written down on the desk are matched as they come in, and what is open
    of those is for a person.
    """
    waiting = MarketingRequest.objects.open().filter(
        source=ChoiceSource.WEB_FORM, received_at__lte=now - JOB_TIME
    )
    found = list(waiting.order_by("-received_at").values_list("pk", flat=True)[:AT_ONCE])
    return sum(match(pk, by=by, now=now) for pk in found)


def _stop(
    request: MarketingRequest,
    customer: Customer,
    contacts: Collection[Contact],
    *,
    by: str,
    now: datetime.datetime,
    page: str = "",
) -> bool:
    """Stop what was asked for, for the customer whom a request is from; False when they were erased
    meanwhile."""
    try:
        object_to(
            channels=request.channels,
            senders=request.senders,
            source=request.source,
            by=by,
            now=now,
            at=request.received_at,
            customer=customer,
            given=list(contacts),
            reference=request.reference,
            page=page,
        )
    except Refused:
        return False
    request.customer, request.state, request.handled_at, request.handled_by = (
        customer,
        State.DONE,
        now,
        by,
    )
    request.save(update_fields=["customer", "state", "handled_at", "handled_by"])
    confirmation.assign_to_customer(request, customer)
    return True


def given_of(request: MarketingRequest) -> Given:
    """What a stored request said of its sender."""
    return Given(
        **{
            name: getattr(request, name) or ""
            for name in ("name", "customer_number", "email", "phone", "address")
        }
    )


def cleaned(given: Given) -> Given:
    """What was given, without what no text has, and no longer than we keep."""
    return Given(
        **{
            name: mask_cards(text) if name in ("name", "address") else text
            for name, text in ((name, clean(value)) for name, value in vars(given).items())
        }
    )


def readable_contacts(given: Given) -> Iterator[Contact]:
    """The contact points in what was given; nothing for what is not of its kind.

    A postal address counts together with the surname, and nobody knows where in a name that begins:
    every ending counts.
    """
    for make, value in ((contact_digests.email, given.email), (contact_digests.phone, given.phone)):
        if value.strip():
            try:
                yield make(value)
            except ValueError:
                continue
    surnames = matching.surname_spellings(given.name).values() if given.address.strip() else ()
    for surname in list(surnames)[-SURNAMES:]:
        try:
            yield contact_digests.address(surname, given.address)
        except ValueError:
            return
