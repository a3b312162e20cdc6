import datetime
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone
from tqdm import tqdm

from audit.events import job
from compliance.register.models import DataCategory
from compliance.retention import dormancy, engine
from compliance.retention.report import table
from compliance.retention.rules import PurgePlan
from jobs import races


class Command(BaseCommand):
    help = (
        "Erase every record whose every retention rule has run out and that no hold protects. A "
        "rule that the owner has "
        "not confirmed is counted, not executed, unless --accept-defaults. Safe to run twice, at "
        "once and late: a killed "
        "run is simply run again. Exit code 0: done; 1: done, but rules await confirmation; 2: "
        "wrong usage; 3: another "
        "purge is running or the database is away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of",
            type=datetime.date.fromisoformat,
            metavar="DATE",
            help="judge by this day instead of today; only a dry run may look ahead",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="count with the same queries, erase nothing"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--category", default="", help="only this data category (its code)")
        parser.add_argument(
            "--accept-defaults", action="store_true", help="execute unconfirmed rules too"
        )
        parser.add_argument(
            "--workers",
            type=int,
            default=1,
            choices=range(1, 9),
            help="connections that erase at once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        as_of = options["as_of"] or timezone.localdate(now)
        category = options["category"]
        if category and not DataCategory.objects.filter(code=category).exists():
            known = ", ".join(DataCategory.objects.in_use().values_list("code", flat=True))
            raise CommandError(
                f"There is no data category {category!r}. The register has: {known}.", returncode=2
            )
        try:
            report = self._report(as_of, now, options)
        except engine.NotAllowed as error:
            raise CommandError(str(error), returncode=2) from None
        except engine.Busy as error:
            raise CommandError(f"{error} It is safe to try again later.", returncode=3) from None
        except OperationalError as error:
            raise CommandError(
                f"What was erased is recorded. {races.in_words(error)}",
                returncode=3,
            ) from None
        self.stdout.write(
            json.dumps(report.as_json(), indent=2) if options["json"] else table(report)
        )
        if report.unconfirmed:
            sys.exit(1)

    def _report(
        self, as_of: datetime.date, now: datetime.datetime, options: dict[str, Any]
    ) -> engine.Report:
        if options["dry_run"]:
            return engine.Report(
                as_of,
                dry_run=True,
                lines=engine.survey(PurgePlan(as_of, options["category"])),
                dormant=dormancy.count(as_of),
            )
        with tqdm(unit=" records", desc="Erasing", disable=not sys.stderr.isatty()) as bar:
            return engine.run(
                as_of=as_of,
                now=now,
                by=job("retention_purge"),
                category=options["category"],
                accept_defaults=options["accept_defaults"],
                workers=options["workers"],
                progress=bar.update,
            )
