from django.apps import AppConfig


class CookiesConfig(AppConfig):
    name = "compliance.cookies"
    verbose_name = "Cookies and visits"

    def ready(self) -> None:
        from accounts import roles
        from compliance.cookies import gpc, notice_part  # noqa: F401  the notice's section
        from compliance.register import pages
        from customers.identity import visits

        pages.add(
            pages.Page(
                "Cookies",
                "cookies:choices",
                "See each cookie and the companies behind it, and accept or refuse them.",
                in_notice="cookies",
            )
        )
        visits.on_proved(gpc.record)
        roles.grant(
            roles.CARE_AGENT,
            "cookies.view_cookie",
            "cookies.view_cookiewording",
            "cookies.view_pagevisits",
        )
        roles.grant(
            roles.DATA_PROTECTION_LEAD,
            "cookies.view_cookie",
            "cookies.add_cookie",
            "cookies.change_cookie",
            "cookies.view_cookiewording",
            "cookies.add_cookiewording",
            "cookies.view_cookiereceipt",
            "cookies.view_pagevisits",
        )
        roles.grant(roles.OPERATOR, "cookies.view_pagevisits")
