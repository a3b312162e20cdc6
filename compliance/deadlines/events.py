"""What happened to a request, and how a file of cases writes it: `id_requested 2026-02-10;paused
2026-03-02..2026-03-09`."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

IDENTITY, AUTHORITY, FEE = "identity", "authority", "fee"
ASKED = {"id_requested": IDENTITY, "authority_requested": AUTHORITY, "fee_requested": FEE}
ANSWERED = {"id_received": IDENTITY, "authority_received": AUTHORITY, "fee_paid": FEE}
# a question that was not needed after all, or that what we had already answered
NOT_NEEDED = {
    "id_not_needed": IDENTITY,
    "authority_not_needed": AUTHORITY,
    "fee_not_needed": FEE,
}
PAUSED, EXTENDED, NEGOTIATIONS_ENDED, ACKNOWLEDGED = (
    "paused",
    "extended",
    "negotiations_ended",
    "acknowledged",
)
NAMES = (*ASKED, *ANSWERED, *NOT_NEEDED, PAUSED, EXTENDED, NEGOTIATIONS_ENDED, ACKNOWLEDGED)
OURS = (
    *ASKED,
    *NOT_NEEDED,
    PAUSED,
    EXTENDED,
    ACKNOWLEDGED,
)  # what we do because of a request: it cannot come before the request
MOST = 200
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Event:
    """One event on a local day (Europe/London). `until` is the last day of a pause, or None while
    it lasts.

    `paused`: clarification was asked on `day` and came on `until`. `extended`: the notice went out
    on `day`.
    """

    name: str
    day: datetime.date
    until: datetime.date | None = None

    def __str__(self) -> str:
        """As a file of cases writes it."""
        return f"{self.name} {self.day}" + (f"..{self.until or ''}" if self.name == PAUSED else "")


def parse_date(text: str, what: str) -> datetime.date:
    """A day written as 2026-03-31. ValueError says what was expected; `what` names the value."""
    if DATE.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{what}: there is no day {text}") from None
    raise ValueError(f"{what}: {clipped(text)} is not a date such as 2026-03-31")


def parse_events(text: str) -> tuple[Event, ...]:
    """The events of a cell, in its order. ValueError names the one that cannot be read."""
    return tuple(_parse(part.strip()) for part in text.split(";") if part.strip())


def _parse(text: str) -> Event:
    name, _, rest = text.partition(" ")
    rest = rest.strip()
    if name not in NAMES:
        raise ValueError(f"there is no event {clipped(name)}; the events are {', '.join(NAMES)}")
    if name != PAUSED:
        return Event(name, parse_date(rest, name))
    begin, dots, end = (part.strip() for part in rest.partition(".."))
    if not dots:
        raise ValueError(
            f"{PAUSED}: write FROM..TO, or FROM.. while the answer is awaited, not {clipped(rest)}"
        )
    return Event(PAUSED, parse_date(begin, PAUSED), parse_date(end, PAUSED) if end else None)


def check(events: Sequence[Event], received: datetime.date) -> None:
    """Refuse events that cannot all be true, naming the one that cannot. ValueError."""
    if len(events) > MOST:
        raise ValueError(f"{len(events):,} events are more than one case can have ({MOST})")
    for event in events:
        if event.name not in NAMES:
            raise ValueError(
                f"there is no event {clipped(event.name)}; the events are {', '.join(NAMES)}"
            )
        if event.until is not None and event.name != PAUSED:
            raise ValueError(f"{event}: only a pause has a last day")
        if event.until is not None and event.until < event.day:
            raise ValueError(f"{event}: the pause ends before it begins")
        if event.name in OURS and event.day < received:
            raise ValueError(f"{event}: that is before the request was received on {received}")
    ended = {event.day for event in events if event.name == NEGOTIATIONS_ENDED}
    if len(ended) > 1:
        raise ValueError(
            f"{NEGOTIATIONS_ENDED} is given with different days: "
            f"{', '.join(map(str, sorted(ended)))}"
        )


def clipped(text: str) -> str:
    """A value as a message may repeat it: quoted, and cut when it is long."""
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
