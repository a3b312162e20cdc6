"""`manage.py decline_paragraph`: the paragraph of section 157(A1) for one declined application."""

import datetime
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from compliance.disclosures import decline


class Command(BaseCommand):
    help = (
        "Prints the paragraph that a decline must hold (Consumer Credit Act 1974 section "
        "157(A1)) for APPLICATION, from "
        "the log of searches. Changes nothing. Exit codes: 0 printed; 1 an exception leaves it "
        "out: nothing is printed; 2 wrong usage, or the log or the register lacks what it must "
        "say; 3 the database is "
        "away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "application",
            metavar="APPLICATION",
            help="the reference of the application, as the log has it",
        )
        parser.add_argument(
            "--decided-on",
            type=datetime.date.fromisoformat,
            metavar="DAY",
            help="a day such as 2026-11-23; today if left out",
        )
        parser.add_argument(
            "--relied-on",
            action="append",
            required=True,
            metavar="CODE",
            help="an agency on whose information the decision rested (once for each)",
        )
        parser.add_argument(
            "--exception",
            choices=list(decline.EXCEPTIONS),
            default="",
            help="leave it out under section 157(2A): somebody decides that, case by case",
        )
        parser.add_argument(
            "--format", choices=["text", "html", "json"], default="text", dest="shape"
        )

    def handle(
        self,
        *args: Any,
        application: str,
        decided_on: datetime.date | None,
        relied_on: list[str],
        exception: str,
        shape: str,
        **options: Any,
    ) -> None:
        try:
            found = decline.paragraph(
                application,
                decided_on=decided_on or timezone.localdate(),
                relied_on=relied_on,
                exception=exception,
            )
        except decline.UnknownAgencyError as lacking:
            raise CommandError(str(lacking), returncode=2) from None
        except OperationalError:
            raise CommandError("The database is away. Try again later.", returncode=3) from None
        if found is None:
            self.stderr.write("No paragraph: an exception leaves it out.")
            raise SystemExit(1)
        shapes = {
            "text": found.text,
            "html": str(found.html),
            "json": json.dumps(found.data, ensure_ascii=False, indent=2),
        }
        self.stdout.write(shapes[shape])
