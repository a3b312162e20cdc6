import os
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import Error
from django.utils import timezone
from tqdm import tqdm

from compliance.preferences import links
from compliance.preferences.actions import partner_exists
from compliance.preferences.vocabulary import US
from customers.importing import reader


class Command(BaseCommand):
    help = (
        "Add each recipient's own unsubscribe link to a mailing list in CSV: the columns "
        "unsubscribe_url (for the words of "
        "the email), list_unsubscribe and list_unsubscribe_post (the values of its header fields "
        "List-Unsubscribe and "
        "List-Unsubscribe-Post). What stood in the list stays as it was. Exit code 0: every line "
        "has its link; 1: done, but "
        "some lines have none or were left out; 2: wrong file or option, nothing was written; 3: "
        "the database is away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="a CSV file with a header and a column of email addresses"
        )
        parser.add_argument(
            "--column", default="", help="the column of the email addresses, instead of finding it"
        )
        parser.add_argument(
            "--sender",
            default=US,
            help="whose marketing stops: us, or a partner's code in the register",
        )
        parser.add_argument(
            "--out", type=Path, help="where to write the list (default: FILE.links.csv beside it)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        out: Path = options["out"] or file.with_name(f"{file.name}.links.csv")
        try:
            if options["sender"] != US and not partner_exists(options["sender"], timezone.now()):
                self._stop(2, "That sender is not one of the marketing partners in the register.")
            source = reader.inspect(file)
            if out.exists() and out.samefile(file):
                self._stop(
                    2,
                    "The new list cannot take the place of the old one: name another file with "
                    "--out.",
                )
            counts = self._write(source, out, options)
        except reader.InputError as error:
            self._stop(2, str(error))
        except OSError as error:
            self._stop(2, f"The new list cannot be written: {error.strerror}.")
        except Error:
            self._stop(3, "The database is away or broke off. Nothing was written; try again.")
        self._report(counts, out)

    def _write(
        self, source: reader.CsvSource, out: Path, options: dict[str, Any]
    ) -> links.LinkCounts:
        """Write beside the place where it goes, and put it there once it is whole; readable by its
        owner only."""
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        try:
            with (
                os.fdopen(handle, "wb") as to,
                tqdm(
                    total=source.size,
                    unit="B",
                    unit_scale=True,
                    file=sys.stderr,
                    disable=None,
                    leave=False,
                ) as bar,
            ):
                counts = links.add(
                    source,
                    to,
                    column=options["column"],
                    sender=options["sender"],
                    progress=bar.update,
                )
            Path(name).replace(out)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return counts

    def _report(self, counts: links.LinkCounts, out: Path) -> None:
        self.stdout.write(
            f"{out}: {counts.linked:,} lines with a link, {counts.unreadable:,} without one "
            "because the "
            f"address cannot be read, {counts.left_out:,} left out because they are no lines of "
            "this list."
        )
        if counts.first:
            self.stdout.write(
                f"Look at line {', '.join(map(str, counts.first))}"
                f"{' and others' if counts.unreadable + counts.left_out > len(counts.first) else ''}."
            )
            raise SystemExit(1)

    def _stop(self, code: int, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        raise SystemExit(code)
