"""What proves the claims that letters make about their case."""

from audit.evidence import Evidence, Source, evidence
from compliance.cases.actions import steps
from compliance.cases.kinds import EventKind
from compliance.cases.models import Case
from compliance.cases.rights import right_of
from compliance.disclosures.instructions import SHOP
from compliance.disclosures.models import Instruction
from customers.models import Customer


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


@evidence("cases.shop_has_it_right")
def shop_has_it_right(customer: Customer) -> Evidence | None:
    """That the shop confirmed every correction of a customer's record that it was to be told of."""
    told = Instruction.objects.filter(
        customer=customer, recipient=SHOP, what=Instruction.What.CORRECT
    )
    last = told.order_by("-acknowledged_on").first()
    if last is None or told.filter(acknowledged_on__isnull=True).exists():
        return None
    return Evidence.row(last, last.acknowledged_on or last.asked_at, Source.ACKNOWLEDGED)


@evidence("cases.looked_at_by_a_person")
def looked_at_by_a_person(case: Case) -> Evidence | None:
    """That a member of staff, who did not take the decision, noted their fresh look at it."""
    found = case.outcomes.filter(effect="review", by__startswith="staff:").last()
    return Evidence.row(found, found.at) if found else None
