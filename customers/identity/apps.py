from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "customers.identity"
    verbose_name = "Proof of identity"

    def ready(self) -> None:
        from customers.identity import deliver, subjects
        from customers.identity.customer import CUSTOMER
        from jobs import lost_jobs

        subjects.register(CUSTOMER)
        lost_jobs.register(deliver.retry_lost_jobs)
