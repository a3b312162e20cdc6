"""What happens to a draw itself: published, taken back, drawn, a prize passed on to a reserve."""

import datetime
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.formats import date_format

from audit import events
from audit.actions import AlreadyDone, Refused
from customers import erasure_lock
from customers.draws import fairness
from customers.draws.models import DrawEvidence, PrizeDraw, PrizeEntry, PrizePass
from customers.draws.states import london_day
from customers.outbox import messages
from customers.outbox.models import PRIZE_WON


class NoEntries(Refused):
    """The draw closed and nobody is in it."""


@dataclass(frozen=True)
class DrawPreview:
    """What a draw would be made from; never who would win, or the draw could be repeated until it
    pleases."""

    tickets: list[uuid.UUID]
    entries_digest: str
    winners: int


def with_seed(draw: PrizeDraw) -> PrizeDraw:
    """A draw that is not saved yet, with a fresh seed and its commitment."""
    draw.seed = fairness.new_seed()
    draw.commitment = fairness.commitment(draw.seed)
    return draw


@transaction.atomic
def publish(draw: PrizeDraw, *, by: str, now: datetime.datetime) -> PrizeDraw:
    """Show a draw to the public, its commitment too. From now on nothing about it changes."""
    draw = _locked(draw)
    if draw.published_at:
        raise AlreadyDone("This draw is published already.")
    if draw.missing:
        raise Refused(f"Write these first: {', '.join(draw.missing)}.")
    if london_day(now) > draw.closes_on:
        raise Refused("The closing day of this draw is over: nobody could enter it any more.")
    draw.published_at = now
    draw.save(update_fields=["published_at"])
    events.draw_changed(by=by, draw=draw.pk, change="published", fields=[])
    return draw


@transaction.atomic
def take_back(draw: PrizeDraw, *, by: str, now: datetime.datetime) -> PrizeDraw:
    """Take a published draw off the site to correct it. Refused from its opening day on, or once it
    has an entry."""
    draw = _locked(draw)
    if draw.published_at is None:
        raise AlreadyDone("This draw is not published.")
    if london_day(now) >= draw.opens_on or draw.entries.exists():
        raise Refused("This draw has opened: its terms and dates stand.")
    draw.published_at = None
    draw.save(update_fields=["published_at"])
    events.draw_changed(by=by, draw=draw.pk, change="taken_back", fields=[])
    return draw


@transaction.atomic
def run(
    draw: PrizeDraw, *, winners: int | None = None, by: str, now: datetime.datetime
) -> DrawEvidence:
    """Draw the winners, keep the evidence and write to them. A draw that was made already is
    returned as it stands.

    `winners` may differ from the draw's own number only while its terms were not published.
    NoEntries when there is nobody to draw from; Refused before the end of the closing day and for
    entries that were awarded elsewhere.
    """
    erasure_lock.exclusive()  # an award gives its entry another two years
    draw = _locked(
        draw
    )  # waits for entries under way, and for a colleague who draws at the same moment
    made = DrawEvidence.objects.filter(draw=draw).first()
    if made:
        return made
    drawn_from = preview(draw, winners=winners, now=now)
    # The trail is a chain: the list was fixed in it before the seed is told.
    events.draw_list_fixed(
        by=by, draw=draw.pk, entries=len(drawn_from.tickets), digest=drawn_from.entries_digest
    )
    evidence = _evidence(draw, drawn_from, by=by, now=now)
    draw.seed = None
    draw.save(update_fields=["seed"])
    draw.entries.filter(ticket__in=evidence.winners).update(awarded_on=london_day(now))
    events.draw_made(
        by=by,
        draw=draw.pk,
        commitment=evidence.commitment,
        digest=evidence.entries_digest,
        winners=len(evidence.winners),
    )
    for entry in draw.entries.filter(ticket__in=evidence.winners).select_related("customer"):
        _tell(entry, by=by, now=now)
    return evidence


def preview(draw: PrizeDraw, *, winners: int | None, now: datetime.datetime) -> DrawPreview:
    """Everything that `run` checks, and what it would draw from. Changes nothing."""
    if london_day(now) <= draw.closes_on:
        last = date_format(draw.closes_on, "j F Y")
        raise Refused(f"This draw can be entered until the end of {last}. Draw it after that.")
    if winners not in (None, draw.winner_count) and draw.published_at:
        raise Refused(f"The published terms say {draw.winner_count}: that many winners are drawn.")
    if winners is not None and winners < 1:
        raise Refused("At least one winner is drawn.")
    if draw.entries.filter(awarded_on__isnull=False).exists():
        raise Refused("Entries of this draw were awarded elsewhere, so it is not drawn here.")
    tickets = sorted(draw.entries.values_list("ticket", flat=True))
    if not tickets:
        raise NoEntries("Nobody is in this draw, so there is no winner.")
    if not draw.seed or fairness.commitment(draw.seed) != draw.commitment:
        raise Refused(
            "The seed is not the one that was fixed in advance: tell the data protection lead. "
            "Nothing was drawn."
        )
    return DrawPreview(
        tickets, fairness.list_digest(tickets), min(winners or draw.winner_count, len(tickets))
    )


def _evidence(
    draw: PrizeDraw, drawn_from: DrawPreview, *, by: str, now: datetime.datetime
) -> DrawEvidence:
    seed, winners = str(draw.seed), drawn_from.winners
    order, reserves = fairness.ranking(seed, drawn_from.tickets), fairness.reserves_for(winners)
    return DrawEvidence.objects.create(
        draw=draw,
        at=now,
        by=by,
        algorithm=fairness.ALGORITHM,
        commitment=draw.commitment,
        seed=seed,
        entries=len(order),
        entries_digest=drawn_from.entries_digest,
        tickets=drawn_from.tickets,
        winners=order[:winners],
        reserve_count=reserves,
        reserves=order[winners : winners + reserves],
    )


@transaction.atomic
def pass_on(draw: PrizeDraw, ticket: uuid.UUID, *, by: str, now: datetime.datetime) -> PrizePass:
    """Give the prize of a winner who does not answer to the next reserve, and write to them."""
    erasure_lock.exclusive()
    draw = _locked(draw)
    evidence = DrawEvidence.objects.filter(draw=draw).first()
    if evidence is None or ticket not in holders(evidence):
        if PrizePass.objects.filter(ticket=ticket).exists():
            raise AlreadyDone("That prize was passed on already.")
        raise Refused("That ticket holds no prize.")
    entry = next_reserve(evidence)
    if entry is None:
        raise Refused("No reserve is left.")
    passed = PrizePass.objects.create(
        evidence=evidence, ticket=ticket, reserve=entry.ticket, at=now, by=by
    )
    entry.awarded_on = london_day(now)
    entry.save(update_fields=["awarded_on"])
    events.prize_passed_on(by=by, draw=draw.pk, ticket=ticket, reserve=entry.ticket)
    _tell(entry, by=by, now=now)
    return passed


@transaction.atomic
def leave_unnamed(entry: PrizeEntry, *, by: str) -> PrizeEntry:
    """Note that an entrant objects to being named (CAP Code rule 8.28.5)."""
    entry = PrizeEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.no_publicity:
        raise AlreadyDone("That is on record already.")
    entry.no_publicity = True
    entry.save(update_fields=["no_publicity"])
    events.publicity_refused(by=by, subject=entry.customer_id, entry=entry.pk)
    return entry


@transaction.atomic
def name_winners(draw: PrizeDraw, *, asker: str, by: str) -> list[tuple[str, str]]:
    """The surname and the town of each whose prize it is, for somebody who asks who won, without
    those who object (CAP Code rule 8.28.5). That it was asked is recorded, with `asker`, a code.

    Refused while nothing was drawn here.
    """
    evidence = DrawEvidence.objects.filter(draw=draw).first()
    if evidence is None:
        raise Refused("This draw was not made here, so nobody has won yet.")
    tickets = holders(evidence)
    found = {entry.ticket: entry for entry in draw.entries.filter(ticket__in=tickets)}
    named = [found[one] for one in tickets if one in found and not found[one].no_publicity]
    events.winners_named(
        by=by, draw=draw.pk, asker=asker, named=len(named), left_out=len(tickets) - len(named)
    )
    return [(entry.surname, entry.town) for entry in named]


def holders(evidence: DrawEvidence) -> list[uuid.UUID]:
    """Whose the prizes are now, in the order in which they were drawn."""
    return [chain[-1] for chain in prizes(evidence)]


def prizes(evidence: DrawEvidence) -> list[list[uuid.UUID]]:
    """For each prize the tickets that it went to: the winner drawn, then each reserve to whom it
    was passed on."""
    passed = dict(evidence.passes.values_list("ticket", "reserve"))
    chains = [[ticket] for ticket in evidence.winners]
    for chain in chains:
        while chain[-1] in passed:
            chain.append(passed[chain[-1]])
    return chains


def next_reserve(evidence: DrawEvidence) -> PrizeEntry | None:
    """The first reserve who holds no prize and whose entry is still here."""
    used = set(evidence.passes.values_list("reserve", flat=True))
    waiting = [ticket for ticket in evidence.reserves if ticket not in used]
    entries = {
        entry.ticket: entry
        for entry in PrizeEntry.objects.filter(
            draw=evidence.draw_id, ticket__in=waiting
        ).select_related("draw", "customer")
    }
    return next((entries[ticket] for ticket in waiting if ticket in entries), None)


def _locked(draw: PrizeDraw) -> PrizeDraw:
    return PrizeDraw.objects.select_for_update().get(pk=draw.pk)


def _tell(entry: PrizeEntry, *, by: str, now: datetime.datetime) -> None:
    messages.queue(
        kind=PRIZE_WON,
        key=f"{PRIZE_WON}:{entry.ticket}",
        recipient=entry.email,
        customer=entry.customer,
        **messages.render(
            PRIZE_WON, {"draw": entry.draw, "ticket": entry.ticket, "name": entry.name}
        ),
        by=by,
        now=now,
    )
