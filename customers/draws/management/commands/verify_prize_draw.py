import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from customers.draws import fairness, published
from customers.draws.models import DrawEvidence


class Command(BaseCommand):
    help = (
        "Work a prize draw out anew and say whether it agrees: the seed with the commitment that "
        "was published, the list of "
        "tickets with its digest, the winners and reserves with both, and what is stored with "
        "the entries still held. With "
        "--file a published draw.json is checked by itself, without the database. Exit code 0: "
        "everything agrees; 1: "
        "something does not; 2: there is no such draw, it is not drawn yet, or the file cannot "
        "be read; 3: the database is "
        "away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the draw's code")
        parser.add_argument(
            "--file", type=Path, help="check this published draw instead of what is stored"
        )

    def handle(self, *args: Any, code: str, file: Path | None, **options: Any) -> None:
        try:
            faults = self._of_file(code, file) if file else self._of_database(code)
        except OperationalError:
            raise CommandError("The database is away.", returncode=3) from None
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            sys.exit(1)
        self.stdout.write("Everything agrees.")

    def _of_file(self, code: str, file: Path) -> list[str]:
        try:
            given = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(
                f"The file cannot be read ({type(error).__name__}).", returncode=2
            ) from None
        if not isinstance(given, dict) or given.get("draw") != code:
            raise CommandError(f"The file is not of the draw {code!r}.", returncode=2)
        if given.get("tickets") is None:
            self.stdout.write(
                "The file has no list of tickets: only the seed and the order of the winners are "
                "checked."
            )
        return fairness.faults(given)

    def _of_database(self, code: str) -> list[str]:
        evidence = DrawEvidence.objects.filter(draw__code=code).select_related("draw").first()
        if evidence is None:
            raise CommandError(
                f"There is no prize draw {code!r} that was drawn here.", returncode=2
            )
        held = published.still_held(evidence)
        self.stdout.write(
            f"{evidence.entries:,} entries were drawn from; {held:,} are still held, the others "
            "erased."
        )
        return published.faults(evidence)
