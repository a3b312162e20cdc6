"""What goes on with a case: what came, reminding, confirming, answering, opening it again."""

import datetime

from compliance import outcomes
from compliance.cases.actions import steps
from compliance.cases.kinds import COMPLAINTS, CaseStatus, EventKind
from compliance.cases.models import Case, Letter
from compliance.casework.actions import work
from compliance.casework.desk import forms
from compliance.casework.desk.case_actions.base import CaseAction, CaseToday, Given
from compliance.letters.phrases import DECISIONS
from compliance.outcomes.complaint import found

ACKNOWLEDGEMENTS = (Letter.ACKNOWLEDGEMENT, Letter.COMPLAINT_ACKNOWLEDGEMENT)


class Came(CaseAction):
    """What we had asked for came; `what` as in `steps.ASKS`."""

    says = "The clock goes by the day on which it came, not by today."
    done = "Recorded. The clock was worked out anew."

    def __init__(self, what: str, label: str, form: type[forms.CaseForm] = forms.CameForm) -> None:
        self.what, self.label, self.form = what, label, form
        self.code, self.event = f"{what}-came", steps.ANSWERS[what]

    def makes_sense(self, on: CaseToday) -> bool:
        return self.what in on.waiting

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.received(
            case,
            what=self.what,
            on=given["on"],
            how=given.get("how", ()),
            text=given.get("text", ""),
            by=by,
            now=now,
        )


class NotNeeded(CaseAction):
    """A question was not needed; `what` as in `steps.TAKES_BACK`."""

    says = (
        "It was asked for without need, or what we had already answers it. The clock counts as if "
        "it had never been asked, and they are told: the last day may be past."
    )
    done = "Taken back. The clock was worked out anew, and they are told."

    def __init__(
        self, what: str, label: str, form: type[forms.CaseForm] = forms.NotNeededForm
    ) -> None:
        self.what, self.label, self.form = what, label, form
        self.code, self.event = f"{what}-not-needed", steps.TAKES_BACK[what]

    def makes_sense(self, on: CaseToday) -> bool:
        asked = (steps.ASKS[self.what], steps.TAKES_BACK[self.what])
        last = next((event for event in reversed(on.events) if event.kind in asked), None)
        return last is not None and last.kind == asked[0]

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.not_needed(
            case, what=self.what, reason=given["reason"], how=given.get("how", ()), by=by, now=now
        )


class Remind(CaseAction):
    code = "remind"
    label = "Remind them"
    says = "They are told what we wait for, and have a fortnight to answer."
    form = forms.PressForm
    done = "The reminder is on its way."

    def makes_sense(self, on: CaseToday) -> bool:
        return bool(on.waiting) and on.case.status == CaseStatus.WAITING

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.remind(case, by=by, now=now)


class Acknowledge(CaseAction):
    code = "acknowledge"
    label = "Confirm that we have it"
    says = "No acknowledgement has gone out yet. It says by when we answer, and what happens next."
    form = forms.AcknowledgeForm
    done = "The acknowledgement is on its way."

    def makes_sense(self, on: CaseToday) -> bool:
        gone = any(event.codes.get("letter") in ACKNOWLEDGEMENTS for event in on.events)
        return on.case.is_open and not gone

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.acknowledge(case, by=by, now=now)


class Complete(CaseAction):
    code = "complete"
    label = "Answer, and close"
    says = "The answer goes out, and the case is closed."
    form = forms.CompleteForm
    done = "The answer is on its way, and the case is closed."
    event = EventKind.COMPLETED

    def makes_sense(self, on: CaseToday) -> bool:
        return on.case.kind not in COMPLAINTS and outcomes.done(on.case)

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.complete(case, text=given["text"], write=not given["otherwise"], by=by, now=now)


class CompleteComplaint(Complete):
    code = "outcome"
    label = "Tell the outcome, and close"
    says = "The outcome of the complaint goes out, with the reasons."
    form = forms.CompleteComplaintForm
    done = "The outcome is on its way, and the case is closed."

    def makes_sense(self, on: CaseToday) -> bool:
        return on.case.kind in COMPLAINTS and outcomes.done(on.case)

    def explanation(self, case: Case) -> str:
        noted = DECISIONS.get(found(case)[0], "")
        return f"The letter begins with what was noted: “{noted}” It goes on with the words below."


class Reopen(CaseAction):
    code = "reopen"
    label = "Open it again"
    says = (
        "The clock is the old one: its last day may be past. A new request is logged as a new one."
    )
    form = forms.ReopenForm
    done = "The case is open again."
    event = EventKind.REOPENED

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.reopen(case, reason=given["reason"], by=by, now=now)


ACTIONS: tuple[CaseAction, ...] = (
    Came("identity", "Proof of identity came", forms.ProofCameForm),
    Came("authority", "Proof of authority came"),
    Came("fee", "The fee was paid"),
    Came("clarification", "They answered our question", forms.AnswerCameForm),
    NotNeeded("identity", "Proof of identity is not needed after all", forms.IdentityNotNeededForm),
    NotNeeded("authority", "Authority is not needed after all"),
    NotNeeded("fee", "No fee is due after all"),
    Remind(),
    Acknowledge(),
    Complete(),
    CompleteComplaint(),
    Reopen(),
)
