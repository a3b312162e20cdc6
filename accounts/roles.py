"""Roles as code: what each kind of staff may do. Nobody may do what is not granted here.

Each room grants its own permissions when it starts (`roles.grant(...)` in its AppConfig), so this
lowest room knows none of them by name. The auditor may view everything and change nothing.
"""

from collections import defaultdict

from django.db import models


class Role(models.TextChoices):
    CARE_AGENT = "care_agent", "Care agent"
    DATA_PROTECTION_LEAD = "data_protection_lead", "Data protection lead"
    FRAUD_INVESTIGATOR = "fraud_investigator", "Fraud investigator"
    AUDITOR = "auditor", "Auditor (reads all, changes nothing)"
    OPERATOR = "operator", "Operator"


CARE_AGENT, DATA_PROTECTION_LEAD, FRAUD_INVESTIGATOR = (
    Role.CARE_AGENT,
    Role.DATA_PROTECTION_LEAD,
    Role.FRAUD_INVESTIGATOR,
)
AUDITOR, OPERATOR = Role.AUDITOR, Role.OPERATOR

_granted: defaultdict[str, set[str]] = defaultdict(set)


def grant(role: Role, *permissions: str) -> None:
    """Let `role` do what `permissions` (`app.verb_model`) name. Called by each room as it
    starts."""
    _granted[role].update(permissions)


def allows(role: str, permission: str) -> bool:
    """Whether a role may do what a permission names. An unknown role may do nothing."""
    if role == AUDITOR and permission.partition(".")[2].startswith("view_"):
        return True
    return permission in permissions_of(role)


def permissions_of(role: str) -> frozenset[str]:
    """Everything granted to a role by name (the auditor's right to view is a rule, not a list)."""
    return frozenset(_granted.get(role, ()))
