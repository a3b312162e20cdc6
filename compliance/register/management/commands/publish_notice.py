"""`manage.py publish_notice`: freeze the privacy notice as the register has it now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.events import job
from compliance.register import publishing


class Command(BaseCommand):
    help = (
        "Publishes the privacy notice that the register gives today. Refused (exit 1) while the "
        "register has "
        "a fault; when nothing has changed, nothing is done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--summary",
            default="The first notice on this site.",
            help="what changed, in a few words that customers read",
        )
        parser.add_argument(
            "--if-none", action="store_true", help="do nothing when a notice is published already"
        )

    def handle(
        self, *args: Any, summary: str, if_none: bool, verbosity: int, **options: Any
    ) -> None:
        if if_none and (before := publishing.latest()) is not None:
            self._say(f"Version {before.number} is published already.", verbosity)
            return
        try:
            version = publishing.publish(
                summary=summary, by=job("publish_notice"), now=timezone.now()
            )
        except publishing.NothingChangedError as unchanged:
            self._say(str(unchanged), verbosity)
        except publishing.NoticeRefusedError as refused:
            raise CommandError(str(refused), returncode=1) from refused
        else:
            self._say(f"Version {version.number} is published.", verbosity)

    def _say(self, text: str, verbosity: int) -> None:
        if verbosity:
            self.stdout.write(text)
