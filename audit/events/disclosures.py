"""What left the building, as the trail tells of them."""

import datetime
import uuid
from collections.abc import Sequence

from audit.trail import append, append_all


def restricted_record_changed(
    *, by: str, subject: uuid.UUID, change: str, record: uuid.UUID
) -> None:
    """A record that only few may know of was opened, decided, passed on, withdrawn or settled.

    Its kind is not said, for the same reason as that of a hold.
    """
    append("restricted_record_changed", by=by, subject=subject, change=change, record=record)


def disclosures_exported(*, by: str, filters: Sequence[str], rows: int | None = None) -> None:
    """The log of disclosures is being exported, narrowed by these codes (no `rows` yet); or so many
    rows went out."""
    append("disclosures_exported", by=by, filters=list(filters), rows=rows)


def instructions_listed(
    *,
    by: str,
    subject: uuid.UUID,
    what: str,
    recipients: Sequence[str],
    confidential: Sequence[uuid.UUID],
) -> None:
    """Recipients (codes of the register) are to be told what to do with a person's data: one entry
    for all, and one for each record of those who are told in confidence. One statement."""
    entries: list[tuple[str, dict[str, object]]] = []
    if recipients:
        entries.append(("instructions_listed", {"what": what, "recipients": list(recipients)}))
    for record in confidential:
        entries.append(("restricted_record_changed", {"change": "listed", "record": record}))
    append_all(entries, by=by, subject=subject)


def instructions_followed(
    *,
    by: str,
    subject: uuid.UUID | None,
    step: str,
    instructions: int,
    recipients: Sequence[str],
    on: datetime.date,
    file: str,
) -> None:
    """So many instructions were told, acknowledged, found impossible or escalated; `subject` when
    it was one, `file` the SHA-256 of what told them."""
    append(
        "instructions_followed",
        by=by,
        subject=subject,
        step=step,
        instructions=instructions,
        recipients=list(recipients),
        on=on,
        file=file,
    )


def passed_on_against_a_stop(*, by: str, entries: int) -> None:
    """So many new entries of the log tell of data that was passed on although it was stopped."""
    append("passed_on_against_a_stop", by=by, entries=entries)


def stray_disclosure_looked_into(*, by: str, subject: uuid.UUID, disclosure: str) -> None:
    """Somebody found out how data came to be passed on although it was stopped."""
    append("stray_disclosure_looked_into", by=by, subject=subject, disclosure=disclosure)


def disclosure_written_down(
    *, by: str, subject: uuid.UUID, kind: str, recipient: str, disclosure: uuid.UUID
) -> None:
    """A colleague entered in the log that data went to a recipient (codes of the register)."""
    append(
        "disclosure_written_down",
        by=by,
        subject=subject,
        kind=kind,
        recipient=recipient,
        disclosure=disclosure,
    )
