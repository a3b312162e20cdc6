"""`manage.py count_pages`: how often each public page was opened, from the web server's log."""

import gzip
import sys
import zlib
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from compliance.cookies import visits
from jobs import races


class Command(BaseCommand):
    help = (
        "Counts from access logs (combined format, plain or .gz; - or nothing: standard input) "
        "how often each public page "
        "was opened on each day. No address and no browser is kept, programs are left out. Each "
        "line is counted once, "
        "however often a log is read, renamed or rotated. Exit code 0: done; 1: done, but some "
        "lines were not of a log; "
        "2: a file is missing or is no log; 3: another count is running or the database is away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="*", metavar="FILE", help="logs; the order does not matter"
        )
        parser.add_argument(
            "--if-there",
            action="store_true",
            help="pass over a file that is not there (not rotated yet)",
        )

    def handle(
        self, *args: Any, files: list[str], if_there: bool, verbosity: int, **options: Any
    ) -> None:
        names = [
            name for name in files or ["-"] if not if_there or name == "-" or Path(name).is_file()
        ]
        for name in names:
            if name != "-" and not Path(name).is_file():
                raise CommandError(f"There is no file {name}. Nothing was counted.", returncode=2)
        unreadable = 0
        for name in names:
            counted = self._count(name)
            unreadable += counted.unreadable
            if verbosity:
                self.stdout.write(
                    f"{name}: {counted.lines} new lines, {counted.visits.total()} visits, "
                    f"{counted.unreadable} lines that are not of a log"
                )
        if unreadable:
            sys.exit(1)

    def _count(self, name: str) -> visits.VisitCounts:
        try:
            with _opened(name) as log:
                return visits.count(log, now=timezone.now())
        except (visits.NotALogError, gzip.BadGzipFile, EOFError, zlib.error):
            raise CommandError(
                f"{name} is not an access log in the combined format, or it is cut off. Nothing "
                "of it was "
                "counted.",
                returncode=2,
            ) from None
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.", returncode=2) from None
        except visits.CountingBusy as error:
            raise CommandError(f"{error} It is safe to try again later.", returncode=3) from None
        except OperationalError as error:
            raise CommandError(
                races.in_words(error),
                returncode=3,
            ) from None


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    with gzip.open(name) if name.endswith(".gz") else Path(name).open("rb") as log:
        yield log  # type: ignore[misc]  # gzip reads text too
