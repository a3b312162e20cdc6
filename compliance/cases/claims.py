"""What proves the claims that letters make about their case."""

from audit.evidence import Evidence, evidence
from compliance.cases.actions import steps
from compliance.cases.kinds import EventKind
from compliance.cases.models import Case
from compliance.cases.rights import right_of


@evidence("cases.closed_for_silence")
def closed_for_silence(case: Case) -> Evidence | None:
    """That a case is closed when nothing comes: only where we asked who somebody is."""
    events = list(case.events.all())
    if not right_of(case.kind).may_lapse or "identity" not in steps.awaited(events):
        return None
    asked = [event for event in events if event.kind == EventKind.ID_REQUESTED][-1]
    return Evidence.row(asked, asked.on)


@evidence("cases.still_restricted")
def still_restricted(case: Case) -> Evidence | None:
    """That the restriction which a case began is in force."""
    found = case.restrictions.in_force().first()
    return Evidence.row(found, found.began_at) if found else None
