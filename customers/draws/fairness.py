"""How a draw is made, and how anybody can check it. Pure functions; nothing here knows whose ticket
is whose.

When a draw comes on record 32 random bytes are made for it, its *seed*, and sealed. Their SHA-256,
the *commitment*, is public from the day on which the draw is published, so the seed cannot be
chosen afterwards. Each entry has a random
*ticket number* (a version 4 UUID). After closing the tickets stand in the order of
HMAC-SHA-256(seed, ticket number): the first ones win, the next ones are the reserves. Then the seed
and the ticket numbers are made public.
"""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

# Changes with any change of the commitment, the digest or the order below; evidence keeps the one
# that made it. The number of reserves is no part of it: evidence keeps that number too.
ALGORITHM = "hmac-sha256-1"
SEED_BYTES = 32
FEWEST_RESERVES = 3  # may change: a draw is checked against the number of its own time
FEWEST_RESERVES_AT_FIRST = 3  # never changes: for draws published before files gave the number


def new_seed() -> str:
    """A fresh seed, as 64 hexadecimal digits."""
    return secrets.token_hex(SEED_BYTES)


def commitment(seed: str) -> str:
    """What is published before the draw: the SHA-256 of the seed's bytes, in hexadecimal.
    ValueError: not a seed."""
    secret = bytes.fromhex(seed)
    if len(secret) != SEED_BYTES:
        raise ValueError("a seed has 32 bytes")
    return hashlib.sha256(secret).hexdigest()


def list_digest(tickets: Iterable[uuid.UUID]) -> str:
    """The SHA-256 of a list of tickets: each as text in lower case with a line feed after it,
    sorted."""
    digest = hashlib.sha256()
    for ticket in sorted(tickets):
        digest.update(f"{ticket}\n".encode())
    return digest.hexdigest()


def ranking(seed: str, tickets: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """The tickets in the order in which they win, whatever the order in which they are given."""
    key = bytes.fromhex(seed)
    return sorted(
        tickets, key=lambda ticket: (hmac.digest(key, str(ticket).encode(), "sha256"), ticket)
    )


def reserves_for(winners: int) -> int:
    """How many reserves are drawn beside so many winners: as many again, three at least."""
    return max(winners, FEWEST_RESERVES)


def _reserves_then(published: Mapping[str, Any], winners: int) -> int:
    """How many reserves a published draw had to have: all entries that did not win, at most the
    number of its time."""
    number = published.get("reserve_count", max(winners, FEWEST_RESERVES_AT_FIRST))
    return max(0, min(int(number), int(published["entries"]) - winners))


def faults(published: Mapping[str, Any]) -> list[str]:
    """What is wrong with a published draw (the mapping that `published.as_json` makes), in
    sentences; none: it is right.

    Without its `tickets` only the commitment and the order of winners and reserves among themselves
    can be checked.
    """
    try:
        if published["algorithm"] != ALGORITHM:
            return [
                f"It was made by the method {published['algorithm']!r}; this checks {ALGORITHM!r}."
            ]
        winners, reserves = _uuids(published["winners"]), _uuids(published["reserves"])
        tickets = None if published.get("tickets") is None else _uuids(published["tickets"])
        found = (
            []
            if commitment(published["seed"]) == published["commitment"]
            else [
                "The seed is not the one that was fixed in advance: its SHA-256 is not the "
                "commitment."
            ]
        )
        drawn = [*winners, *reserves]
        if ranking(published["seed"], drawn) != drawn or len(set(drawn)) != len(drawn):
            found.append("The winners and reserves do not stand in the order that the seed gives.")
        if len(reserves) != _reserves_then(published, len(winners)):
            found.append("The number of reserves is not the one that was fixed for the draw.")
        return (
            found
            if tickets is None
            else found + _list_faults(published, tickets, winners, reserves)
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [f"It is not a published draw ({type(error).__name__})."]


def _list_faults(
    published: Mapping[str, Any],
    tickets: Collection[uuid.UUID],
    winners: list[uuid.UUID],
    reserves: list[uuid.UUID],
) -> list[str]:
    found = []
    if len(set(tickets)) != len(tickets) or len(tickets) != published["entries"]:
        found.append(
            f"The list has {len(set(tickets)):,} tickets, and {published['entries']:,} entries "
            "were drawn from."
        )
    if list_digest(tickets) != published["entries_digest"]:
        found.append("The list of tickets is not the one that was drawn from: its digest differs.")
    order = ranking(published["seed"], tickets)
    if order[: len(winners)] != winners or not winners:
        found.append("The winners are not the ones that the seed and the tickets give.")
    if order[len(winners) : len(winners) + len(reserves)] != reserves:
        found.append("The reserves are not the ones that the seed and the tickets give.")
    return found


def _uuids(texts: Iterable[Any]) -> list[uuid.UUID]:
    return [uuid.UUID(str(text)) for text in texts]
