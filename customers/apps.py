from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = "Customers"

    def ready(self) -> None:
        from accounts import desk, roles
        from customers.draws import alerts

        held = ("customer", "contactpoint", "paymentcard", "order", "orderline", "creditaccount", "financiallink",
                "contactnote", "prizedraw", "prizeentry")
        views = [f"customers.view_{name}" for name in held]
        roles.grant(roles.CARE_AGENT, *views, "customers.add_contactnote", "customers.change_customer",
                    "customers.change_prizeentry")
        roles.grant(roles.DATA_PROTECTION_LEAD, *views, "customers.view_fraudmarker", "customers.add_contactnote",
                    "customers.change_customer", "customers.add_prizedraw", "customers.change_prizedraw",
                    "customers.change_prizeentry")
        roles.grant(roles.FRAUD_INVESTIGATOR, *views, "customers.view_fraudmarker", "customers.add_fraudmarker",
                    "customers.change_fraudmarker", "customers.add_contactnote")
        desk.register_alert(alerts.waiting_draws)
        roles.grant(roles.CARE_AGENT, "customers.view_message", "customers.change_message")
        roles.grant(roles.DATA_PROTECTION_LEAD, "customers.view_message", "customers.change_message")
