"""The worker: runs jobs from the queue, and outlives a kill -9.

The package's own worker leaves a job RUNNING for ever when it is killed. Ours holds an advisory
lock of the database on its own id, on a connection of its own: when the process dies, however it
dies, the lock is free, and any other worker may put its job back into the queue. A job may
therefore run twice and must be written so that this does no harm.
"""

import logging
import os
import time
from contextlib import suppress
from functools import partial
from traceback import format_tb
from typing import Any

from django.db import Error, connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as PackageWorker
from django_tasks_db.models import DBTaskResult

from jobs.races import TRIES, lost

ATTEMPTS = 3  # workers that may die over one job before it counts as failed
LOOK_EVERY = 30  # seconds between two looks for jobs of dead workers
ROUND = 100  # jobs between two looks at whether to go on
PREFIX = "portal-"  # only workers that hold a lock bear such an id
LOCK = 7_390_112_405  # the family of our advisory locks: the seed of their hash


class WorkerDied(Exception):
    """The workers that ran a job died over it."""


class Worker(PackageWorker):
    """One process that runs jobs until it is told to end.

    `interval`: seconds between two looks into an empty queue. `once`: end when the queue is empty.
    `beside`: the id of a process with which to end.
    """

    def __init__(
        self, *, interval: float = 1, once: bool = False, beside: int | None = None
    ) -> None:
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=True,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=ROUND,
            worker_id=PREFIX + get_random_string(32),
            excluded_queue_names=[],
        )
        self.once, self.beside, self.presence = once, beside, Presence(self.worker_id)
        self.looked_at = float("-inf")  # seconds of the monotonic clock

    def run(self) -> None:
        """Run jobs until the end of the process is asked for. OperationalError when the database is
        away."""
        self.presence.show()
        while self.running and not self._alone():
            if time.monotonic() - self.looked_at >= LOOK_EVERY:
                self.presence.show()
                put_back_orphans()
                self.looked_at = time.monotonic()
            self._run_tasks = 0
            super().run()  # until the queue is empty or a round is over
            idle = self._run_tasks < ROUND
            if idle and self.once:
                return
            if idle and self.running:
                time.sleep(self.interval)

    def run_task(self, db_task_result: "DBTaskResult[Any, Any]") -> None:
        """Run one job. Of a fault only its kind and place are kept: its text may carry somebody's
        address."""
        db_task_result.set_failed = partial(fail, db_task_result)
        super().run_task(db_task_result)

    def _alone(self) -> bool:
        """Whether the process beside which this one was started is gone."""
        if self.beside is None:
            return False
        try:
            os.kill(self.beside, 0)
        except ProcessLookupError:
            return True
        return False


class Presence:
    """The lock that says that a worker lives."""

    def __init__(self, worker_id: str) -> None:
        self.worker_id, self.connection = worker_id, connection.copy()
        self.held = False

    def show(self) -> None:
        """Take the lock, or take it again when the database was away meanwhile."""
        with suppress(Error):
            if self.held and self._query("SELECT 1"):
                return
        self.connection.close()
        self._query("SELECT pg_advisory_lock(hashtextextended(%s, %s))", self.worker_id, LOCK)
        self.held = True

    def end(self) -> None:
        """Give the lock back. Closing alone would leave it to the server to notice, some moments
        later."""
        with suppress(Error):
            self._query("SELECT pg_advisory_unlock_all()")
        self.connection.close()
        self.held = False

    def _query(self, sql: str, *params: str | int) -> bool:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)
            return bool(cursor.fetchone())


@transaction.atomic
def put_back_orphans() -> int:
    """Put the jobs of dead workers back into the queue, or fail those over which too many died; how
    many there were."""
    orphans = [
        row
        for row in DBTaskResult.objects.running().select_for_update(skip_locked=True)
        if _orphaned(row)
    ]
    for row in orphans:
        if len(row.worker_ids) >= ATTEMPTS:
            fail(row, WorkerDied())
        else:
            row.status = TaskResultStatus.READY
            row.save(update_fields=["status"])
    return len(orphans)


def _orphaned(row: "DBTaskResult[Any, Any]") -> bool:
    """Whether nobody holds the lock of the worker that took a job last."""
    worker_id = row.worker_ids[-1] if row.worker_ids else ""
    if not worker_id.startswith(PREFIX):
        return False  # a worker of the package, which holds no lock
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, %s))", [worker_id, LOCK]
        )
        return bool(cursor.fetchone()[0])


def fail(row: "DBTaskResult[Any, Any]", fault: BaseException) -> None:
    """Mark a job as failed with the kind and the place of the fault, and never its text. One that
    only lost a race goes back into the queue."""
    if lost(fault) and len(row.worker_ids) < TRIES:
        row.status = TaskResultStatus.READY
        row.save(update_fields=["status"])
        return
    row.status, row.finished_at, row.return_value = TaskResultStatus.FAILED, timezone.now(), None
    row.exception_class_path = f"{type(fault).__module__}.{type(fault).__qualname__}"
    row.traceback = "".join(format_tb(fault.__traceback__))
    row.save(
        update_fields=["status", "finished_at", "return_value", "exception_class_path", "traceback"]
    )


class WithoutFaultText(logging.Filter):
    """Leaves the text of a fault out of the package's log lines: the job's id leads to its kind and
    place."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True
