"""Holds and the purge, as the trail tells of them."""

import datetime
import uuid
from collections.abc import Mapping, Sequence

from audit.trail import append


def hold_placed(*, by: str, subject: uuid.UUID, hold: uuid.UUID, review_on: datetime.date) -> None:
    """A legal hold was placed: nothing about the person is due until it is released.

    Its kind is not said: whoever reads the trail may not know of a fraud investigation.
    """
    append("hold_placed", by=by, subject=subject, hold=hold, review_on=review_on)


def hold_reviewed(
    *, by: str, subject: uuid.UUID, hold: uuid.UUID, review_on: datetime.date
) -> None:
    """A legal hold is still needed; somebody looks at it again on another day."""
    append("hold_reviewed", by=by, subject=subject, hold=hold, review_on=review_on)


def hold_released(*, by: str, subject: uuid.UUID, hold: uuid.UUID) -> None:
    """A legal hold was released."""
    append("hold_released", by=by, subject=subject, hold=hold)


def purge_started(*, by: str, run: int, as_of: datetime.date, category: str) -> None:
    """A purge began; an empty `category` means every one."""
    append("purge_started", by=by, run=run, as_of=as_of, category=category)


def purge_finished(
    *, by: str, run: int, outcome: str, erased: int, rules: Sequence[Mapping[str, object]]
) -> None:
    """A purge ended, with its figures per rule."""
    append("purge_finished", by=by, run=run, outcome=outcome, erased=erased, rules=list(rules))
