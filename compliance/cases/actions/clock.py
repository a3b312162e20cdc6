"""The clock of a case: worked out anew from its events whenever one of them could move it, and
stored."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q

from audit import events as audit
from compliance.cases.kinds import EventKind
from compliance.cases.models import Case, CaseEvent, Letter
from compliance.cases.rights import right_of
from compliance.deadlines import Deadline, Event, Holidays, bank_holidays, compute
from compliance.deadlines import events as clock_events

PLAIN = {kind.value for kind in EventKind} & {
    *clock_events.ASKED,
    *clock_events.ANSWERED,
    *clock_events.NOT_NEEDED,
    clock_events.EXTENDED,
    clock_events.NEGOTIATIONS_ENDED,
}

# The events that the clock knows. Of the letters it is the acknowledgement of a complaint.
MOVING = Q(kind__in=[*PLAIN, EventKind.PAUSED, EventKind.RESUMED]) | Q(
    kind=EventKind.WRITTEN, codes__letter=Letter.COMPLAINT_ACKNOWLEDGEMENT
)


def history(kind: str, events: Iterable[CaseEvent]) -> list[Event]:
    """The events of a case of a kind as the clock knows them; each pause with the answer that ended
    it."""
    told: list[Event] = []
    for event in events:
        if event.kind == EventKind.NEGOTIATIONS_ENDED:  # a later entry corrects an earlier one
            told = [one for one in told if one.name != clock_events.NEGOTIATIONS_ENDED]
        if event.kind in PLAIN:
            told.append(Event(event.kind, event.on))
        elif (
            right_of(kind).met_by == clock_events.ACKNOWLEDGED
            and event.codes.get("letter") == Letter.COMPLAINT_ACKNOWLEDGEMENT
        ):
            told.append(Event(clock_events.ACKNOWLEDGED, event.on))
        elif event.kind == EventKind.PAUSED:
            told.append(Event(clock_events.PAUSED, event.on))
        elif event.kind == EventKind.RESUMED:
            place = next(
                (
                    n
                    for n, one in enumerate(told)
                    if one.name == clock_events.PAUSED and one.until is None
                ),
                None,
            )
            if place is not None:
                told[place] = Event(clock_events.PAUSED, told[place].day, event.on)
    return told


def deadline(case: Case, holidays: Holidays | None = None) -> Deadline:
    """When the answer is due and why, from what happened to the case up to now. `holidays`: when
    many are worked out."""
    holidays = bank_holidays.current() if holidays is None else holidays
    return compute(
        case.kind,
        case.received_on,
        case.jurisdiction,
        history(case.kind, case.events.all()),
        holidays=holidays,
        controller_jurisdiction=settings.CONTROLLER_JURISDICTION,
        late_too=True,
    )


def apply(
    case: Case,
    *,
    by: str,
    now: datetime.datetime,
    on: datetime.date,
    why: str,
    holidays: Holidays | None = None,
) -> Deadline:
    """Work the clock out and store it with the rule's version; an event tells when the due date is
    another than before.

    Call it inside the transaction of what moved the clock; `why` is a code for that. The case's row
    is locked by the caller.
    """
    found = deadline(case, holidays)
    due = (
        found.due
        if isinstance(found.due, datetime.date) and not isinstance(found.due, datetime.datetime)
        else None
    )
    days = sorted(day for _, day in found.examined)
    before, was = case.due_on, case.rule_version
    case.start_on, case.due_on, case.target_on, case.review_on = (
        found.start,
        due,
        found.target_on,
        found.review_on,
    )
    case.extension_until, case.extended = (
        found.extension_until,
        bool(found.extension and found.extension.name == "IN_TIME"),
    )
    case.paused = found.reason is not None and found.reason.name == "PAUSED"
    case.rule_version = found.version
    case.examined_from, case.examined_to = (days[0], days[-1]) if days else (None, None)
    case.save(
        update_fields=[
            "start_on",
            "due_on",
            "target_on",
            "review_on",
            "extension_until",
            "extended",
            "paused",
            "rule_version",
            "examined_from",
            "examined_to",
        ]
    )
    if before != due or was != found.version:
        CaseEvent.objects.create(
            case=case,
            kind=EventKind.DUE_CHANGED,
            at=now,
            on=on,
            by=by,
            codes={
                "before": before.isoformat() if before else None,
                "due": due.isoformat() if due else None,
                "rule": found.version,
                "why": why,
            },
        )
        audit.case_due_changed(
            by=by, subject=case.customer_id, case=case.pk, before=before, due=due, why=why
        )
    return found
