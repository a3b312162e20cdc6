from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    name = "compliance.disclosures"
    verbose_name = "Disclosures"

    def ready(self) -> None:
        from accounts import roles
        from compliance.disclosures import alerts
        from compliance.disclosures.importing import DISCLOSURES
        from customers.importing import registry

        followed = ("disclosures.view_instruction", "disclosures.change_instruction")
        roles.grant(roles.CARE_AGENT, "disclosures.view_disclosure", *followed)
        roles.grant(
            roles.DATA_PROTECTION_LEAD,
            "disclosures.view_disclosure",
            *followed,
            alerts.ESCALATED,
        )
        roles.grant(
            roles.FRAUD_INVESTIGATOR,
            "disclosures.view_disclosure",
            *followed,
            "retention.view_legalhold",
        )
        registry.register(DISCLOSURES)
