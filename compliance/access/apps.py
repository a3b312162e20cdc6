from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "compliance.access"
    verbose_name = "Copies of data"

    def ready(self) -> None:
        from accounts import roles
        from compliance.access.actions import builds
        from jobs import lost_jobs

        lost_jobs.register(builds.retry_lost_jobs)
        for role in (roles.CARE_AGENT, roles.DATA_PROTECTION_LEAD, roles.FRAUD_INVESTIGATOR):
            roles.grant(role, "access.view_pack", "access.change_pack", "access.check_pack")
