from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "compliance.casework"
    verbose_name = "Case work"

    def ready(self) -> None:
        from compliance.cases.kinds import CaseKind
        from compliance.casework import demo
        from compliance.casework.actions import intake
        from compliance.disclosures.demo import scenes
        from compliance.letters import (
            checks,  # noqa: F401  registers the checks of letters
            moved,
        )
        from compliance.mailbox import enquiries
        from compliance.outcomes import held
        from customers.importing import registry

        enquiries.register(CaseKind.BEREAVEMENT, intake.take_email_about_the_dead)
        registry.register_after("customers", moved.follow_import)
        registry.register_holds(held.holds, held.confirm)
        registry.register_erased(held.erased)
        self._outcomes()
        scenes.register(demo.scene)

    def _outcomes(self) -> None:
        """Let restrictions stop uses, warn on the desk, show restrictions and statements,
        and say who may do what."""
        from accounts import roles
        from compliance.casework.outcomes import panel
        from compliance.casework.outcomes.desk_pages import case_url_of
        from compliance.disclosures import instructions
        from compliance.outcomes import access, base, restriction, stops
        from compliance.register import gate
        from customers.panels import Panel, register

        access.register()
        instructions.register_origin(case_url_of)
        gate.register_stop(restriction.STOP)
        gate.register_stop(stops.STOP)
        gate.register_consumer(
            "Colleagues, by the page about one customer",
            "service",
            "support",
            "prize-draws",
            "legal-claims",
            "accountability",
        )
        register(
            Panel(
                "Restriction and statements",
                "admin/outcomes/panel.html",
                panel.panel,
                "cases.view_restriction",
                15,
            )
        )
        seen = [
            f"cases.view_{name}"
            for name in (
                "outcome",
                "restriction",
                "processingstop",
                "datacopy",
                "statement",
            )
        ]
        for role in (roles.CARE_AGENT, roles.DATA_PROTECTION_LEAD):
            roles.grant(role, *seen, base.ADD, "cases.change_restriction")
        roles.grant(roles.DATA_PROTECTION_LEAD, base.ERASE, "cases.change_processingstop")
