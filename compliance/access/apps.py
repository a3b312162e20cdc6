from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "compliance.access"
    verbose_name = "Access packs"
