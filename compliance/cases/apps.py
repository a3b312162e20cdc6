from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "compliance.cases"
    verbose_name = "Rights requests"

    def ready(self) -> None:
        from accounts import roles
        from compliance.cases import needs
        from compliance.cases.rights import RIGHTS
        from compliance.mailbox import request_words
        from customers import open_requests

        request_words.register({right.code: right.mail for right in RIGHTS if right.mail})

        open_requests.register(open_requests.Source(needs.of, needs.needing))

        for role in (roles.CARE_AGENT, roles.DATA_PROTECTION_LEAD):
            roles.grant(
                role,
                *(f"cases.{verb}_case" for verb in ("view", "add", "change")),
                "cases.view_caseevent",
                "cases.view_task",
                "cases.change_task",
                "cases.view_attachment",
                "cases.add_attachment",
            )
        for role in (roles.CARE_AGENT, roles.DATA_PROTECTION_LEAD):
            roles.grant(role, "cases.view_letterwording", "cases.view_casemessage")
        roles.grant(roles.DATA_PROTECTION_LEAD, "cases.add_letterwording")
