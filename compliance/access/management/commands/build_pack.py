import os
import secrets
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, transaction
from django.utils import timezone

from audit import events as audit
from compliance.access import archive
from compliance.access.archive import Made
from compliance.access.reviewed import UNREAD
from customers import normalise
from customers.identity.codes import LETTERS
from customers.models import Customer
from customers.typeset import TypesetError


class Command(BaseCommand):
    help = (
        "Write everything held about a customer into a zip archive below DIR: a document to "
        "read, a CSV file for each kind "
        "of record, the same as JSON, and checksums. Free text that nobody has read, other "
        "people's data and whatever must "
        "not be shown are left out: a full copy comes only from a request whose redaction was "
        "checked. THE FILE IS NOT "
        "ENCRYPTED; only its owner may read it. Audited. Exit code 0: done; 2: no such customer, "
        "or DIR cannot be written; "
        "3: the database is away, or the document could not be laid out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", metavar="CUSTOMER_NUMBER")
        parser.add_argument(
            "--out",
            type=Path,
            required=True,
            metavar="DIR",
            help="where the archive is put; made if missing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            customer = Customer.objects.get(
                customer_number=normalise.customer_number(options["number"])
            )
        except (Customer.DoesNotExist, ValueError):
            self._stop(
                2,
                "No customer has this number. If they were erased, nothing about them is left to "
                "show.",
            )
        except OperationalError:
            self._stop(3, "The database is away. Nothing was written; try again.")
        reference = f"P-{''.join(secrets.choice(LETTERS) for _ in range(8))}"
        target = options["out"] / f"pack-{reference}.zip"
        try:
            made = self._write(customer, target, reference)
        except OSError as error:
            self._stop(
                2,
                f"{options['out']} cannot be written ({error.strerror}). Nothing was left there; "
                "give another DIR.",
            )
        except OperationalError:
            self._stop(3, "The database is away or broke off. Nothing was left behind; try again.")
        except TypesetError as error:
            self._stop(3, f"{error} Nothing was left behind; tell the developers.")
        self.stdout.write(
            f"{target}: {made.records:,} records, {made.size:,} bytes, SHA-256 {made.digest}"
        )
        self.stderr.write(
            self.style.WARNING(
                "This file is not encrypted. Hand it over by a safe road and delete it. Free "
                "text that nobody has read is left "
                "out: for a full copy, open a request on the desk."
            )
        )

    def _write(self, customer: Customer, target: Path, reference: str) -> Made:
        """Write the archive for its owner alone; it gets its name together with its entry in the
        trail, or goes again."""
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        try:
            with os.fdopen(
                os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb"
            ) as file:
                made = archive.write(
                    file, customer, reference=reference, texts=UNREAD, now=timezone.now()
                )
            with transaction.atomic():
                audit.pack_exported(
                    by=audit.job("build_pack"),
                    subject=customer.pk,
                    reference=reference,
                    records=made.records,
                    size=made.size,
                    digest=made.digest,
                )
                part.rename(target)
        except BaseException:  # also when it is interrupted: no half of it stays
            part.unlink(missing_ok=True)
            target.unlink(missing_ok=True)
            raise
        return made

    def _stop(self, code: int, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        raise SystemExit(code)
