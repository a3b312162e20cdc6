from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from compliance.retention.explain import records
from customers import normalise
from customers.models import Customer


class Command(BaseCommand):
    help = (
        "Say for each record held about a customer why it is still kept and until when. Records "
        "of a fraud investigation "
        "under way are left out, so that the output may be read to the customer, unless "
        "--show-all. "
        "Exit code 0: done; 2: no such customer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", metavar="CUSTOMER_NUMBER")
        parser.add_argument(
            "--show-all",
            action="store_true",
            help="for colleagues only: also what must not be tipped off",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            customer = Customer.objects.get(
                customer_number=normalise.customer_number(options["number"])
            )
        except (Customer.DoesNotExist, ValueError):
            raise CommandError(
                "No customer has this number. If they were erased, nothing about them is left but "
                "counts; a person who returned has a new number.",
                returncode=2,
            ) from None
        count = 0
        for line in records(customer, today=timezone.localdate(), show_all=options["show_all"]):
            self.stdout.write(f"{line.reference}: {line.sentence}")
            count += 1
        self.stdout.write(f"{count:,} records.")
