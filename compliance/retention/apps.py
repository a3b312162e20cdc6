from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "compliance.retention"
    verbose_name = "Retention"

    def ready(self) -> None:
        from accounts import roles
        from compliance.retention import checks, expiry  # noqa: F401  registers the checks
        from customers.importing import registry

        registry.register_expiry_check(expiry.past_retention)

        roles.grant(roles.CARE_AGENT, "retention.view_legalhold")
        roles.grant(
            roles.DATA_PROTECTION_LEAD,
            "retention.view_legalhold",
            "retention.add_legalhold",
            "retention.change_legalhold",
            "retention.view_purgerun",
        )
        roles.grant(roles.OPERATOR, "retention.view_purgerun")
