"""`manage.py instruction_file`: tell one addressee what to do, and with whose data."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError
from django.utils import timezone

from audit.events import job
from compliance.disclosures import instruction_files
from compliance.disclosures.models import Instruction
from compliance.register.models import Recipient


class Command(BaseCommand):
    help = (
        "Write the file of instructions for one addressee (its code in the register) and note "
        "them as told. It lists everything that it has not confirmed, so it can be made again. "
        "Exit code 0: written; 1: written, but some are not in it and wait on the desk; 2: no such "
        "addressee or sort of file, or the file cannot be written: nothing is noted; 3: the "
        "database is away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("addressee", help="the addressee's code in the register")
        parser.add_argument(
            "sort",
            choices=[one.code for one in instruction_files.formats()],
            help="withdrawals: who wants no more marketing, as digests; instructions: all else, "
            "in clear",
        )
        parser.add_argument("--out", type=Path, help="the file to write (standard output)")
        parser.add_argument(
            "--all",
            action="store_true",
            dest="everything",
            help="also what was confirmed, for an addressee who lost it",
        )

    def handle(
        self,
        *args: Any,
        addressee: str,
        sort: str,
        out: Path | None,
        everything: bool,
        **options: Any,
    ) -> None:
        rows = Instruction.objects.filter(recipient=addressee)
        given = instruction_files.format_of(sort)
        assert given is not None  # noqa: S101  one of the choices
        try:
            if not (rows.exists() or Recipient.objects.filter(code=addressee).exists()):
                self._stop(2, "The register knows no recipient of that code.")
            made = instruction_files.make(
                rows if everything else rows.unsettled(),
                given,
                self._into(out),
                by=job("instruction_file"),
                now=timezone.now(),
            )
        except OSError as error:
            self._stop(
                2, f"The file cannot be written ({error.strerror}). Nothing was noted as told."
            )
        except OperationalError:
            self._stop(
                3,
                "The database is away or broke off. Nothing was noted as told; make the file "
                "again.",
            )
        self.stderr.write(
            f"{made.people:,} people are in the file, {made.new:,} instructions for the first time."
            + (f" It is in {out}." if out else "")
        )
        if made.left_out:
            self._stop(
                1,
                f"{made.left_out:,} instructions are not in it, for want of anything to find the "
                "people by: tell them by letter, and note it on the desk.",
            )

    def _into(self, out: Path | None) -> Any:
        """Where the bytes go: a file for its owner alone, which takes its name only when it is
        whole, or standard output."""

        def write_file(data: bytes) -> None:
            assert out is not None  # noqa: S101  for the type checker
            part = out.with_name(f".{out.name}.{os.getpid()}.part")
            try:
                with os.fdopen(
                    os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb"
                ) as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(out)
            finally:
                part.unlink(missing_ok=True)

        def write_out(data: bytes) -> None:
            self.stdout.write(data.decode(), ending="")
            self.stdout.flush()

        return write_file if out else write_out

    def _stop(self, code: int, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(code)
