from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "customers.outbox"
    verbose_name = "Messages"

    def ready(self) -> None:
        from accounts import roles

        for role in (roles.CARE_AGENT, roles.DATA_PROTECTION_LEAD):
            roles.grant(role, "outbox.view_message", "outbox.change_message")
