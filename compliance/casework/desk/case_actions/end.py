"""Putting a case off, or ending it otherwise than with the whole answer."""

import datetime

from compliance import outcomes
from compliance.cases import promises
from compliance.cases.kinds import CaseKind, EventKind
from compliance.cases.models import Case
from compliance.casework.actions import decisions, work
from compliance.casework.desk import forms
from compliance.casework.desk.case_actions.base import CaseAction, CaseToday, Given
from compliance.deadlines.wording import words_of
from compliance.register import time_limits


class Extend(CaseAction):
    code = "extend"
    label = f"Extend to {time_limits.extended('sar')}"
    says = (
        "Only when the request is complex, or one of many. Possible once. They are "
        "told the reasons."
    )
    form = forms.ExtendForm
    done = "Extended. The notice is on its way."
    event = EventKind.EXTENDED

    def makes_sense(self, on: CaseToday) -> bool:
        until = on.case.extension_until
        return not on.case.extended and until is not None and on.today <= until

    def explanation(self, case: Case) -> str:
        until = case.extension_until
        counts = f" The notice counts until {words_of(until)}." if until else ""
        return f"Only when the request is complex, or one of many. Possible once.{counts}"

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.extend(case, reason=given["reason"], by=by, now=now)


class Refuse(CaseAction):
    code = "refuse"
    label = "Refuse"
    says = (
        "The letter gives the ground and the reasons, and says how to complain to us, to the "
        "regulator and to a court."
    )
    form: type[forms.CaseForm] = forms.RefuseForm
    done = "The refusal is on its way, and the case is closed."
    event = EventKind.REFUSED
    partly = False

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.refuse(
            case, ground=given["ground"], text=given["text"], partly=self.partly, by=by, now=now
        )


class Partly(Refuse):
    code = "partly"
    label = "Answer in part"
    says = "The letter says what is done, what is not, the ground, and how they can go on."
    form = forms.PartlyForm
    done = "The answer is on its way, and the case is closed."
    event = EventKind.PARTLY
    partly = True

    def makes_sense(self, on: CaseToday) -> bool:
        return outcomes.done(on.case)


class Withdraw(CaseAction):
    code = "withdraw"
    label = "They took it back"
    says = "What took effect already stays so."
    form = forms.WithdrawCaseForm
    done = "The case is closed as withdrawn."
    event = EventKind.WITHDRAWN

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.withdraw(case, reason=given["reason"], write=not given["silently"], by=by, now=now)


class NotTheirsForm(forms.CaseForm):
    button, tone = "They did not ask for it", "danger"

    reason = forms.box(
        "How do we know?", rows=3, required="Write how we know.", help_text="Stays inside."
    )


class NotTheirs(CaseAction):
    code = "not-theirs"
    label = "They did not ask for it"
    says = (
        "For somebody who says that it was not them. Visits and codes in their name end; an open "
        "request is closed, a restriction that it began ends. Contact details that were changed "
        f"become a task: put back within {promises.PUT_BACK.words} what they had."
    )
    form = NotTheirsForm
    done = "Noted: it was not them."

    def makes_sense(self, on: CaseToday) -> bool:
        return on.case.is_open or on.case.kind == CaseKind.RECTIFICATION

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.disown(case, reason=given["reason"], by=by, now=now)


class MergeDuplicate(CaseAction):
    code = "merge"
    label = "Merge a duplicate"
    says = (
        "For the same request sent twice. Its words and files go to the one that came first, "
        "whose clock counts."
    )
    form = forms.MergeForm
    done = "The cases are merged."
    event = EventKind.MERGED

    def makes_sense(self, on: CaseToday) -> bool:
        return bool(forms.duplicates(on.case))

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.merge(case, into=Case(pk=int(given["into"])), by=by, now=now)


class Lapse(CaseAction):
    code = "lapse"
    label = "Close it without an answer"
    says = (
        "They were asked who they are, reminded, and have been silent since. They "
        "are told, and it can be opened again."
    )
    form = forms.PressForm
    done = "The case is closed."
    event = EventKind.LAPSED

    def makes_sense(self, on: CaseToday) -> bool:
        return not decisions.why_not_lapse(on.case, on.today)

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.lapse(case, by=by, now=now)


ACTIONS: tuple[CaseAction, ...] = (
    Extend(),
    Partly(),
    Refuse(),
    Withdraw(),
    NotTheirs(),
    MergeDuplicate(),
    Lapse(),
)
