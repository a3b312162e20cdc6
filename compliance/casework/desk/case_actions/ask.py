"""Asking the person for something: the case waits for them."""

import datetime

from compliance.cases.kinds import EventKind, Requester
from compliance.cases.models import Case
from compliance.casework.actions import work
from compliance.casework.desk import forms
from compliance.casework.desk.case_actions.base import CaseAction, CaseToday, Given


class Ask(CaseAction):
    """Ask them for something, once while we wait for it: a subclass for each thing."""

    what: str  # as in `steps.ASKS`
    done = "They are asked. The case waits for them."

    def makes_sense(self, on: CaseToday) -> bool:
        return self.what not in on.waiting

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.ask(
            case,
            what=self.what,
            text=given["text"],
            ground=given.get("ground", ""),
            amount=given.get("amount"),
            reason=given.get("reason", ""),
            by=by,
            now=now,
        )


class AskClarification(Ask):
    code = "ask-clarification"
    label = "Ask what they mean"
    says = (
        "The clock stands still from today until the day on which they answer. Only "
        "when you cannot find the data without it."
    )
    what = "clarification"
    form = forms.AskClarificationForm
    event = EventKind.PAUSED


class AskIdentity(Ask):
    code = "ask-identity"
    label = "Ask who they are"
    says = "Only on a reasonable doubt, which you write down. The clock begins when proof comes."
    what = "identity"
    form = forms.AskIdentityForm
    event = EventKind.ID_REQUESTED

    def makes_sense(self, on: CaseToday) -> bool:
        return super().makes_sense(on) and on.case.identified_at is None


class AskAuthority(Ask):
    code = "ask-authority"
    label = "Ask for authority"
    says = "From somebody who acts for the person. The clock begins when it comes."
    what = "authority"
    form = forms.AskAuthorityForm
    event = EventKind.AUTHORITY_REQUESTED

    def makes_sense(self, on: CaseToday) -> bool:
        return super().makes_sense(on) and on.case.requester != Requester.CUSTOMER


class AskFee(Ask):
    code = "ask-fee"
    label = "Ask for a fee"
    says = "Rarely allowed. The clock begins when it is paid."
    what = "fee"
    form = forms.AskFeeForm
    event = EventKind.FEE_REQUESTED


ACTIONS: tuple[CaseAction, ...] = (AskClarification(), AskIdentity(), AskAuthority(), AskFee())
