"""What left the building, as the trail tells of them."""

import uuid
from collections.abc import Sequence

from audit.trail import append


def restricted_record_changed(*, by: str, subject: uuid.UUID, change: str, record: int) -> None:
    """A record that only few may know of was opened, decided, passed on, withdrawn or settled.

    Its kind is not said, for the same reason as that of a hold.
    """
    append("restricted_record_changed", by=by, subject=subject, change=change, record=record)


def disclosures_exported(*, by: str, filters: Sequence[str], rows: int | None = None) -> None:
    """The log of disclosures is being exported, narrowed by these codes (no `rows` yet); or so many
    rows went out."""
    append("disclosures_exported", by=by, filters=list(filters), rows=rows)
