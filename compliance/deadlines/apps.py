from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "compliance.deadlines"
    verbose_name = "Bank holidays"

    def ready(self) -> None:
        from accounts import roles
        from compliance.deadlines import checks  # noqa: F401  registers the check

        for role in (roles.CARE_AGENT, roles.DATA_PROTECTION_LEAD):
            roles.grant(role, "deadlines.view_proclaimedday", "deadlines.view_confirmedyear")
        roles.grant(
            roles.DATA_PROTECTION_LEAD,
            "deadlines.add_proclaimedday",
            "deadlines.change_proclaimedday",
            "deadlines.add_confirmedyear",
        )
