from django.apps import AppConfig


class MailboxConfig(AppConfig):
    name = "compliance.mailbox"
    verbose_name = "Mailbox"

    def ready(self) -> None:
        from accounts import roles
        from compliance.mailbox import desk as mailbox

        for role in (roles.CARE_AGENT, roles.DATA_PROTECTION_LEAD):
            roles.grant(role, mailbox.VIEW, mailbox.CHANGE)
