"""`manage.py load_cookies`: the shipped list of cookies into the database."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from audit.events import job
from compliance.cookies import actions, wording


class Command(BaseCommand):
    help = (
        "Adds the shipped cookies that the list lacks, by their code. A row that is there is "
        "never changed, so it is safe to "
        "run again. Visitors see the list once somebody has published it. Exit code 0: done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--publish-first",
            action="store_true",
            help="also publish the list when none is published yet; for trials, so in the embedded "
            "database only",
        )

    def handle(self, *args: Any, publish_first: bool, verbosity: int, **options: Any) -> None:
        by = job("load_cookies")
        said = [f"{actions.load(by=by)} cookies added."]
        if publish_first and settings.EMBEDDED_DATABASE and wording.current() is None:
            version = actions.publish(
                summary="The first list of cookies.", by=by, now=timezone.now()
            )
            said.append(f"Version {version.number} of the wording is published.")
        if verbosity:
            self.stdout.write(" ".join(said))
