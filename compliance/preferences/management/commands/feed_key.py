"""`manage.py feed_key PARTNER`: what a partner needs to compare its own list with our feed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit import events
from compliance.preferences import actions, contact_digests
from privacy import keys


class Command(BaseCommand):
    help = (
        "Print the keys of the feed for a marketing partner (its code in the register): a line "
        "for each key on the ring with "
        "its id, as it stands in the feed, and 64 hex digits. They are a secret that both of you "
        "hold; hand them over as the "
        "contract says. Exit code 0: done; 2: no such partner; 3: the database is away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("partner", help="the partner's code in the register")

    def handle(self, *args: Any, partner: str, **options: Any) -> None:
        if not actions.partner_exists(partner, timezone.now()):
            raise CommandError(
                "The register knows no marketing partner of that code.", returncode=2
            )
        ids = keys.ring("FEED_KEYS").ids
        events.feed_key_shown(by=events.job("feed_key"), partner=partner, keys=list(ids))
        for key_id in ids:
            self.stdout.write(f"{key_id} {contact_digests.feed_key(key_id).hex()}")
