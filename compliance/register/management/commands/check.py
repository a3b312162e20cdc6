"""Django's `check`, which also looks at the live register.

A fault that somebody typed on the desk must show here. It must not stop the other commands, which
run the same system checks first: tonight's purge does not wait for a missing safeguard.
"""

from typing import Any

from django.core.checks import registry
from django.core.management.commands import check

from compliance.register.checks import live_register_is_whole


class Command(check.Command):
    def handle(self, *app_labels: Any, **options: Any) -> None:
        registry.register(live_register_is_whole, "register")
        try:
            super().handle(*app_labels, **options)
        finally:
            registry.registry.registered_checks.discard(live_register_is_whole)
