"""The purge: counts what is due, and erases it.

`survey` counts; `run` surveys, then erases rule by rule in batches of one transaction each. Killed
at any point, it is simply run again: a batch either happened with its progress row or did not
happen. A session-level advisory lock lets one run work at a time.
"""

import datetime
import itertools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, Sum
from django.utils import timezone

from audit import events
from compliance.retention.batches import Walk, delete_emptied_customers, renew_statistics
from compliance.retention.models import PurgeProgress, PurgeRun
from compliance.retention.people import BatchOutdatedError, People
from compliance.retention.rules import Protection, PurgePlan, Schedule
from customers import erasure_lock
from jobs import races
from privacy.declarations import Blank, Delete, Keep, Routine

Result = TypeVar("Result")
LOCK = 0x72657461696E  # "retain"
ATTEMPTS = 3
BOOLEAN = BooleanField()
TARGET = 0.15  # seconds for one batch; a batch over it is halved, one well under it doubled


class Busy(Exception):
    """Another purge is running."""


class NotAllowed(Exception):
    """The run was asked for something that is refused; the text says what."""


@dataclass
class RuleFigures:
    """One rule's figures for one model."""

    category: str
    model: str
    rule: str
    due: int = 0
    held: int = 0
    erased: int = 0
    awaiting: int = 0  # due, but a rule that protected them awaits the owner's confirmation
    unconfirmed: tuple[str, ...] = ()  # those rules
    kept: dict[str, int] = field(default_factory=dict)  # past this rule, kept by what


@dataclass
class Report:
    """The outcome of a dry or real run."""

    as_of: datetime.date
    dry_run: bool
    lines: list[RuleFigures]
    dormant: int | None = None  # relationships that the next close_dormant would end; dry runs only

    @property
    def unconfirmed(self) -> list[str]:
        """The rules that the owner must confirm before due records may be erased."""
        return sorted({code for line in self.lines if line.awaiting for code in line.unconfirmed})

    def as_json(self) -> dict[str, object]:
        """The report as the command prints it (see docs/retention.md)."""
        return {
            "as_of": self.as_of.isoformat(),
            "dry_run": self.dry_run,
            **({} if self.dormant is None else {"dormant": self.dormant}),
            "rules": [
                {
                    "category": n.category,
                    "model": n.model,
                    "rule": n.rule,
                    "due": n.due,
                    "held": n.held,
                    "erased": n.erased,
                    "awaiting": n.awaiting,
                    "kept": n.kept,
                }
                for n in self.lines
            ],
        }


def survey(plan: PurgePlan) -> list[RuleFigures]:
    """Count what each rule decides: due, held, and what is past it but kept by something else.
    Changes nothing."""
    return [
        _count(plan, schedule, protection, past=protection.code in past)
        for schedule in plan.schedules
        if not isinstance(schedule.declaration.erase, Keep)
        for past in [schedule.rules_past()]
        for protection in schedule.protections
    ]


def run(
    *,
    as_of: datetime.date,
    now: datetime.datetime,
    by: str,
    category: str = "",
    accept_defaults: bool = False,
    workers: int = 1,
    progress: Callable[[int], object] = lambda rows: None,
) -> Report:
    """Erase everything that is due on `as_of` (a London day, not after that of `now`).

    Rules that the owner has not confirmed are counted, not executed, unless `accept_defaults`.
    `progress` is called with the number of rows of each batch. Raises NotAllowed for a day to come
    and Busy while another run works.
    """
    if as_of > timezone.localdate(now):
        raise NotAllowed("A purge cannot be run as of a day that has not come yet; a dry run can.")
    with _alone():
        plan = PurgePlan(as_of, category)
        record = _begin(plan, by=by, now=now, category=category)
        try:
            renew_statistics([schedule.model for schedule in plan.every])
            _purge(
                plan,
                record.pk,
                confirmed_only=not accept_defaults,
                workers=workers,
                progress=progress,
            )
        except BaseException:
            _finish(plan, record, PurgeRun.Outcome.FAILED, by=by)
            raise
        lines = _finish(plan, record, PurgeRun.Outcome.DONE, by=by)
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


def _count(
    plan: PurgePlan, schedule: Schedule, protection: Protection, *, past: bool
) -> RuleFigures:
    line = RuleFigures(
        schedule.declaration.category,
        schedule.declaration.label,
        protection.code,
        unconfirmed=tuple(p.code for p in schedule.unconfirmed()),
    )
    if not past:
        return line
    rows = plan.rule_rows(schedule, protection).annotate(
        on_hold=schedule.held(), in_use=ExpressionWrapper(schedule.needed(protection), BOOLEAN)
    )
    counted = rows.aggregate(
        due=Count("pk", filter=Q(on_hold=False, in_use=False)),
        held=Count("pk", filter=Q(on_hold=True)),
        needed=Count("pk", filter=Q(on_hold=False, in_use=True)),
    )
    line.due, line.held = counted["due"], counted["held"] + counted["needed"]
    if line.due and line.unconfirmed:
        ready = plan.rule_rows(schedule, protection).filter(
            ~Q(schedule.held()), ~Q(schedule.needed(protection)), schedule.confirmed()
        )
        line.awaiting = line.due - ready.count()
    if counted["held"]:
        line.kept["legal hold"] = counted["held"]
    if counted["needed"]:
        line.kept["open request"] = counted["needed"]
    rows = schedule.past(protection)
    for other in schedule.protections:
        if other is not protection:
            kept = rows.filter(other.applies()).exclude(other.ran_out(plan.as_of)).count()
            if kept:
                line.kept[other.code] = kept
    carrying = (
        schedule.rule_rows(protection).count() - line.due - line.held
        if any(True for _ in plan.keeping(schedule))
        else 0
    )
    if carrying:
        line.kept["records that hang on it"] = carrying
    return line


def _purge(
    plan: PurgePlan,
    run_id: int,
    *,
    confirmed_only: bool,
    workers: int,
    progress: Callable[[int], object],
) -> None:
    """Erase the persons that are due, then what is due of the others, table by table; then the
    stubs nothing needs."""
    workable = [s for s in plan.schedules if s.erasable(confirmed_only=confirmed_only)]
    blanked = [s for s in workable if isinstance(s.declaration.erase, Blank)]
    for schedule in blanked:
        for protection in _to_walk(schedule):
            _share(
                People(plan, schedule, protection, run=run_id, confirmed_only=confirmed_only),
                workers,
                progress,
            )
    for schedule in workable:
        for protection in _to_walk(schedule):
            if isinstance(schedule.declaration.erase, Delete):
                _share(
                    Walk(plan, schedule, protection, run=run_id, confirmed_only=confirmed_only),
                    workers,
                    progress,
                )
            elif isinstance(schedule.declaration.erase, Routine):
                _call(
                    schedule,
                    protection,
                    schedule.declaration.erase,
                    run_id,
                    confirmed_only=confirmed_only,
                )
    for schedule in plan.every:
        if isinstance(schedule.declaration.erase, Blank):
            while _batch(partial(delete_emptied_customers, schedule, Walk.start)):
                pass


def _to_walk(schedule: Schedule) -> list[Protection]:
    """The rules of a model that have something to erase; a routine finds that out by itself."""
    if isinstance(schedule.declaration.erase, Routine):
        return schedule.running()
    past = schedule.rules_past()
    return [protection for protection in schedule.running() if protection.code in past]


def _share(walk: Walk | People, workers: int, progress: Callable[[int], object]) -> None:
    """Walk alone, or with others, each on a connection of its own; they share the rows through SKIP
    LOCKED."""
    if workers == 1:
        return _drain(walk, progress)
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda _: _drain_apart(walk, progress), range(workers)))


def _drain(walk: Walk | People, progress: Callable[[int], object]) -> None:
    """Take batch after batch, and pass after pass, until a pass finds nothing."""
    size, after, found = walk.start, None, 0
    with walk.ready():
        while True:
            started = time.monotonic()
            batch = _batch(partial(walk.take, size, after))
            took = time.monotonic() - started
            if batch.reached is None:
                if not found:
                    return
                after, found = None, 0  # rows that somebody held a moment ago may be free now
                continue
            progress(batch.erased)
            after, found = batch.reached, found + batch.erased
            if took > TARGET:
                size = max(walk.smallest, size // 2)
            elif took < TARGET / 2:
                size = min(walk.largest, size * 2)


def _drain_apart(walk: Walk | People, progress: Callable[[int], object]) -> None:
    try:
        _drain(walk, progress)
    finally:
        connection.close()


def _batch(work: Callable[[], Result]) -> Result:
    """Do one batch in a transaction of its own, under the lock against erasure.

    What somebody else changed after the statement began (a row hung on a doomed one, found by the
    foreign key at the commit; a row moved by an edit) undoes the batch, which then happens anew and
    sees it; so does a race that it lost.
    """
    for attempt in itertools.count(1):
        try:
            with transaction.atomic():
                erasure_lock.shared()
                with connection.cursor() as cursor:
                    # Erasure and its record stand or fall together: what a crash of the machine
                    # undid, the next run does.
                    cursor.execute("SET LOCAL synchronous_commit = off")
                return work()
        except (IntegrityError, BatchOutdatedError, OperationalError) as fault:
            gone = isinstance(fault, OperationalError) and not races.lost(fault)
            if attempt == ATTEMPTS or gone:
                raise
    raise AssertionError  # the loop above returns or raises


def _call(
    schedule: Schedule, protection: Protection, erase: Routine, run_id: int, *, confirmed_only: bool
) -> None:
    if confirmed_only and protection.rule.confirmed_on is None:
        return
    last_day = protection.latest_anchor(schedule.as_of)
    with transaction.atomic(), connection.cursor() as cursor:
        erasure_lock.shared()
        cursor.execute(f"SELECT {connection.ops.quote_name(erase.function)}(%s)", [last_day])
        removed = cursor.fetchone()[0]
        if removed:
            PurgeProgress.objects.create(
                run_id=run_id,
                model=schedule.declaration.label,
                rule=protection.code,
                erased=removed,
                at=timezone.now(),
            )


def _begin(plan: PurgePlan, *, by: str, now: datetime.datetime, category: str) -> PurgeRun:
    with transaction.atomic():
        # Only one run works at a time, so one that still says it does was killed.
        PurgeRun.objects.filter(outcome=PurgeRun.Outcome.RUNNING).update(
            outcome=PurgeRun.Outcome.FAILED, finished_at=now
        )
        record = PurgeRun.objects.create(
            as_of=plan.as_of, started_at=now, started_by=by, category=category
        )
        events.purge_started(by=by, run=record.pk, as_of=plan.as_of, category=category)
    return record


def _finish(plan: PurgePlan, record: PurgeRun, outcome: str, *, by: str) -> list[RuleFigures]:
    """Close the run's record with its figures: what was due is what was erased and what the same
    count still finds."""
    with transaction.atomic():
        lines = survey(plan) if outcome == PurgeRun.Outcome.DONE else []
        done = {
            (row["model"], row["rule"]): row["rows"]
            for row in record.progress.order_by()
            .values("model", "rule")
            .annotate(rows=Sum("erased"))
        }
        for line in lines:
            line.erased = done.get((line.model, line.rule), 0)
            line.due += line.erased
        record.outcome, record.finished_at = outcome, timezone.now()
        if lines and not record.category:
            found = [rows for one in plan.every if (rows := one.uncovered()) is not None]
            record.uncovered = sum(rows.count() for rows in found)
        record.save(update_fields=["outcome", "finished_at", "uncovered"])
        events.purge_finished(
            by=by, run=record.pk, outcome=outcome, erased=sum(done.values()), rules=_figures(lines)
        )
    return lines


def _figures(lines: list[RuleFigures]) -> list[dict[str, object]]:
    return [
        {"model": n.model, "rule": n.rule, "due": n.due, "held": n.held, "erased": n.erased}
        for n in lines
        if n.due or n.held or n.erased
    ]
