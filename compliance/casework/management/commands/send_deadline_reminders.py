import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.utils import timezone

from audit.events import job
from compliance.casework.actions import recalculation, reminders
from compliance.outcomes import restriction
from jobs import races

LOCK = 0x7265_6D69_6E64  # "remind"
BY = job("send_deadline_reminders")


class Command(BaseCommand):
    help = (
        "Remind colleagues of every request that is due and not yet done, before its last day, "
        "on it and after it; remind "
        "people who were asked who they are, close what stayed silent, and end the restrictions of "
        "those who did not show it in time. Works out every open "
        "clock anew first. Each stage "
        "of a clock is told once, and what a missed night did not tell is told now: safe to run "
        "twice, at once, and late. "
        "Exit code 0: done; 1: done, but something is overdue, somebody cannot be written to, or "
        "no mailbox is set; "
        "3: another run is under way or the database is away."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with _alone():
                now = timezone.now()
                looked_at, moved = recalculation.recalculate_open(
                    why="recalculated", by=BY, now=now
                )
                report = reminders.run(by=BY, now=now)
                expired = restriction.expire(by=BY, now=now)
        except OperationalError as error:
            raise CommandError(
                races.in_words(error),
                returncode=3,
            ) from None
        told = (
            ", ".join(f"{count} {stage}" for stage, count in sorted(report.reminders.items()))
            or "none"
        )
        self.stdout.write(
            f"{looked_at:,} open requests, {moved} with another last day. Reminders: {told}, in "
            f"{report.letters} emails. People reminded: {len(report.reminded)}; closed without "
            "an answer: "
            f"{len(report.lapsed)}. Restrictions of people who did not show who they are: "
            f"{expired} ended."
        )
        for trouble in self._troubles(report):
            self.stderr.write(trouble)
        if report.overdue or report.stuck or report.untold:
            sys.exit(1)

    def _troubles(self, report: reminders.ReminderReport) -> Iterator[str]:
        if report.overdue:
            yield f"Overdue: {report.overdue}. See Requests on the desk."
        if report.stuck:
            yield f"Nowhere to write to: {', '.join(report.stuck)}."
        if report.untold:
            yield "There is something to tell, and nobody to tell it to: set REMINDERS_TO."


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise CommandError(
                "Another run is under way. It is safe to try again later.", returncode=3
            )
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
