from django.apps import AppConfig


class BreachesConfig(AppConfig):
    name = "compliance.breaches"
    verbose_name = "Breaches"

    def ready(self) -> None:
        from accounts import roles

        roles.grant(
            roles.DATA_PROTECTION_LEAD,
            "breaches.view_breach",
            "breaches.add_breach",
            "breaches.change_breach",
        )
