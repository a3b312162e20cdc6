"""Tasks on a case: made with the promise, ended with the act that keeps it, in its transaction."""

import datetime
from dataclasses import replace

from django.utils import timezone

from audit import events as audit
from compliance.cases import promises
from compliance.cases.kinds import EventKind, Requester
from compliance.cases.models import Case, Task
from compliance.cases.promises import Promise
from compliance.cases.rights import right_of
from compliance.deadlines import Holidays, bank_holidays

ASKED_WHETHER_THEY_MAY = (
    EventKind.AUTHORITY_REQUESTED,
    EventKind.AUTHORITY_RECEIVED,
    EventKind.IDENTIFIED,
)


def make(
    case: Case,
    *wanted: Promise,
    by: str,
    now: datetime.datetime,
    holidays: Holidays | None = None,
) -> dict[str, Task]:
    """The tasks of these kinds that a case has to do, by their codes: those that it had already,
    with their days, or new ones. The case's row is locked, or new. `holidays`: when known already."""
    found = {task.kind: task for task in Task.objects.to_do().filter(case=case)}
    if missing := [promise for promise in wanted if promise.code not in found]:
        holidays = bank_holidays.current() if holidays is None else holidays
        new = [
            Task(
                case=case,
                kind=one.code,
                made_at=now,
                due_on=bank_holidays.last_day(one.within, now, holidays),
            )
            for one in missing
        ]
        for task in Task.objects.bulk_create(new):
            found[task.kind] = task
            _note(task, "made", by=by)
    return found


def begin(
    case: Case,
    *,
    by: str,
    now: datetime.datetime,
    holidays: Holidays | None = None,
    anew: bool = False,
) -> None:
    """The tasks of a case that was opened, or (`anew`) opened again: a complaint is confirmed, its
    person is written to every four weeks; of somebody who asks for another it is seen whether they
    may."""
    right, wanted = right_of(case.kind), []
    if right.complaint:
        wanted = [promises.PROGRESS]
        letter = right.letter("acknowledgement")
        if not anew or not case.messages.filter(letter=letter).exists():
            wanted.append(promises.ACKNOWLEDGE)
    for_another = case.requester != Requester.CUSTOMER and not right.never_proof
    if for_another and case.identified_at is None:
        wanted.append(promises.AUTHORITY)
    if wanted:
        make(case, *wanted, by=by, now=now, holidays=holidays)


def make_anew(
    case: Case, wanted: Promise, *, due_on: datetime.date | None, by: str, now: datetime.datetime
) -> Task:
    """A task with a last day of its own (None: as long as its kind takes) in place of an open one of
    its kind. The day moves back to a working day. The case's row is locked."""
    drop(case, wanted, by=by, now=now)
    within = due_on - timezone.localdate(now) if due_on else wanted.within
    return make(case, replace(wanted, within=within), by=by, now=now)[wanted.code]


def drop(case: Case, *kinds: Promise, by: str, now: datetime.datetime) -> None:
    """Nobody waits for these tasks any more."""
    _end(case, [kind.code for kind in kinds], Task.How.OVERTAKEN, by=by, now=now)


def fulfil(case: Case, *kinds: Promise, by: str, now: datetime.datetime) -> None:
    """A step of the case did what these tasks wanted."""
    _end(case, [kind.code for kind in kinds], Task.How.FULFILLED, by=by, now=now)


def happened(case: Case, event: EventKind, *, by: str, now: datetime.datetime) -> None:
    """A step of the case was written down: it may be what a task wanted."""
    if event in ASKED_WHETHER_THEY_MAY:
        fulfil(case, promises.AUTHORITY, by=by, now=now)


def written(case: Case, letter: str, *, by: str, now: datetime.datetime) -> None:
    """A letter about the case went out. When a colleague wrote it, they read what had come; and
    whoever complained has had news, and waits for the next."""
    acknowledged = letter == right_of(case.kind).letter("acknowledgement")
    if acknowledged:
        fulfil(case, promises.ACKNOWLEDGE, by=by, now=now)
    elif by.startswith("staff:"):
        fulfil(case, promises.MESSAGE, promises.PROGRESS, by=by, now=now)
        if right_of(case.kind).complaint and case.is_open:
            make(case, promises.PROGRESS, by=by, now=now)


def closed(case: Case, *, by: str, now: datetime.datetime) -> None:
    """The case was closed: what only an open case needs is not waited for any more. A colleague who
    closed it had read what came."""
    drop(case, *(one for one in promises.PROMISES.values() if one.ends_with_case), by=by, now=now)
    if by.startswith("staff:"):
        fulfil(case, promises.MESSAGE, by=by, now=now)


def end(task: Task, how: Task.How, *, by: str, now: datetime.datetime) -> None:
    """End one task; the case's row is locked."""
    task.ended_at, task.ended_by, task.how = now, by, how
    task.save(update_fields=["ended_at", "ended_by", "how"])
    _note(task, str(how), by=by)


def _end(case: Case, kinds: list[str], how: Task.How, *, by: str, now: datetime.datetime) -> None:
    for task in Task.objects.to_do().filter(case=case, kind__in=kinds):
        task.case = case
        end(task, how, by=by, now=now)


def _note(task: Task, change: str, *, by: str) -> None:
    audit.case_task_changed(
        by=by,
        subject=task.case.customer_id,
        case=task.case_id,
        task=task.kind,
        change=change,
        due_on=task.due_on,
    )
