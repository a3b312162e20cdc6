"""What proves that the register is the owner's."""

from audit.evidence import Evidence, Source, evidence
from compliance.register.models import RetentionRule


@evidence("register.rules_confirmed")
def rules_confirmed() -> Evidence | None:
    """That the owner confirmed every retention rule in use: since the last was."""
    rules = RetentionRule.objects.in_use()
    last = rules.order_by("-confirmed_on", "pk").filter(confirmed_on__isnull=False).first()
    if last is None or last.confirmed_on is None or rules.filter(confirmed_on=None).exists():
        return None
    return Evidence.row(last, last.confirmed_on, Source.CONFIRMED)
