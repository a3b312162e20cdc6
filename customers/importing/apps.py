from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "customers.importing"
    verbose_name = "Imports"

    def ready(self) -> None:
        from customers.importing import (
            contact_files,
            credit_files,
            customer_files,
            order_files,
            prize_files,
            registry,
        )

        for kind in (
            customer_files.CUSTOMERS,
            order_files.ORDERS,
            credit_files.CREDIT_ACCOUNTS,
            credit_files.PAYMENT_CARDS,
            credit_files.FINANCIAL_LINKS,
            credit_files.FRAUD_MARKERS,
            contact_files.CONTACT_NOTES,
            prize_files.PRIZE_ENTRIES,
        ):
            registry.register(kind)
