"""`manage.py write_stop_list`: whose data another system may not use for a purpose."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError
from django.utils import timezone

from audit.actions import Refused
from audit.events import job
from compliance.register import stop_lists


class Command(BaseCommand):
    help = (
        "Write the customer numbers of everybody whose data may not be used for a purpose (its "
        "code in the register), for the system that does the work. The file is whole each time: "
        "it takes the place of the one before. Exit code 0: written; 2: no such purpose, or the "
        "file cannot be written: nothing is logged; 3: the database is away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("purpose", help="such as tailoring")
        parser.add_argument("--out", type=Path, required=True, help="the file to write")

    def handle(self, *args: Any, purpose: str, out: Path, **options: Any) -> None:
        try:
            made = stop_lists.write(purpose, out, by=job("write_stop_list"), now=timezone.now())
        except Refused as refused:
            self._stop(2, str(refused))
        except OSError as error:
            self._stop(2, f"The list cannot be written: {error.strerror}.")
        except OperationalError:
            self._stop(3, "The database is away or broke off. Nothing was written; try again.")
        else:
            self.stdout.write(f"{made.people:,} people are on the list. It is in {out}.")

    def _stop(self, code: int, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(code)
