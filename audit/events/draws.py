"""Prize draws, as the trail tells of them."""

import uuid
from collections.abc import Sequence

from audit.trail import append


def draw_changed(*, by: str, draw: int, change: str, fields: Sequence[str]) -> None:
    """A prize draw was added or changed: its closing date is the clock of its entries."""
    append("draw_changed", by=by, draw=draw, change=change, fields=list(fields))


def draw_entered(*, by: str, subject: uuid.UUID | None, draw: int, entry: int) -> None:
    """Somebody entered a prize draw; with a subject when they are a known customer."""
    append("draw_entered", by=by, subject=subject, draw=draw, entry=entry)


def draw_list_fixed(*, by: str, draw: int, entries: int, digest: str) -> None:
    """The entries from which a draw is made were fixed, before its seed was told."""
    append("draw_list_fixed", by=by, draw=draw, entries=entries, digest=digest)


def draw_made(*, by: str, draw: int, commitment: str, digest: str, winners: int) -> None:
    """The winners of a prize draw were drawn."""
    append("draw_made", by=by, draw=draw, commitment=commitment, digest=digest, winners=winners)


def prize_passed_on(*, by: str, draw: int, ticket: uuid.UUID, reserve: uuid.UUID) -> None:
    """A winner did not answer, so the prize went to a reserve; both are random ticket numbers."""
    append("prize_passed_on", by=by, draw=draw, ticket=ticket, reserve=reserve)


def publicity_refused(*, by: str, subject: uuid.UUID | None, entry: int) -> None:
    """An entrant objected to being named as a winner."""
    append("publicity_refused", by=by, subject=subject, entry=entry)


def winners_named(*, by: str, draw: int, asker: str, named: int, left_out: int) -> None:
    """Somebody who asked was told the surnames and towns of winners: who asked, as a code, how many
    were named, and how many were left out because they object or their entry is gone."""
    append("winners_named", by=by, draw=draw, asker=asker, named=named, left_out=left_out)
