"""What looks for work whose job was lost: `send_messages` runs it all. A room above adds its own as it starts."""

from datetime import datetime
from typing import Protocol


class Sweep(Protocol):
    def __call__(self, *, now: datetime) -> int: ...


_sweeps: list[Sweep] = []


def register(sweep: Sweep) -> None:
    """Have `sweep(now=...)` run with the others; adding the same one again changes nothing."""
    if sweep not in _sweeps:
        _sweeps.append(sweep)


def everything() -> list[Sweep]:
    """Every sweep, in the order in which the rooms start."""
    return list(_sweeps)
