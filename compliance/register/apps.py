from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "compliance.register"
    verbose_name = "Register"

    def ready(self) -> None:
        from accounts import roles
        from compliance.register import checks  # noqa: F401  registers the checks
        from compliance.register import wording  # noqa: F401  isort: skip  the first half of the notice
        from compliance.register import promises  # noqa: F401  isort: skip  the second half

        tables = (
            "datacategory",
            "purpose",
            "lawfulbasis",
            "recipient",
            "adequacydecision",
            "retentionrule",
        )
        roles.grant(
            roles.CARE_AGENT,
            *(f"register.view_{name}" for name in tables),
            "register.view_noticeversion",
        )
        roles.grant(
            roles.DATA_PROTECTION_LEAD,
            *(f"register.{verb}_{name}" for verb in ("view", "add", "change") for name in tables),
            "register.view_noticeversion",
            "register.add_noticeversion",
            "register.view_stoplist",
        )
        roles.grant(roles.OPERATOR, "register.view_stoplist")
