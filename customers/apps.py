from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = "Customers"

    def ready(self) -> None:
        from accounts import roles
        from customers import panels, record_panels

        held = (
            "customer",
            "contactpoint",
            "paymentcard",
            "order",
            "orderline",
            "creditaccount",
            "financiallink",
            "contactnote",
        )
        views = [f"customers.view_{name}" for name in held]
        roles.grant(
            roles.CARE_AGENT, *views, "customers.add_contactnote", "customers.change_customer"
        )
        roles.grant(
            roles.DATA_PROTECTION_LEAD,
            *views,
            "customers.view_fraudmarker",
            "customers.add_contactnote",
            "customers.change_customer",
        )
        roles.grant(
            roles.FRAUD_INVESTIGATOR,
            *views,
            "customers.view_fraudmarker",
            "customers.add_fraudmarker",
            "customers.change_fraudmarker",
            "customers.add_contactnote",
        )
        for panel in record_panels.PANELS:
            panels.register(panel)
