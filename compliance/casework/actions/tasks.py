"""What a colleague does with a task: take it, give it back, write down that it is done."""

import datetime

from django.db import transaction

from accounts.models import StaffUser
from audit import events as audit
from audit.actions import AlreadyDone, Refused
from compliance.cases.actions import steps, to_do
from compliance.cases.kinds import EventKind
from compliance.cases.models import Task
from compliance.casework.actions.daily_work import WORKS


@transaction.atomic
def take(task: Task, *, who: StaffUser | None, by: str, now: datetime.datetime) -> Task:
    """A task is somebody's, or (None) nobody's again."""
    task = _locked(task)
    if task.taken_by_id == (who and who.pk):
        raise AlreadyDone("It is yours already." if who else "It is nobody’s already.")
    if who is not None and not who.has_perm(WORKS):
        raise Refused(f"{who.staff_id} does not work on cases.")
    task.taken_by = who
    task.save(update_fields=["taken_by"])
    audit.case_task_changed(
        by=by,
        subject=task.case.customer_id,
        case=task.case_id,
        task=task.kind,
        change="taken" if who else "given_back",
        due_on=task.due_on,
    )
    return task


@transaction.atomic
def finish(task: Task, *, text: str, by: str, now: datetime.datetime) -> Task:
    """A task is done, as `text` says for colleagues: it stands in the case's history."""
    task = _locked(task)
    steps.record(
        task.case,
        EventKind.NOTED,
        by=by,
        now=now,
        text=steps.need(text, "Write what was done."),
        codes={"task": task.kind},
    )
    to_do.end(task, Task.How.DONE, by=by, now=now)
    return task


def _locked(task: Task) -> Task:
    """The task as it stands now, with its case's row locked first, as every step does it."""
    case = steps.locked(task.case)
    fresh = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    fresh.case = case
    if fresh.ended_at is not None:
        raise AlreadyDone("That is done already. Nothing was changed.")
    return fresh
