import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError

from jobs.worker import Worker


class Command(BaseCommand):
    help = (
        "Run jobs from the queue until Ctrl-C or SIGTERM: send messages, look up who asked for a "
        "code. Any number of "
        "workers may run; the job of one that was killed is taken over by another. With --once "
        "it ends when the queue is "
        "empty. Exit code 0: ended as asked; 3: the database is away, start it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when the queue is empty")
        parser.add_argument(
            "--interval",
            type=float,
            default=1,
            help="seconds between two looks into an empty queue",
        )
        parser.add_argument(
            "--beside", type=int, metavar="PID", help="end when this process has ended"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = logging.INFO if options["verbosity"] > 1 else logging.ERROR
        logging.getLogger("django_tasks").setLevel(quiet)
        logging.getLogger("django_tasks_db").setLevel(quiet)
        worker = Worker(
            interval=options["interval"], once=options["once"], beside=options["beside"]
        )
        worker.configure_signals()
        try:
            worker.run()
        except (InterfaceError, OperationalError):
            self.stderr.write("The database is away or broke off. Start the worker again.")
            raise SystemExit(3) from None
        finally:
            worker.reset_signals()
            worker.presence.end()
