"""Rectification (UK GDPR Article 16): the record is corrected, the old address and the recipients
are told; or a statement of the person is kept with the data that we found to be right.
"""

import datetime
import uuid

from django.utils import timezone

from audit.actions import Refused
from audit.evidence import Evidence
from compliance.cases.actions import steps
from compliance.cases.lines import Line
from compliance.cases.models import Case, Outcome, Statement
from compliance.disclosures import instructions
from compliance.disclosures.models import Instruction
from compliance.outcomes import corrections, held, recipients
from compliance.outcomes.base import Effect, EffectResult, Given
from customers import erasure_lock
from customers.models import ContactPoint

FIELDS = {
    "title": "Title",
    "given_names": "Given names",
    "surname": "Surname",
    "date_of_birth": "Date of birth",
    **{kind.value: str(kind.label) for kind in ContactPoint.Kind},
    "other": "In another of our systems",
}


class CorrectRecord(Effect):
    """Correct the record of the customer; `given["changes"]` says what (see
    `compliance.outcomes.corrections`).

    `given["elsewhere"]` tells of what is wrong in another system of ours, whose code is
    `given["system"]`: it gets an instruction, which it confirms. Its field is “other”. The shop is
    told of every correction, and its files cannot undo it meanwhile (`compliance.outcomes.held`).
    """

    code = "correct"
    label = "Correct the record"
    says = (
        "What is wrong here is put right. The old address is told. Our shop, the other system "
        "that you name, and those who received the data are listed to be told."
    )
    proven = True
    concerns_others = True

    def lock(self, case: Case) -> None:
        erasure_lock.exclusive()
        super().lock(case)

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        changes: corrections.Changes = given["changes"]
        elsewhere = steps.clean(str(given.get("elsewhere") or ""))
        done: list[corrections.Correction] = []
        if not elsewhere or changes.person or changes.replace or changes.add:
            source = (
                ContactPoint.Source.CUSTOMER if case.identified_at else ContactPoint.Source.STAFF
            )
            done = corrections.correct(
                case.person,
                changes,
                key=str(given["token"]),
                source=source,
                by=by,
                now=now,
                visit=given.get("visit"),
            )
            case.person.refresh_from_db()
        fields = list(
            dict.fromkeys([*(change.field for change in done), *(["other"] if elsewhere else [])])
        )
        said = {
            change.field: f"{FIELDS[change.field]}: it said “{change.before}” and says "
            f"“{change.after}” now"
            for change in done
        }
        said |= {"other": f"To be put right: {elsewhere}"} if elsewhere else {}
        lines = [
            Line.changed(FIELDS[name], Evidence.row(case.person, now))
            for name in fields
            if name != "other"
        ]
        if elsewhere:
            lines.append(_told(case, elsewhere, given, by=by, now=now))

        def tell(outcome: Outcome) -> None:
            held.tell_shop(case, outcome, said)
            recipients.to_tell(case, outcome, Instruction.What.CORRECT, said=said)

        return EffectResult(
            after=tell,
            codes={"fields": fields},
            record={"elsewhere": elsewhere} if elsewhere else {},
            lines=lines,
        )


def _told(case: Case, elsewhere: str, given: Given, *, by: str, now: datetime.datetime) -> Line:
    """Instruct another system of ours to put something right; the line says how far that is."""
    code = str(given.get("system") or "")
    names = instructions.named([code], on=timezone.localdate(now))
    if not names:
        raise Refused("Say in which of our systems it is wrong.")
    (row,) = instructions.instruct(
        case.person,
        names,
        Instruction.What.CORRECT,
        origin=uuid.uuid5(given["token"], "elsewhere"),
        reference=case.reference,
        about="\n".join([instructions.find_by(case.person), elsewhere]),
        parts=["other"],
        by=by,
        now=now,
    )
    return Line.told(names[code], row, Evidence.row(row, now), why=elsewhere)


class KeepStatement(Effect):
    """Keep a statement of the person with their data: it is shown on their page as long as there is
    one."""

    code = "statement"
    label = "Keep their statement"
    says = "Their own words about data that we found to be right, kept with it."
    proven = True
    after_closing = True

    def lock(self, case: Case) -> None:
        erasure_lock.exclusive()

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        text = steps.need(str(given.get("statement") or ""), "Write the statement, in their words.")
        kept = Statement.objects.create(
            customer=case.person, token=given["token"], text=text, at=now
        )
        return EffectResult(
            lines=[
                Line.proved(
                    "Your statement",
                    "Kept with the data",
                    Evidence.row(kept, now),
                    why="It stands on your record here, and in every copy of your data",
                )
            ]
        )


EFFECTS: tuple[Effect, ...] = (CorrectRecord(), KeepStatement())
