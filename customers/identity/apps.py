from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "customers.identity"
    verbose_name = "Proof of identity"
