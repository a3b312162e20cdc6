import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError
from tqdm import tqdm

from audit.events import job
from customers import rotation
from privacy import keys

MOST_FAULTS = 10


class Command(BaseCommand):
    help = (
        "Seal every value that stands under an older key anew under the first key of "
        "PRIVACY_KEYS, and renew its "
        "look-up hashes. Safe to kill and to run again, while the portal is in use. With --check "
        "nothing is changed: "
        "it prints how many values each key still seals, so that you know when an old key may "
        "leave PRIVACY_KEYS. "
        "Exit code 0: everything stands under the first key; 1: something does not; 3: the "
        "database is away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only print how many values each key seals"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            faults = [] if options["check"] else self._rotate()
            left = self._report()
        except OperationalError:
            self.stderr.write(
                "The database is away or broke off. What was renewed stays; run the command again."
            )
            raise SystemExit(3) from None
        for fault in faults[:MOST_FAULTS]:
            self.stderr.write(fault)
        if len(faults) > MOST_FAULTS:
            self.stderr.write(f"... and {len(faults) - MOST_FAULTS:,} more rows.")
        if left:
            raise SystemExit(1)

    def _rotate(self) -> list[str]:
        with tqdm(
            total=rotation.stale_rows(), unit="row", file=sys.stderr, disable=None, leave=False
        ) as bar:
            result = rotation.rotate(by=job("rotate_keys"), done=bar.update)
        self.stdout.write(f"Renewed {result.rows:,} rows under the key {keys.ring().current}.")
        return result.faults

    def _report(self) -> int:
        """Print what each key seals; returns how many values do not stand under the current one."""
        ring, values = keys.ring(), rotation.values_by_key()
        for key_id in [*ring.ids, *sorted(set(values) - set(ring.ids))]:
            count = values[key_id]
            if key_id == ring.current:
                meaning = "seals now"
            elif key_id not in ring.ids:
                meaning = "NOT in PRIVACY_KEYS: these values cannot be opened"
            elif count:
                meaning = "still needed: run rotate_keys"
            else:
                meaning = "seals nothing here any more; backups made before the rotation need it"
            self.stdout.write(f"{key_id:<16} {count:>12,}  {meaning}")
        return values.total() - values[ring.current]
