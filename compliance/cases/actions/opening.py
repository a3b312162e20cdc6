"""Opening a case, by whatever road a request came."""

import datetime
import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from audit import events as audit
from audit.actions import Refused
from compliance.cases.actions import clock, to_do
from compliance.cases.kinds import Arrival, EventKind, Requester
from compliance.cases.models import Case, CaseEvent
from compliance.cases.models.case import CODES
from compliance.cases.rights import right_of
from compliance.deadlines import bank_holidays, rule_for
from compliance.preferences.references import ALPHABET
from customers.dealings import heard_from
from customers.matching import Given, match
from customers.models import Customer
from privacy.free_text import mask_cards


def new_reference() -> str:
    """A reference that nobody can guess and everybody can read out: `R-7K3F-9QXD-2RTB` (58
    bits)."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return f"R-{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def _kept(details: Mapping[str, Any], codes: Mapping[str, Sequence[str]]) -> str | None:
    chosen = [f"{sort}:{code}" for sort, found in codes.items() for code in dict.fromkeys(found)]
    kept = {**details, **({CODES: chosen} if chosen else {})}
    return json.dumps(kept) if kept else None


@transaction.atomic
def open_case(
    *,
    kind: str,
    channel: Arrival | str,
    given: Given,
    token: uuid.UUID,
    by: str,
    now: datetime.datetime,
    received_at: datetime.datetime | None = None,
    words: str = "",
    details: Mapping[str, Any] | None = None,
    codes: Mapping[str, Sequence[str]] | None = None,
    requester: Requester | str = Requester.CUSTOMER,
    requester_name: str = "",
    customer: Customer | None = None,
    identified: bool = False,
    match_later: bool = False,
) -> Case:
    """Open a case and start its clock. The same `token` again returns the case that it opened (a
    double click).

    `received_at` is given by staff alone; a form of the public is received now. `customer` is known
    when the visitor proved who they are or staff logged it from the customer's page, else it is
    matched by what was given (`match_customer`). With `match_later` a job looks for them, so that
    the answer takes equally long for everybody. `codes` are choices that an effect reads (see
    `Case.codes`). `identified` says that no doubt is left who asks.
    Refused for a day to come, and for a kind that did not exist on that day.
    """
    received_at = received_at or now
    if received_at > now:
        raise Refused("The request cannot have been received on a day that has not come yet.")
    received_on = timezone.localdate(received_at)
    try:
        rule = rule_for(str(kind), received_on)
    except ValueError as error:
        raise Refused(str(error)) from None
    wait_for(token)
    known = Case.objects.filter(token=token).first()
    if known is not None:
        return known
    if customer is None and not match_later:
        customer = match_customer(given, requester)
    if customer is not None:
        heard_from(customer.pk, on=received_on, by=by)
    case = Case.objects.create(
        reference=new_reference(),
        token=token,
        kind=kind,
        channel=channel,
        requester=requester,
        received_at=received_at,
        received_on=received_on,
        customer=customer,
        jurisdiction=(customer and customer.jurisdiction) or settings.CONTROLLER_JURISDICTION,
        name=given.name or None,
        requester_name=requester_name or None,
        customer_number=given.customer_number or None,
        email=given.email or None,
        phone=given.phone or None,
        address=given.address or None,
        words=mask_cards(words) or None,
        details=_kept(details or {}, codes or {}),
        rule_version=rule.version,
        identified_at=now if identified else None,
        identified_by=by if identified else "",
    )
    CaseEvent.objects.create(
        case=case,
        kind=EventKind.RECEIVED,
        at=now,
        on=received_on,
        by=by,
        codes={"channel": str(channel)},
    )
    if identified:
        CaseEvent.objects.create(
            case=case, kind=EventKind.IDENTIFIED, at=now, on=timezone.localdate(now), by=by
        )
    ended = (details or {}).get("negotiations_ended_on")
    if right_of(kind).asks_when_negotiations_ended and ended:
        CaseEvent.objects.create(
            case=case,
            kind=EventKind.NEGOTIATIONS_ENDED,
            at=now,
            on=datetime.date.fromisoformat(str(ended)),
            by=by,
        )
    audit.case_opened(
        by=by,
        subject=customer.pk if customer else None,
        case=case.pk,
        kind=str(kind),
        channel=str(channel),
        received_on=received_on,
    )
    holidays = bank_holidays.current()
    clock.apply(case, by=by, now=now, on=received_on, why="received", holidays=holidays)
    to_do.begin(case, by=by, now=now, holidays=holidays)
    return case


def wait_for(token: uuid.UUID) -> None:
    """Let two clicks at once wait for each other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"case:{token}"])


def match_customer(given: Given, requester: Requester | str) -> Customer | None:
    """The customer whom a request is about. Of somebody who asks for somebody else, the addresses
    are their own: then only a customer number with the name tells whom they ask for."""
    if requester != Requester.CUSTOMER:
        given = Given(name=given.name, customer_number=given.customer_number)
    return match(given)
