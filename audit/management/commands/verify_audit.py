from typing import Any

from django.core.management.base import BaseCommand

from audit import chain


class Command(BaseCommand):
    help = (
        "Verify the hash chain of the audit trail. Prints each row that was changed, removed or "
        "inserted. "
        "Exit code 0: the trail is whole; 1: it is not."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(chain.faults())
        for fault in faults:
            self.stdout.write(self.style.ERROR(fault.sentence))
        if faults:
            self.stderr.write(
                "The trail is not whole. Keep the database as it is and tell the data protection "
                "lead."
            )
            raise SystemExit(1)
        whole = f"The trail is whole: {chain.length():,} rows, each linked to the one before."
        self.stdout.write(self.style.SUCCESS(whole))
        if chain.expired():
            self.stdout.write(
                f"Rows 1 to {chain.expired():,} had expired and were removed by retention."
            )
