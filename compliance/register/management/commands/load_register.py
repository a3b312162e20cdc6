"""`manage.py load_register`: the shipped register into the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from audit.events import job
from compliance.register import actions
from compliance.register.models import RetentionRule


class Command(BaseCommand):
    help = (
        "Adds the shipped categories, purposes, recipients, adequacy decisions and retention "
        "rules that the "
        "database lacks, by their code. A row that is there is never changed, so it is safe to "
        "run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--confirm-defaults",
            action="store_true",
            help="also confirm every retention rule that nobody has confirmed; for trials and "
            "demos",
        )

    def handle(self, *args: Any, confirm_defaults: bool, verbosity: int, **options: Any) -> None:
        by = job("load_register")
        added = actions.load(by=by)
        if verbosity:
            for table, number in added.items():
                self.stdout.write(f"{table:20} {number:4} added")
        if confirm_defaults:
            waiting = RetentionRule.objects.unconfirmed()
            confirmed = actions.confirm(
                waiting, by=by, why="Defaults accepted with --confirm-defaults", now=timezone.now()
            )
            if verbosity:
                self.stdout.write(f"{'rules':20} {confirmed:4} confirmed")
