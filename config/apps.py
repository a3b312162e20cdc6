from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin, served by the portal's own site."""

    default_site = "accounts.desk.Desk"
