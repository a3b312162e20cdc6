from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "customers.importing"
    verbose_name = "Imports"
