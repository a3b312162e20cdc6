"""Entering a draw. Whether an entry is the person's first never shows: not on the page, not in the
email."""

import datetime
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from audit import events
from audit.actions import Refused
from customers import matching, normalise
from customers.draws.models import DrawEvidence, PrizeDraw, PrizeEntry, entrant_key
from customers.draws.states import london_day, why_closed
from customers.matching import Given
from customers.models import Customer
from customers.outbox import messages
from customers.outbox.models import PRIZE_ENTERED
from privacy import seal


@dataclass(frozen=True)
class Entrant:
    """What somebody gave: already clean. `address` is lines, the last one the postcode."""

    name: str
    address: str
    email: str
    customer_number: str = ""
    no_publicity: bool = False


@transaction.atomic
def enter(
    draw: PrizeDraw, entrant: Entrant, *, ticket: uuid.UUID, by: str, now: datetime.datetime
) -> uuid.UUID:
    """Enter somebody once, and write to the address given. Returns the ticket number to show.

    `now` is the moment at which the entry was received: it decides whether that was in time.
    `ticket` came with the form, so that a second click is the same entry. Refused when the draw is
    not open. A second entry of the same person is not kept, and gets the same answer. Nothing is
    written to the record of marketing choices: entering is no consent.
    """
    draw = PrizeDraw.objects.select_for_update(no_key=True).get(
        pk=draw.pk
    )  # entries go in one by one
    reason = why_closed(draw, now)
    if reason or draw.published_at is None:
        raise Refused(reason or "This draw cannot be entered.")
    if DrawEvidence.objects.filter(
        draw=draw
    ).exists():  # received in time, but the winners were drawn meanwhile
        raise Refused("This draw has been made already, so your entry came too late.")
    customer = matching.match(Given(entrant.name, entrant.customer_number))
    ticket = _free(ticket, draw, entrant)
    if not _same_person(draw, entrant, customer).exists():
        entry = PrizeEntry.objects.create(
            draw=draw,
            customer=customer,
            ticket=ticket,
            name=entrant.name,
            address=entrant.address,
            email=entrant.email,
            customer_number=entrant.customer_number or None,
            no_publicity=entrant.no_publicity,
            received_at=now,
            entered_on=london_day(now),
        )
        events.draw_entered(by=by, subject=entry.customer_id, draw=draw.pk, entry=entry.pk)
    _confirm(draw, entrant, ticket, by=by, now=now)
    return ticket


def _same_person(
    draw: PrizeDraw, entrant: Entrant, customer: Customer | None
) -> QuerySet[PrizeEntry]:
    """The entries of a draw that are this person's: by email, by customer, by name and address."""
    same = Q(
        email_lookup__in=seal.lookup_hashes(
            "contact_point", f"email:{normalise.email(entrant.email)}"
        )
    )
    key = entrant_key(entrant.name, entrant.address)
    if key:
        same |= Q(person_lookup__in=seal.lookup_hashes("prize_entrant", key))
    if customer:
        same |= Q(customer=customer)
    return PrizeEntry.objects.filter(same, draw=draw)


def _free(ticket: uuid.UUID, draw: PrizeDraw, entrant: Entrant) -> uuid.UUID:
    """The form's ticket, unless somebody else has it: a form gone back to, and filled in for the
    next person."""
    taken = PrizeEntry.objects.filter(ticket=ticket).first()
    if taken is None or (
        taken.draw_id == draw.pk and taken.email_key() == f"email:{normalise.email(entrant.email)}"
    ):
        return ticket
    return uuid.uuid4()


def _confirm(
    draw: PrizeDraw, entrant: Entrant, ticket: uuid.UUID, *, by: str, now: datetime.datetime
) -> None:
    """One email to each address for each draw, whether or not it made an entry: it tells nobody who
    entered before.

    Nothing that was typed stands in it, so that the form cannot be used to write to others.
    """
    digest = seal.lookup_hash("prize_confirmation", f"{draw.pk}:{normalise.email(entrant.email)}")
    messages.queue(
        kind=PRIZE_ENTERED,
        key=f"{PRIZE_ENTERED}:{draw.pk}:{digest.hex}",
        recipient=entrant.email,
        by=by,
        now=now,
        **messages.render(PRIZE_ENTERED, {"draw": draw, "ticket": ticket}),
    )
