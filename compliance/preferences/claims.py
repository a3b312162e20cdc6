"""What proves the claims that letters and pages make about marketing."""

from typing import Protocol

from audit.evidence import Evidence, evidence
from compliance.preferences.models import ChoiceEvent
from compliance.preferences.vocabulary import ChoiceKind

STOPS = (ChoiceKind.OBJECTION, ChoiceKind.WITHDRAWAL)


class Referenced(Protocol):
    """A request, or an answer to one, whose reference is that of its act in the ledger."""

    reference: str


@evidence("preferences.stopped")
def stopped(request: Referenced | str) -> Evidence | None:
    """That the ledger holds the objection, or the withdrawal, of a request (or of a reference)."""
    reference = request if isinstance(request, str) else request.reference
    said = ChoiceEvent.objects.filter(reference=reference, kind__in=STOPS)
    found = said.order_by("pk").first()
    return Evidence.row(found, found.recorded_at) if found else None
