"""What the effects of requests add to the rooms below and to the desk, as the application starts."""

from accounts import desk, roles
from compliance.preferences import bars
from compliance.casework.outcomes import alerts
from compliance.outcomes import base, packs, restriction
from customers.panels import Panel, register

PANEL = "admin/outcomes/panel.html"


def join() -> None:
    """Bar the restricted from marketing, warn on the desk, show restrictions and statements, and say who may do what."""
    packs.join()
    bars.register(lambda: restriction.active().values("customer"))
    desk.register_alert(alerts.restrictions)
    desk.register_alert(alerts.recipients_to_tell)
    register(Panel("Restriction and statements", PANEL, alerts.panel, "cases.view_restriction", 15))
    seen = [f"cases.view_{name}" for name in ("outcome", "recipientnotice", "restriction", "datacopy", "statement")]
    for role in (roles.CARE_AGENT, roles.DATA_PROTECTION_LEAD):
        roles.grant(role, *seen, base.ADD, "cases.change_recipientnotice", "cases.change_restriction")
    roles.grant(roles.DATA_PROTECTION_LEAD, base.ERASE)
