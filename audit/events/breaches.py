"""Breaches of personal data, as the trail tells of them."""

import datetime
import uuid
from collections.abc import Sequence

from audit.trail import append


def breach_recorded(
    *, by: str, breach: int, aware_at: datetime.datetime, due_at: datetime.datetime
) -> None:
    """A breach was written into the register; the regulator is to be told by `due_at`."""
    append("breach_recorded", by=by, breach=breach, aware_at=aware_at, due_at=due_at)


def breach_changed(
    *, by: str, breach: int, change: str, fields: Sequence[str] = (), **codes: str | int
) -> None:
    """Something about a breach was written down, judged, told or closed: the names of its fields,
    with codes and counts."""
    append(
        "breach_changed",
        by=by,
        subject=None,
        breach=breach,
        change=change,
        fields=list(fields),
        **codes,
    )


def breach_person_told(*, by: str, subject: uuid.UUID, breach: int, means: str) -> None:
    """A person was told of a breach that concerns their data."""
    append("breach_person_told", by=by, subject=subject, breach=breach, means=means)
