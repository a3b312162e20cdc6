from django.apps import AppConfig


class DrawsConfig(AppConfig):
    name = "customers.draws"
    verbose_name = "Prize draws"

    def ready(self) -> None:
        from accounts import roles

        for role in (roles.CARE_AGENT, roles.DATA_PROTECTION_LEAD, roles.FRAUD_INVESTIGATOR):
            roles.grant(role, "draws.view_prizedraw", "draws.view_prizeentry")
        roles.grant(roles.CARE_AGENT, "draws.change_prizeentry")
        roles.grant(
            roles.DATA_PROTECTION_LEAD,
            "draws.add_prizedraw",
            "draws.change_prizedraw",
            "draws.change_prizeentry",
        )
