"""What proves the claims that letters and pages make about marketing."""

from typing import Protocol

from audit.evidence import Evidence, evidence
from compliance.preferences.models import ChoiceEvent


class Referenced(Protocol):
    """A request whose reference is that of its act in the ledger."""

    reference: str


@evidence("preferences.stopped")
def stopped(request: Referenced) -> Evidence | None:
    """That the ledger holds the objection, or the withdrawal, of a request."""
    found = ChoiceEvent.objects.filter(reference=request.reference).order_by("pk").first()
    return Evidence.row(found, found.recorded_at) if found else None
