import io
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error

from compliance.cases.case_files import Layout, Tally, work
from compliance.deadlines import bank_holidays
from compliance.deadlines.rules import table
from customers.importing.reader import InputError


class Command(BaseCommand):
    help = (
        "Work out the statutory deadline of each case of a CSV file (columns kind, received, "
        "jurisdiction, events; due and "
        "why are optional) and write the file to standard output with two columns more, computed "
        "and explanation. What needs "
        "a look is told by line on standard error. docs/clock.md has the kinds and how events "
        "are written. Exit code 0: "
        "every given due date agrees; 1: one differs, or a line could not be computed (the "
        "others were); 2: wrong usage, or "
        "a file that cannot be read or lacks a column; 3: the database, which knows the "
        "proclaimed bank holidays, is away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--cases",
            type=Path,
            metavar="FILE",
            help="a CSV file of cases, in UTF-8 or Windows-1252",
        )
        what.add_argument("--rules", action="store_true", help="print the table of rules instead")
        parser.add_argument(
            "--explain", action="store_true", help="every step of the arithmetic in the explanation"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rules"]:
            for row in table():
                self.stdout.write("| " + " | ".join(row) + " |")
            return
        try:
            layout = Layout.of(options["cases"])
        except InputError as error:
            self._stop(2, str(error))
        try:
            holidays = bank_holidays.current()
        except Error as error:
            self._stop(
                3,
                f"The database did not answer ({type(error).__name__}), so the proclaimed bank "
                "holidays are not "
                "known. Run it again when it is back and migrated.",
            )
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(
                encoding="utf-8"
            )  # whatever the locale: the file's own words go out again
        tally = Tally()
        for sentence in work(layout, self.stdout, holidays, tally, steps=options["explain"]):
            self.stderr.write(sentence)
        self.stderr.write(
            f"{tally.cases:,} {'case' if tally.cases == 1 else 'cases'}. Another due date was "
            "given for "
            f"{tally.differing:,}; {tally.faults:,} could not be computed."
        )
        if tally.differing or tally.faults:
            raise SystemExit(1)

    def _stop(self, code: int, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        raise SystemExit(code)
