"""Django's `check`, which also looks at the live register.

A fault that somebody typed on the desk must show here. It must not stop the other commands, which
run the same system checks first: tonight's purge does not wait for a missing safeguard.
"""

from typing import Any

from django.core.checks import registry
from django.core.management.commands import check

from compliance.register.checks import LIVE, live_register_is_whole


class Command(check.Command):
    def handle(self, *app_labels: Any, **options: Any) -> None:
        live = (live_register_is_whole, *LIVE)
        for one in live:
            registry.register(one, "register")
        try:
            super().handle(*app_labels, **options)
        finally:
            for one in live:
                registry.registry.registered_checks.discard(one)
