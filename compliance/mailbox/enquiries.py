"""Emails that the rooms above take in as a case at once: about somebody who has died, so that a kind
answer and the stop do not wait for anybody. A room says so as it starts (`register`)."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from customers.models import Customer


@dataclass(frozen=True, kw_only=True)
class Enquiry:
    """What an email says, for whoever takes it in. The same `token` again is the same email."""

    token: uuid.UUID
    received_at: datetime.datetime
    sender_name: str
    sender: str  # the address to answer to
    subject: str
    words: str  # the writer's own, without signature and quotes
    files: tuple[str, ...]  # the names of what is attached
    number: str  # what it calls a customer number; empty when it gives none
    customer: Customer | None  # whose number stands in it, with a name of theirs

    def __repr__(self) -> str:
        return "Enquiry(...)"


# Makes it a case and answers it; its reference, empty when it is left to somebody at the desk.
Taker = Callable[[Enquiry, str, datetime.datetime], str]
_takers: dict[str, Taker] = {}


def register(kind: str, taker: Taker) -> None:
    """Let a room take in the emails that seem to be about something (a code of
    `request_words.REQUESTS`)."""
    _takers[kind] = taker


def taker_of(kind: str) -> Taker | None:
    """Who takes in the emails of a kind."""
    return _takers.get(kind)
