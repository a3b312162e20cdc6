from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError
from django.utils import timezone

from customers.outbox import delivery
from customers.outbox.models import Message
from jobs import lost_jobs


class Command(BaseCommand):
    help = (
        "Send every message that is due although its job was lost, look up who asked for a code, "
        "look for messages whose "
        "sending was cut off, and for requests that nobody acknowledged. Safe to run at any "
        "time, beside any number of "
        "workers: no message goes out twice. Exit code 0: done; 1: done, but some were not sent "
        "or may not have been, see "
        "Messages on the desk; 3: the database is away."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for retry in lost_jobs.registered():
                retry(now=timezone.now())
            tried = delivery.retry_lost_jobs(now=timezone.now())
            stuck = Message.objects.unsent().count()
        except OperationalError:
            self.stderr.write("The database is away or broke off. Run the command again.")
            raise SystemExit(3) from None
        self.stdout.write(f"{tried} messages were due.")
        if stuck:
            self.stderr.write(
                f"{stuck} messages were not sent, or may not have been: see Messages on the desk."
            )
            raise SystemExit(1)
