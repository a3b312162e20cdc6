from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = "Privacy"

    def ready(self) -> None:
        from privacy import checks, keys  # noqa: F401  registers the checks

        for name in ("PRIVACY_KEYS", "SUPPRESSION_KEYS", "FEED_KEYS"):
            keys.ring(name)  # a missing or malformed key refuses to start
