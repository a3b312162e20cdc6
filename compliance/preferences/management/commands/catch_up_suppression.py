from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError
from django.utils import timezone

from audit import events
from compliance.preferences import customer_contacts, intake


class Command(BaseCommand):
    help = (
        "Match the requests to stop marketing whose job was lost, and put every contact point "
        "that came since under its "
        "owner's objections. Screening does the second by itself; a timer does both every ten "
        "minutes and before the purge, "
        "so that an address is on the suppression list before it is erased. Safe to run at any "
        "time and twice. Exit code 0: "
        "done; 3: the database is away."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            matched = intake.retry_lost_jobs(by=events.job("match_request"), now=now)
            count = customer_contacts.suppress_pending(now=now)
        except OperationalError:
            self.stderr.write("The database is away or broke off. Run the command again.")
            raise SystemExit(3) from None
        self.stdout.write(
            f"{matched:,} requests were matched, {count:,} customers with an objection were "
            "looked at."
        )
