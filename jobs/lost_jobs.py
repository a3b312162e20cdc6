"""What looks for work whose job was lost: `send_messages` runs it all. A room above adds its own as
it starts."""

from datetime import datetime
from typing import Protocol


class Retry(Protocol):
    def __call__(self, *, now: datetime) -> int: ...


_retries: list[Retry] = []


def register(retry: Retry) -> None:
    """Have `retry(now=...)` run with the others; adding the same one again changes nothing."""
    if retry not in _retries:
        _retries.append(retry)


def registered() -> list[Retry]:
    """Every one, in the order in which the rooms start."""
    return list(_retries)
