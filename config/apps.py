from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin, served by the portal's own site."""

    default_site = "accounts.desk.Desk"

    def ready(self) -> None:
        from config import checks, deployment  # noqa: F401  registers them

        super().ready()
