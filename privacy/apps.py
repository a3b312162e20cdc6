from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = "Privacy"

    def ready(self) -> None:
        from privacy import checks, keys  # noqa: F401  registers the checks

        keys.ring()  # a missing or malformed key refuses to start
