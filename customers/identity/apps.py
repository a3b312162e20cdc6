from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "customers.identity"
    verbose_name = "Proof of identity"

    def ready(self) -> None:
        from customers.identity import proof_actions
        from jobs import lost_jobs

        lost_jobs.register(proof_actions.retry_lost_jobs)
