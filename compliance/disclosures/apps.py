from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    name = "compliance.disclosures"
    verbose_name = "Disclosures"

    def ready(self) -> None:
        from accounts import roles
        from compliance.disclosures.importing import DISCLOSURES
        from customers.importing import registry

        roles.grant(roles.CARE_AGENT, "disclosures.view_disclosure")
        roles.grant(
            roles.DATA_PROTECTION_LEAD,
            "disclosures.view_disclosure",
            "disclosures.view_filingwithdrawal",
        )
        roles.grant(
            roles.FRAUD_INVESTIGATOR,
            "disclosures.view_disclosure",
            "disclosures.view_filingwithdrawal",
            "disclosures.add_filingwithdrawal",
            "disclosures.change_filingwithdrawal",
            "retention.view_legalhold",
        )
        registry.register(DISCLOSURES)
