"""Staff, as the trail tells of them."""

import uuid
from collections.abc import Sequence

from audit.trail import append


def staff_changed(*, by: str, staff: int, change: str, fields: Sequence[str]) -> None:
    """A staff account was added or changed."""
    append("staff_changed", by=by, staff=staff, change=change, fields=list(fields))


def staff_signed_in(*, by: str) -> None:
    """A member of staff gave the right password."""
    append("staff_signed_in", by=by)


def staff_sign_in_refused(*, by: str, staff: int | None, waits: bool) -> None:
    """A wrong password for a staff account, or (None) for a staff ID that does not exist, which is
    not kept.

    `waits` says that this was one too many: further attempts for that staff ID are not looked at
    for a while.
    """
    append("staff_sign_in_refused", by=by, staff=staff, waits=waits)


def approval_changed(
    *, by: str, subject: uuid.UUID | None, approval: uuid.UUID, change: str
) -> None:
    """An act that takes two people was asked for, approved, refused or ended.

    Which act it is is not said: whoever reads the trail may not know of it.
    """
    append("approval_changed", by=by, subject=subject, approval=approval, change=change)
