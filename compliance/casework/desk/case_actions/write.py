"""What is written: to the person, for colleagues, or what they said to us; and files."""

import datetime

from compliance.cases.actions import files
from compliance.cases.kinds import CaseStatus
from compliance.cases.models import Case
from compliance.casework.actions import work
from compliance.casework.desk import forms
from compliance.casework.desk.case_actions.base import CaseAction, CaseToday, Given


class Write(CaseAction):
    code = "write"
    label = "Message to the person"
    says = "It goes out to them."
    form = forms.WriteForm
    done = "The message is on its way."

    def makes_sense(self, on: CaseToday) -> bool:
        return on.case.status != CaseStatus.MERGED

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.write(case, text=given["text"], number=given["number"], by=by, now=now)


class Note(CaseAction):
    code = "note"
    label = "Internal note"
    says = "For colleagues. Nothing is sent."
    form = forms.InternalNoteForm
    done = "The note is kept."

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.note(case, text=given["text"], token=given["token"], by=by, now=now)


class Heard(CaseAction):
    code = "heard"
    label = "What they said"
    says = "A call, letter or message from the person about this case."
    form = forms.HeardForm
    done = "Kept with the case."

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        work.heard(
            case,
            text=given["text"],
            on=given["on"],
            channel=given["channel"],
            token=given["token"],
            by=by,
            now=now,
        )


class AddFile(CaseAction):
    code = "file"
    label = "Add a file"
    says = "The scan of a letter, an authority, proof of identity."
    form = forms.AddFileForm
    done = "The file is with the case."

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        file = given["file"]
        files.attach(
            case, purpose=given["purpose"], name=file.name, content=file.read(), by=by, now=now
        )


ACTIONS: tuple[CaseAction, ...] = (Write(), Note(), Heard(), AddFile())
