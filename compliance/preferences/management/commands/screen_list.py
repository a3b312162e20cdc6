import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from audit.events import job
from compliance.preferences.screening import feed, run
from customers.importing.reader import InputError
from privacy.words import in_words


class Command(BaseCommand):
    help = (
        "Screen a CSV list before a campaign: writes allowed.csv, suppressed.csv and "
        "unreadable.csv, each line of the list "
        "in exactly one of them, and logs the screening. A list for another organisation "
        "(--sender CODE) is noted with every "
        "customer on it. With --feed it writes instead the digests that a partner compares its "
        "own list with. "
        "docs/screening.md tells more. Exit code 0: done; 1: done, but some lines could not be "
        "read; 2: nothing was written; "
        "3: the database is away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, nargs="?", help="a CSV file with a header, in UTF-8 or Windows-1252"
        )
        parser.add_argument("--channel", required=True, choices=run.screened())
        parser.add_argument(
            "--sender", required=True, help="us, or the code of a marketing partner in the register"
        )
        parser.add_argument("--campaign", default="", help="a short name for the log")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="NAME",
            help="the column to screen by; for post several: surname, address lines, postcode",
        )
        parser.add_argument("--out", type=Path, help="the folder for the results (FILE-screened)")
        parser.add_argument(
            "--suppression-only",
            action="store_true",
            help="ask the suppression list and nothing else",
        )
        parser.add_argument(
            "--feed", action="store_true", help="write feed.csv for a partner; takes no FILE"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path | None = options["file"]
        if (file is None) != options["feed"]:
            raise CommandError("Name the list to screen, or give --feed without one.", returncode=2)
        try:
            if file is None:
                self._feed(options)
            else:
                self._screen(file, options)
        except InputError as error:
            raise CommandError(str(error), returncode=2) from None

    def _feed(self, options: dict[str, Any]) -> None:
        folder = options["out"] or Path()
        count = feed.write(
            folder,
            channel=options["channel"],
            sender=options["sender"],
            by=job("screen_list"),
            now=timezone.now(),
        )
        self.stdout.write(f"{count:,} digests are in {folder / feed.NAME}.")

    def _screen(self, file: Path, options: dict[str, Any]) -> None:
        folder = options["out"] or file.with_name(f"{file.stem}-screened")
        size = file.stat().st_size if file.is_file() else 0
        with tqdm(
            total=size, unit="B", unit_scale=True, file=sys.stderr, disable=None, leave=False
        ) as bar:
            outcome = run.screen(
                file,
                channel=options["channel"],
                sender=options["sender"],
                folder=folder,
                by=job("screen_list"),
                now=timezone.now(),
                campaign=options["campaign"],
                named=options["column"],
                suppression_only=options["suppression_only"],
                progress=bar.update,
            )
        say = self.stdout.write
        total = outcome.allowed + outcome.suppressed + outcome.unreadable
        say(
            f"{total:,} lines screened by {', '.join(outcome.columns)} in {outcome.seconds:.1f} "
            f"s: {outcome.allowed:,} "
            f"allowed, {outcome.suppressed:,} suppressed, {outcome.unreadable:,} unreadable."
        )
        for word, counts in (("suppressed", outcome.reasons), ("unreadable", outcome.faults)):
            for reason, lines in counts.most_common(10):
                say(f"  {lines:,} {word}: {reason}")
        if outcome.blank:
            say(f"{outcome.blank:,} more are blank, and stand with the unreadable ones.")
        if outcome.disclosed:
            say(f"{outcome.disclosed:,} customers have it in their log of who received their data.")
        say(f"The {in_words(len(run.FILES), 'file')} are in {folder}.")
        if outcome.unreadable:
            raise SystemExit(1)
