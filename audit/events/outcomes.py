"""What each right brings about, as the trail tells of them."""

import uuid
from collections.abc import Mapping, Sequence

from audit.trail import append


def restriction_began(
    *, by: str, subject: uuid.UUID, restriction: int, case: int, ground: str
) -> None:
    """The use of a person's data was restricted; `ground` is a code."""
    append(
        "restriction_began",
        by=by,
        subject=subject,
        restriction=restriction,
        case=case,
        ground=ground,
    )


def restriction_changed(*, by: str, subject: uuid.UUID, restriction: int, change: str) -> None:
    """A restriction was confirmed for the agencies, announced to end, joined to another, or
    lifted."""
    append("restriction_changed", by=by, subject=subject, restriction=restriction, change=change)


def processing_stopped(*, by: str, subject: uuid.UUID, stop: int, purpose: str) -> None:
    """A use stopped for a person, because their objection was upheld."""
    append("processing_stopped", by=by, subject=subject, stop=stop, purpose=purpose)


def processing_resumed(*, by: str, subject: uuid.UUID, stop: int, purpose: str) -> None:
    """A person allowed a use again that had stopped for them."""
    append("processing_resumed", by=by, subject=subject, stop=stop, purpose=purpose)


def record_corrected(*, by: str, subject: uuid.UUID, fields: Sequence[str]) -> None:
    """A customer's record was corrected; names of fields, never their values."""
    append("record_corrected", by=by, subject=subject, fields=list(fields))


def erased_on_request(
    *, by: str, subject: uuid.UUID, run: int, erased: Mapping[str, int], person: bool
) -> None:
    """A person's data was erased because they asked: rows per model, and whether the person's own
    row went too."""
    append("erased_on_request", by=by, subject=subject, run=run, erased=dict(erased), person=person)


def copy_made(*, by: str, subject: uuid.UUID, copy: int, records: int, digest: str) -> None:
    """A file with a person's data was made; `digest` is the SHA-256 of its bytes."""
    append("copy_made", by=by, subject=subject, copy=copy, records=records, digest=digest)


def copy_fetched(*, by: str, subject: uuid.UUID | None, copy: int, times: int) -> None:
    """A file with a person's data was handed out, for the n-th time."""
    append("copy_fetched", by=by, subject=subject, copy=copy, times=times)
