from django.apps import AppConfig
from django.urls import reverse


class DisclosuresConfig(AppConfig):
    name = "compliance.disclosures"
    verbose_name = "Disclosures"

    def ready(self) -> None:
        from accounts import approvals, roles
        from compliance.disclosures import alerts
        from compliance.disclosures.importing import DISCLOSURES
        from customers.importing import registry
        from customers.models.markers import KEEP, TELL
        from customers.panels import SEES_INVESTIGATIONS

        followed = ("disclosures.view_instruction", "disclosures.change_instruction")
        written = ("disclosures.view_disclosure", "disclosures.add_disclosure")
        roles.grant(roles.CARE_AGENT, *written, *followed)
        roles.grant(
            roles.DATA_PROTECTION_LEAD,
            *written,
            *followed,
            alerts.ESCALATED,
            alerts.LOOK,
        )
        roles.grant(
            roles.FRAUD_INVESTIGATOR,
            "disclosures.view_disclosure",
            *followed,
            "retention.view_legalhold",
        )
        registry.register(DISCLOSURES)
        for act, label, says in (
            (
                KEEP,
                "Keep fraud work from the person",
                "Fraud records, filings and checks with fraud prevention agencies are then left "
                "out of what this person is told.",
            ),
            (
                TELL,
                "Tell the person although it is a suspicion",
                "This person is then told of an open investigation and of what was filed because "
                "of it.",
            ),
        ):
            approvals.register(
                approvals.Act(
                    act,
                    label,
                    says,
                    SEES_INVESTIGATIONS,
                    lambda one: reverse("admin:customers_customer_change", args=[one.person]),
                )
            )
