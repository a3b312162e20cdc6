"""Cases, their letters and their clock, as the trail tells of them."""

import datetime
import uuid
from collections.abc import Mapping, Sequence

from audit.trail import append


def case_opened(
    *,
    by: str,
    subject: uuid.UUID | None,
    case: int,
    kind: str,
    channel: str,
    received_on: datetime.date,
) -> None:
    """A rights request or complaint was opened; no subject while nobody is matched."""
    append(
        "case_opened",
        by=by,
        subject=subject,
        case=case,
        kind=kind,
        channel=channel,
        received_on=received_on,
    )


def case_due_changed(
    *,
    by: str,
    subject: uuid.UUID | None,
    case: int,
    before: datetime.date | None,
    due: datetime.date | None,
    why: str,
) -> None:
    """The due date of a case was worked out, or is another than before; `why` is a code."""
    append("case_due_changed", by=by, subject=subject, case=case, before=before, due=due, why=why)


def case_step(*, by: str, subject: uuid.UUID | None, case: int, step: str, **codes: object) -> None:
    """A step of a case's work; `codes` are dates, codes and counts."""
    append("case_step", by=by, subject=subject, case=case, step=step, **codes)


def case_task_changed(
    *,
    by: str,
    subject: uuid.UUID | None,
    case: int,
    task: str,
    change: str,
    due_on: datetime.date,
) -> None:
    """Something that was promised about a case was made a task, taken, given back or ended;
    `change` is a code."""
    append(
        "case_task_changed",
        by=by,
        subject=subject,
        case=case,
        task=task,
        change=change,
        due_on=due_on,
    )


def letter_wording_saved(*, by: str, letter: str, version: int) -> None:
    """The words of a letter about cases have a new version."""
    append("letter_wording_saved", by=by, letter=letter, version=version)


def case_viewed(*, by: str, subject: uuid.UUID | None, case: int) -> None:
    """A member of staff opened a case; no subject while nobody is matched."""
    append("case_viewed", by=by, subject=subject, case=case)


def case_file_opened(*, by: str, subject: uuid.UUID | None, case: int, file: int) -> None:
    """A member of staff downloaded a file of a case."""
    append("case_file_opened", by=by, subject=subject, case=case, file=file)


def cases_exported(*, by: str, filters: Sequence[str], rows: int | None = None) -> None:
    """The list of cases is being exported, narrowed by these codes (no `rows` yet); or so many rows
    went out."""
    append("cases_exported", by=by, filters=list(filters), rows=rows)


def calendar_applied(*, by: str, why: str, looked_at: int, moved: int) -> None:
    """Open cases were worked out anew, after a change of the calendar or by the nightly command;
    `moved` have another date."""
    append("calendar_applied", by=by, why=why, looked_at=looked_at, moved=moved)


def deadlines_reminded(
    *, by: str, reminders: Mapping[str, int], people: int, lapsed: int, overdue: int
) -> None:
    """Reminders of deadlines went out: how many of each stage, to how many people; how many cases
    lapsed or are overdue."""
    append(
        "deadlines_reminded",
        by=by,
        reminders=dict(reminders),
        people=people,
        lapsed=lapsed,
        overdue=overdue,
    )
