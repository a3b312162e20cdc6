import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import Error, OperationalError
from django.utils import timezone
from tqdm import tqdm

from audit.events import job
from customers.importing import load, presets, rejects
from customers.importing.reader import InputError

MOST_REASONS = 10


class Command(BaseCommand):
    help = (
        "Import a CSV file from the shop. The file goes in whole or not at all, unless "
        "--keep-good lets the good lines in. "
        "A file imported twice changes nothing. Refused lines are listed in FILE.rejects.csv. "
        "docs/imports.md has the "
        "formats. Exit code 0: all went in; 1: some lines were refused, the others went in; 2: "
        "nothing went in; "
        "3: another import is running, or the database is away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "kind",
            help="customers, orders, credit_accounts, payment_cards, contact_notes, "
            "financial_links, fraud_markers, prize_entries, disclosures or marketing_choices",
        )
        parser.add_argument(
            "file", type=Path, help="a CSV file with a header, in UTF-8 or Windows-1252"
        )
        parser.add_argument(
            "--preset",
            default="",
            help=f"the columns of a known system: {', '.join(presets.PRESETS)}",
        )
        parser.add_argument(
            "--keep-good", action="store_true", help="let the good lines in when others are refused"
        )
        parser.add_argument(
            "--allow-expired",
            action="store_true",
            help="let in records that are past their retention period already: for trials and "
            "demos",
        )
        parser.add_argument(
            "--encoding", default="", help="utf-8 or windows-1252, instead of finding it out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        size = file.stat().st_size if file.is_file() else 0
        try:
            with tqdm(
                total=size, unit="B", unit_scale=True, file=sys.stderr, disable=None, leave=False
            ) as bar:
                outcome = load.import_file(
                    options["kind"],
                    file,
                    by=job("import_data"),
                    now=timezone.now(),
                    preset=options["preset"],
                    keep_good=options["keep_good"],
                    allow_expired=options["allow_expired"],
                    encoding=options["encoding"],
                    progress=bar.update,
                )
        except InputError as error:
            self._stop(2, str(error))
        except load.ImportBusy:
            self._stop(
                3, "Another import is running. Nothing was changed; try again when it has ended."
            )
        except OSError as error:
            self._stop(
                2,
                f"The list of refused lines cannot be written ({error.strerror}). Nothing was "
                "changed.",
            )
        except OperationalError:
            self._stop(
                3, "The database is away or broke off. Nothing was changed; import the file again."
            )
        except Error as error:  # its own message would show values
            name = (
                getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
                or type(error).__name__
            )
            self._stop(2, f"The database refused the file ({name}). Nothing was changed.")
        self._report(outcome)
        if outcome.rejects:
            raise SystemExit(1 if outcome.went_in else 2)

    def _stop(self, code: int, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        raise SystemExit(code)

    def _report(self, outcome: load.ImportOutcome) -> None:
        counts, kind, say = outcome.counts, outcome.kind, self.stdout.write
        if outcome.ignored:
            say(
                f"Columns that {kind.name} does not have are ignored: {', '.join(outcome.ignored)}."
            )
        say(
            f"{kind.name}: {outcome.lines:,} lines read, {counts.added:,} added, "
            f"{counts.changed:,} changed, "
            f"{counts.unchanged:,} unchanged, {len(outcome.rejects):,} rejected, in "
            f"{outcome.seconds:.1f} s."
        )
        if kind.child is not None and (counts.children_added or counts.children_changed):
            say(
                f"{kind.child.words}: {counts.children_added:,} added, "
                f"{counts.children_changed:,} changed."
            )
        for reason, lines in outcome.held.counts():
            say(f"  {lines:,} held: {reason}")
        if outcome.held:
            listed = rejects.place(outcome.source.path, rejects.HELD)
            say(f"What is held stays as it is here. The lines are in {listed}.")
        if not outcome.lines:
            say("The file holds no lines below its header.")
        if not outcome.rejects:
            return
        reasons = outcome.rejects.counts()
        for reason, lines in reasons[:MOST_REASONS]:
            say(f"  {lines:,} refused: {reason}")
        if len(reasons) > MOST_REASONS:
            say(f"  and {len(reasons) - MOST_REASONS} further reasons")
        listed = rejects.place(outcome.source.path)
        if outcome.went_in:
            say(
                f"The refused lines are in {listed}. Mend them in the file and import it again: "
                "the lines that went in are left as they are."
            )
        else:
            say(
                f"Nothing was changed. The refused lines are in {listed}. Mend them in the file "
                "and import it again, "
                "or let the good lines in with --keep-good."
            )
