import datetime
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from audit.events import job
from compliance.preferences.rules import FRESH
from compliance.preferences.screening import services
from compliance.preferences.vocabulary import Service
from customers.importing.reader import InputError
from privacy.words import in_words


class Command(BaseCommand):
    help = (
        "Load the list of the Telephone Preference Service (tps), its corporate sister (ctps) or "
        "the Mailing Preference "
        "Service (mps), in place of the one before. Calls and cold post are screened against a "
        f"list of at most {in_words(FRESH)}. Exit "
        "code 0: done; 1: done, but some lines could not be read; 2: nothing was changed; 3: the "
        "database is away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("service", choices=Service.values)
        parser.add_argument(
            "file",
            type=Path,
            help="a number in each line, or for mps a CSV file of names and addresses",
        )
        parser.add_argument(
            "--dated",
            type=datetime.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day of the file (today)",
        )
        parser.add_argument(
            "--shrunk",
            action="store_true",
            help="take it although it is much shorter than the last one",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file, now = options["file"], timezone.now()
        size = file.stat().st_size if file.is_file() else 0
        try:
            with tqdm(
                total=size, unit="B", unit_scale=True, file=sys.stderr, disable=None, leave=False
            ) as bar:
                loaded = services.load(
                    Service(options["service"]),
                    file,
                    dated_on=options["dated"] or timezone.localdate(now),
                    by=job("load_preference_service"),
                    now=now,
                    shrunk=options["shrunk"],
                    progress=bar.update,
                )
        except InputError as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(
            f"{loaded.file.lines:,} lines of the {loaded.file.get_service_display()} are in force; "
            f"{loaded.unreadable:,} could not be read."
        )
        if loaded.unreadable:
            raise SystemExit(1)
