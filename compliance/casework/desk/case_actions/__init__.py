"""Everything that a colleague can do on a case on the desk, in the groups of its page.

base   what they have in common: the button, the form, what happens
go_on  what came, reminding, confirming, answering, opening it again
write  messages, notes, what they said, files
ask    asking the person for something
who    who it is, how they are reached, who works on it
end    putting it off, answering in part, refusing, withdrawing, merging, closing
"""

from collections.abc import Sequence

from compliance.cases.kinds import COMPLAINTS, EventKind
from compliance.cases.rights import right_of
from compliance.casework.desk.case_actions import ask, end, go_on, who, write
from compliance.casework.desk.case_actions.base import CaseAction, CaseToday

__all__ = ["CASE_ACTIONS", "GROUPS", "CaseAction", "CaseToday", "first", "offered"]

# The title of each group of buttons on the page of a case, with its actions.
GROUPS: dict[str, tuple[CaseAction, ...]] = {
    "Go on": go_on.ACTIONS,
    "Write": write.ACTIONS,
    "Ask them for something": ask.ACTIONS,
    "Who it is, and who works on it": who.ACTIONS,
    "Put it off, or end it": end.ACTIONS,
}
CASE_ACTIONS: dict[str, CaseAction] = {
    action.code: action for group in GROUPS.values() for action in group
}


def offered(on: CaseToday) -> list[CaseAction]:
    """What can be done now, group by group."""
    return [action for action in CASE_ACTIONS.values() if action.offered(on)]


def first(on: CaseToday, offers: Sequence[CaseAction]) -> str:
    """The code of what to do next: the one button that stands out. Empty when something else on the
    page comes first."""
    codes = [action.code for action in offers]
    case = on.case
    if not case.is_open:
        return ""
    if on.waiting:
        return _first_while_waiting(on, codes)
    if case.customer_id is None and not right_of(case.kind).anybody_may:
        return ""  # the proposals, whose request it is
    if not right_of(case.kind).never_proof and "identified" in codes:
        return "identified"  # nothing of what we hold is told before
    acknowledged = ("acknowledge",) if case.kind in COMPLAINTS else ()  # the law asks for that
    return next((code for code in ("complete", "outcome", *acknowledged) if code in codes), "")


def _first_while_waiting(on: CaseToday, codes: Sequence[str]) -> str:
    if "lapse" in codes:
        return "lapse"
    overdue = on.case.review_on is not None and on.case.review_on <= on.today
    reminded = any(
        event.kind == EventKind.REMINDED
        and event.codes.get("who") == "customer"
        and event.on >= max(on.waiting.values())
        for event in on.events
    )
    if overdue and not reminded and "remind" in codes:
        return "remind"
    return next((code for code in codes if code.endswith("-came")), "")
