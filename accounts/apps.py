from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Staff"

    def ready(self) -> None:
        from accounts import roles

        two_people = [f"accounts.{verb}_approval" for verb in ("view", "add", "change")]
        roles.grant(roles.DATA_PROTECTION_LEAD, "audit.view_entry", *two_people)
        roles.grant(roles.FRAUD_INVESTIGATOR, *two_people)
        roles.grant(
            roles.OPERATOR,
            "audit.view_entry",
            "accounts.view_staffuser",
            "accounts.add_staffuser",
            "accounts.change_staffuser",
        )
