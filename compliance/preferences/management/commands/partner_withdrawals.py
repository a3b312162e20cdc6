"""`manage.py partner_withdrawals`: tell a partner of those who no longer want its marketing."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError
from django.utils import timezone

from audit.events import job
from compliance.preferences import partner_files
from compliance.preferences.models import PartnerNotice
from compliance.register.models import Recipient


class Command(BaseCommand):
    help = (
        "Write the file of withdrawals for one marketing partner (its code in the register) and "
        "mark them as passed on. It "
        "lists everything that the partner has not acknowledged, so it can be made again. Exit "
        "code 0: written; 1: written, "
        "but some people have no address to be told by and wait on the desk; 2: no such partner, "
        "or the file cannot be "
        "written: nothing is marked; 3: the database is away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("partner", help="the partner's code in the register")
        parser.add_argument("--out", type=Path, help="the file to write (standard output)")
        parser.add_argument(
            "--all",
            action="store_true",
            dest="everything",
            help="also what the partner has acknowledged, for a partner who lost it",
        )

    def handle(
        self, *args: Any, partner: str, out: Path | None, everything: bool, **options: Any
    ) -> None:
        try:
            if not (
                Recipient.objects.filter(code=partner).exists()
                or PartnerNotice.objects.filter(partner=partner).exists()
            ):
                self._stop(2, "The register knows no recipient of that code.")
            made = partner_files.make(
                partner,
                self._into(out),
                by=job("partner_withdrawals"),
                now=timezone.now(),
                everything=everything,
            )
        except OSError as error:
            self._stop(
                2, f"The file cannot be written ({error.strerror}). Nothing was marked as passed."
            )
        except OperationalError:
            self._stop(
                3,
                "The database is away or broke off. Nothing was marked as passed; make the file "
                "again.",
            )
        self.stderr.write(
            f"{made.people:,} people are in the file, {made.new:,} notices for the first time."
            + (f" It is in {out}." if out else "")
        )
        if made.without_contact:
            self._stop(
                1,
                f"{made.without_contact:,} notices are of people without an email or postal "
                "address: tell the "
                "partner by letter, and note it on the desk.",
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
