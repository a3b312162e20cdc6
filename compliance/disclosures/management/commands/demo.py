"""`manage.py demo`: something to see on every page of a trial."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from compliance.disclosures.demo import people, script


class Command(BaseCommand):
    help = (
        "Sets the demonstration up in the embedded database: real orders, invented people, staff "
        "sign-ins. "
        "A second call changes nothing. With DATABASE_URL set it does nothing at all."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sign-ins", action="store_true", help="print where to go and how to sign in"
        )
        parser.add_argument(
            "--port", type=int, default=8000, help="the port that the addresses name"
        )

    def handle(self, *args: Any, sign_ins: bool, port: int, **options: Any) -> None:
        if not settings.EMBEDDED_DATABASE:
            self.stdout.write(
                "DATABASE_URL is set: no demonstration goes in, and what is there is served."
            )
        elif sign_ins:
            self._sign_ins(port)
        elif not script.is_set_up():
            script.set_up(now=timezone.localtime(), say=self.stdout.write)

    def _sign_ins(self, port: int) -> None:
        """Addresses, sign-ins and customers to try, as a table that fits 80 columns."""
        root, word = f"http://127.0.0.1:{port}", script.password()
        rows = [
            ("Your data", f"{root}/"),
            ("Privacy notice", f"{root}/privacy/"),
            ("Care desk", f"{root}/admin/"),
        ]
        rows += [("", ""), ("Staff ID", "Password"), ("-" * 8, "-" * len(word))]
        rows += [(staff_id, f"{word}   {role.label}") for staff_id, role in script.STAFF.items()]
        rows += [
            ("", ""),
            ("Customer", "Try it on the care desk"),
            ("-" * 8, "-" * 23),
            (people.RICH, "something on every panel (Okafor BD1 1AA finds two)"),
            (people.BARE, "nearly nothing held"),
            (people.HELD, "long gone, but on hold: review overdue"),
        ]
        for left, right in rows:
            self.stdout.write(f"  {left:<16}{right}".rstrip())
