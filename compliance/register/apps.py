from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "compliance.register"
    verbose_name = "Register"

    def ready(self) -> None:
        from accounts import roles
        from compliance.register import checks  # noqa: F401  registers the checks

        tables = ("datacategory", "purpose", "lawfulbasis", "recipient", "adequacydecision", "retentionrule")
        roles.grant(roles.CARE_AGENT, *(f"register.view_{name}" for name in tables), "register.view_noticeversion")
        roles.grant(
            roles.DATA_PROTECTION_LEAD,
            *(f"register.{verb}_{name}" for verb in ("view", "add", "change") for name in tables),
            "register.view_noticeversion", "register.add_noticeversion",
        )
