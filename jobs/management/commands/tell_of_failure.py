import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone


class Command(BaseCommand):
    help = (
        "Tell the mailbox of REMINDERS_TO that a unit or command failed (deploy/systemd/, "
        "deploy/portal-job). Needs no database, for it may be the database that is away. Exit "
        "code 0: told; 2: REMINDERS_TO is not set, or the name is none; 3: the mail server is away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", help="the unit or command that failed")

    def handle(self, *args: Any, **options: Any) -> None:
        what = options["what"]
        if not settings.REMINDERS_TO:
            raise CommandError("REMINDERS_TO is not set: nobody can be told.", returncode=2)
        if not what.isprintable() or len(what) > 200:
            raise CommandError("That is not the name of a unit or command.", returncode=2)
        host, now = socket.gethostname(), timezone.localtime()
        try:
            send_mail(
                f"{what} failed on {host}",
                f"{what} failed on {host} on {now:%-d %B %Y at %H:%M}.\n\n"
                f"What it said: journalctl -u {what} --since today\n"
                "or, without systemd, the log that deploy/crontab names.\n\n"
                "What its exit code means and what to do: docs/operations.md. Every command is "
                "safe to run again.\n",
                None,
                [settings.REMINDERS_TO],
            )
        except OSError as fault:
            raise CommandError(
                f"The mail server is away ({type(fault).__name__}).", returncode=3
            ) from None
