"""`manage.py close_dormant`: end the relationships that nobody ended."""

import datetime
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone
from tqdm import tqdm

from audit.events import job
from compliance.retention import dormancy
from compliance.retention.explain import british
from jobs import races


class Command(BaseCommand):
    help = (
        "End the relationships with customers who owe nothing and of whom nothing was heard for "
        "as long as the register says (its rule identity-dormant), and resume those of customers "
        "who returned. Safe to run twice and late; run it before the purge. Exit code 0: done; 1: "
        "nothing was done because the rule is retired or not confirmed; 2: wrong usage; 3: the "
        "database is away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of",
            type=datetime.date.fromisoformat,
            metavar="DATE",
            help="judge by this day instead of today; only a dry run may look ahead",
        )
        parser.add_argument("--dry-run", action="store_true", help="count, change nothing")

    def handle(
        self, *args: Any, as_of: datetime.date | None, dry_run: bool, **options: Any
    ) -> None:
        today = timezone.localdate()
        as_of = as_of or today
        if as_of > today and not dry_run:
            raise CommandError(
                "Nothing can end on a day that has not come yet; a dry run may look ahead.",
                returncode=2,
            )
        rule = dormancy.rule()
        if rule is None:
            self.stdout.write("The register has no rule identity-dormant in use: nothing ends.")
            sys.exit(1)
        try:
            text = self._dry(rule, as_of) if dry_run else self._close(rule, as_of)
        except OperationalError as error:
            raise CommandError(
                races.in_words(error),
                returncode=3,
            ) from None
        self.stdout.write(text)
        if not rule.confirmed:
            self.stdout.write(
                "The owner has not confirmed the rule identity-dormant: until then nothing ends."
            )
            sys.exit(1)

    def _dry(self, rule: dormancy.Dormancy, as_of: datetime.date) -> str:
        found = dormancy.over(rule, as_of).count()
        return f"As of {british(as_of)}, {found:,} relationships would end (dry run)."

    def _close(self, rule: dormancy.Dormancy, as_of: datetime.date) -> str:
        if not rule.confirmed:
            return self._dry(rule, as_of)
        with tqdm(unit=" customers", desc="Looking", disable=not sys.stderr.isatty()) as bar:
            ended, resumed = dormancy.close(
                rule, as_of=as_of, by=job("close_dormant"), progress=bar.update
            )
        return (
            f"As of {british(as_of)}, {ended:,} relationships ended of which nothing was heard; "
            f"{resumed:,} go on because the customer returned."
        )
