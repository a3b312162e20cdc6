"""The purge: counts what is due, and erases it.

`survey` counts; `run` surveys, then erases arm by arm in batches of one transaction each. Killed at any point, it is
simply run again: a batch either happened with its progress row or did not happen. A session-level advisory lock lets one
run work at a time.
"""

import datetime
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from audit import events
from compliance.retention.batches import Walk, remove_stubs
from compliance.retention.models import PurgeProgress, PurgeRun
from compliance.retention.rules import Plan, Protection, Schedule
from customers import barrier
from privacy.declarations import Blank, Keep, Routine

Result = TypeVar("Result")
LOCK = 0x72657461696E  # "retain"
FIRST_BATCH, SMALLEST, LARGEST = 2_000, 100, 20_000  # rows
TARGET = 0.1  # seconds for one batch; a batch over it is halved, one well under it doubled


class Busy(Exception):
    """Another purge is running."""


class NotAllowed(Exception):
    """The run was asked for something that is refused; the text says what."""


@dataclass
class Line:
    """One rule's figures for one model."""

    category: str
    model: str
    rule: str
    confirmed: bool
    due: int = 0
    held: int = 0
    erased: int = 0
    kept: dict[str, int] = field(default_factory=dict)  # past this rule, kept by what


@dataclass
class Report:
    """The outcome of a dry or real run."""

    as_of: datetime.date
    dry_run: bool
    lines: list[Line]

    @property
    def unconfirmed(self) -> list[Line]:
        """Lines with due records that no one may erase before the owner confirms the rules."""
        return [line for line in self.lines if line.due and not line.confirmed]

    def as_json(self) -> dict[str, object]:
        """The report as the command prints it (see docs/retention.md)."""
        return {
            "as_of": self.as_of.isoformat(),
            "dry_run": self.dry_run,
            "rules": [
                {"category": n.category, "model": n.model, "rule": n.rule, "due": n.due, "held": n.held,
                 "erased": n.erased, "confirmed": n.confirmed, "kept": n.kept}
                for n in self.lines
            ],
        }


def survey(plan: Plan) -> list[Line]:
    """Count what each rule decides: due, held, and what is past it but kept by something else. Changes nothing."""
    return [_count(plan, schedule, protection) for schedule, protection in _arms(plan)]


def run(*, as_of: datetime.date, now: datetime.datetime, by: str, category: str = "", accept_defaults: bool = False,
        workers: int = 1, progress: Callable[[int], object] = lambda rows: None) -> Report:
    """Erase everything that is due on `as_of` (a London day, not after that of `now`).

    Rules that the owner has not confirmed are counted, not executed, unless `accept_defaults`. `progress` is called with
    the number of rows of each batch. Raises NotAllowed for a day to come and Busy while another run works.
    """
    if as_of > timezone.localdate(now):
        raise NotAllowed("A purge cannot be run as of a day that has not come yet; a dry run can.")
    with _alone():
        plan = Plan(as_of, category)
        lines = survey(plan)
        record = _begin(plan, lines, by=by, now=now, category=category)
        try:
            for schedule in plan.schedules:
                _purge(plan, schedule, record.pk, confirmed_only=not accept_defaults, workers=workers, progress=progress)
        except BaseException:
            _finish(record, lines, PurgeRun.Outcome.FAILED, by=by)
            raise
        _finish(record, lines, PurgeRun.Outcome.DONE, by=by)
    return Report(as_of, dry_run=False, lines=lines)


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise Busy("Another purge is running.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _arms(plan: Plan) -> Iterator[tuple[Schedule, Protection]]:
    for schedule in plan.schedules:
        if not isinstance(schedule.declaration.erase, Keep):
            for protection in schedule.protections:
                yield schedule, protection


def _count(plan: Plan, schedule: Schedule, protection: Protection) -> Line:
    line = Line(schedule.declaration.category, schedule.declaration.label, protection.code,
                confirmed=protection.rule.confirmed_on is not None)
    if protection.for_ever:
        return line
    arm = plan.arm(schedule, protection).annotate(on_hold=schedule.held())
    counted = arm.aggregate(due=Count("pk", filter=Q(on_hold=False)), held=Count("pk", filter=Q(on_hold=True)))
    line.due, line.held = counted["due"], counted["held"]
    if line.held:
        line.kept["legal hold"] = line.held
    past = schedule.past(protection)
    for other in schedule.protections:
        if other is not protection:
            kept = past.filter(other.applies()).exclude(other.ran_out(plan.as_of)).count()
            if kept:
                line.kept[other.code] = kept
    carrying = schedule.arm(protection).count() - line.due - line.held if plan.has_keeping_children(schedule) else 0
    if carrying:
        line.kept["records that hang on it"] = carrying
    return line


def _purge(plan: Plan, schedule: Schedule, run_id: int, *, confirmed_only: bool, workers: int,
           progress: Callable[[int], object]) -> None:
    """Erase what is due of one model, pass after pass, until a pass finds nothing."""
    erase = schedule.declaration.erase
    for protection in schedule.protections:
        if protection.for_ever or isinstance(erase, Keep):
            continue
        if isinstance(erase, Routine):
            _call(schedule, protection, erase, run_id, confirmed_only=confirmed_only)
            continue
        walk = Walk(plan, schedule, protection, run=run_id, confirmed_only=confirmed_only)
        if workers == 1:
            _drain(walk, progress)
            continue
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda _: _drain_apart(walk, progress), range(workers)))
    if isinstance(erase, Blank):
        while _batch(lambda: remove_stubs(schedule, FIRST_BATCH)):
            pass


def _drain(walk: Walk, progress: Callable[[int], object]) -> None:
    size, after, found = FIRST_BATCH, None, 0
    while True:
        started = time.monotonic()
        batch = _batch(lambda size=size, after=after: walk.take(size, after))
        took = time.monotonic() - started
        if batch.reached is None:
            if not found:
                return
            after, found = None, 0  # rows that somebody held a moment ago may be free now
            continue
        progress(batch.erased)
        after, found = batch.reached, found + batch.erased
        if took > TARGET:
            size = max(SMALLEST, size // 2)
        elif took < TARGET / 2:
            size = min(LARGEST, size * 2)


def _drain_apart(walk: Walk, progress: Callable[[int], object]) -> None:
    """Drain on a connection of this thread's own; several share an arm through SKIP LOCKED."""
    try:
        _drain(walk, progress)
    finally:
        connection.close()


def _batch(work: Callable[[], Result]) -> Result:
    with transaction.atomic():
        barrier.while_erasing()
        return work()


def _call(schedule: Schedule, protection: Protection, erase: Routine, run_id: int, *, confirmed_only: bool) -> None:
    if confirmed_only and protection.rule.confirmed_on is None:
        return
    last_day = protection.latest_anchor(schedule.as_of)
    with transaction.atomic(), connection.cursor() as cursor:
        barrier.while_erasing()
        cursor.execute(f"SELECT {connection.ops.quote_name(erase.function)}(%s)", [last_day])
        removed = cursor.fetchone()[0]
        if removed:
            PurgeProgress.objects.create(run_id=run_id, model=schedule.declaration.label, rule=protection.code,
                                         erased=removed, at=timezone.now())


def _begin(plan: Plan, lines: list[Line], *, by: str, now: datetime.datetime, category: str) -> PurgeRun:
    with transaction.atomic():
        # Only one run works at a time, so one that still says it does was killed.
        PurgeRun.objects.filter(outcome=PurgeRun.Outcome.RUNNING).update(outcome=PurgeRun.Outcome.FAILED, finished_at=now)
        record = PurgeRun.objects.create(as_of=plan.as_of, started_at=now, started_by=by, category=category)
        events.purge_started(by=by, run=record.pk, as_of=plan.as_of, rules=_figures(lines))
    return record


def _finish(record: PurgeRun, lines: list[Line], outcome: str, *, by: str) -> None:
    with transaction.atomic():
        done = {(row["model"], row["rule"]): row["rows"]
                for row in record.progress.order_by().values("model", "rule").annotate(rows=Sum("erased"))}
        for line in lines:
            line.erased = done.get((line.model, line.rule), 0)
        record.outcome, record.finished_at = outcome, timezone.now()
        record.save(update_fields=["outcome", "finished_at"])
        events.purge_finished(by=by, run=record.pk, outcome=outcome, rules=_figures(lines))


def _figures(lines: list[Line]) -> list[dict[str, object]]:
    return [{"model": n.model, "rule": n.rule, "due": n.due, "held": n.held, "erased": n.erased}
            for n in lines if n.due or n.held or n.erased]
