"""Who it is, how they are reached, and who works on it."""

import datetime

from compliance.cases.kinds import EventKind
from compliance.cases.models import Case
from compliance.casework.actions import work
from compliance.casework.desk import forms
from compliance.casework.desk.case_actions.base import CaseAction, CaseToday, Given
from compliance.register import time_limits


class Identify(CaseAction):
    code = "identified"
    label = "It is clear who asks"
    says = "Write down how you know it."
    form = forms.IdentifyForm
    done = "Recorded: it is clear who asks."
    event = EventKind.IDENTIFIED

    def makes_sense(self, on: CaseToday) -> bool:
        return on.case.identified_at is None and "identity" not in on.waiting

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.identify(case, how=given["how"], by=by, now=now)


class MatchCustomer(CaseAction):
    code = "match"
    label = "Say which customer it is"
    says = "Look at the proposals on the page first."
    form = forms.MatchForm
    done = "Matched to that customer."
    event = EventKind.MATCHED

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.match_to(case, customer=given["customer_number"], by=by, now=now)


class Reach(CaseAction):
    code = "reach"
    label = "Change how they are reached"
    says = "Where letters about this case go. The customer’s own record stays as it is."
    form = forms.ReachForm
    done = "Recorded."

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.reach(
            case,
            email=given["email"],
            phone=given["phone"],
            address=given["address"],
            by=by,
            now=now,
        )


class Assign(CaseAction):
    code = "assign"
    label = "Give it to somebody"
    says = "Reminders go to them."
    form = forms.AssignForm
    done = "Recorded."
    event = EventKind.ASSIGNED

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.assign(case, to=given["to"], by=by, now=now)


class NoteNegotiations(CaseAction):
    code = "negotiations"
    label = "When negotiations ended"
    says = f"Section 157 is for requests that come within {time_limits.window('cra_disclosure')} after that."
    form = forms.NegotiationsForm
    done = "Recorded. The clock was worked out anew."
    event = EventKind.NEGOTIATIONS_ENDED

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.negotiations_ended(case, on=given["on"], by=by, now=now)


ACTIONS: tuple[CaseAction, ...] = (
    Identify(),
    MatchCustomer(),
    Reach(),
    Assign(),
    NoteNegotiations(),
)
