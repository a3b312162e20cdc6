"""Reminding colleagues of deadlines, and people of what we wait for: what `manage.py
send_deadline_reminders` does.

Colleagues have no email address here, only staff IDs: one digest goes to the care team's mailbox,
in sections by who works on what, and one to the data protection lead's. They hold references and
dates, and no personal value.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit import events as audit
from audit.actions import Refused
from compliance.cases import stages
from compliance.cases.actions import clock, steps
from compliance.cases.kinds import CaseStatus, EventKind
from compliance.cases.models import Case, CaseEvent
from compliance.casework.actions import decisions, questions, work
from compliance.casework.actions.recalculation import SEALED
from compliance.deadlines import Deadline, bank_holidays
from compliance.deadlines.wording import words_of
from compliance.mailbox import set_aside
from customers.outbox import messages

BATCH = 500  # cases looked at together
TEAM, LEAD = "team", "lead"


@dataclass(frozen=True)
class Reminder:
    """One case to remind somebody of, at one stage of its clock."""

    case: Case
    stage: stages.Stage
    start: str
    due: str

    @property
    def codes(self) -> dict[str, object]:
        """What names it: the same for the same clock, another for one that was moved."""
        return {
            "who": "staff",
            "stage": self.stage.code,
            "day": self.stage.day.isoformat(),
            "start": self.start,
            "due": self.due,
        }


@dataclass
class ReminderReport:
    """What a run did. `overdue` counts the open cases past their last day, told of or not."""

    reminders: dict[str, int] = field(default_factory=dict)
    letters: int = 0  # digests queued
    reminded: list[str] = field(
        default_factory=list
    )  # references of people who were reminded of what we wait for
    lapsed: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)  # references of people whom we cannot write to
    overdue: int = 0
    untold: bool = False  # there was something to tell, and no mailbox to tell it to


def run(*, by: str, now: datetime.datetime) -> ReminderReport:
    """Remind people and close what lapsed, then tell colleagues what is due and not yet done. Safe
    to run twice and late."""
    report = ReminderReport()
    _chase(report, by=by, now=now)
    _tell(report, by=by, now=now)
    report.untold |= not set_aside.tell(by=by, now=now)
    report.overdue = Case.objects.open().filter(due_on__lt=timezone.localdate(now)).count()
    audit.deadlines_reminded(
        by=by,
        reminders=report.reminders,
        people=len(report.reminded),
        lapsed=len(report.lapsed),
        overdue=report.overdue,
    )
    return report


def _chase(report: ReminderReport, *, by: str, now: datetime.datetime) -> None:
    """Remind whoever was asked who they are and let the day of review pass; close what stayed
    silent for a fortnight."""
    today = timezone.localdate(now)
    for case in (
        Case.objects.open()
        .filter(status=CaseStatus.WAITING, review_on__lte=today)
        .defer(*SEALED)
        .order_by("pk")
    ):
        asked = steps.awaited(case.events.all()).get("identity")
        if asked is None:
            continue
        try:
            if not decisions.why_not_lapse(case, today):
                decisions.lapse(case, by=by, now=now)
                report.lapsed.append(case.reference)
            elif questions.reminded_on(case, since=asked) is None and not decisions.heard_since(
                case.events.all(), asked
            ):
                work.remind(case, by=by, now=now)
                report.reminded.append(case.reference)
        except Refused:  # nowhere to write to, or a colleague was quicker: somebody looks at it
            report.stuck.append(case.reference)


def _tell(report: ReminderReport, *, by: str, now: datetime.datetime) -> None:
    found = list(_due(timezone.localdate(now)))
    if not found and not report.lapsed and not report.stuck:
        return
    if not settings.REMINDERS_TO:
        report.untold = True
        return
    with (
        transaction.atomic()
    ):  # the events and the messages together: told once, or not at all and told next time
        fresh = {
            case.pk: case
            for case in Case.objects.select_for_update(of=("self",))
            .filter(pk__in=[one.case.pk for one in found])
            .order_by("pk")
            .defer(*SEALED)
        }
        standing = [one for one in found if _unchanged(one.case, fresh.get(one.case.pk))]
        today = timezone.localdate(now)
        CaseEvent.objects.bulk_create(
            CaseEvent(
                case=one.case, kind=EventKind.REMINDED, at=now, on=today, by=by, codes=one.codes
            )
            for one in standing
        )
        for stage in standing:
            report.reminders[stage.stage.code] = report.reminders.get(stage.stage.code, 0) + 1
        report.letters = _write(standing, report, by=by, now=now)


def _unchanged(before: Case, now: Case | None) -> bool:
    return (
        now is not None
        and now.is_open
        and (now.due_on, now.start_on) == (before.due_on, before.start_on)
    )


def _due(today: datetime.date) -> Iterator[Reminder]:
    """The reminders that are due and were not given yet, for every open case."""
    holidays, last = bank_holidays.current(), 0
    rows = (
        Case.objects.open()
        .order_by("pk")
        .select_related("assignee")
        .defer(*SEALED)
        .prefetch_related("events")
    )
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        for case in batch:
            reminder = _of(case, clock.deadline(case, holidays), today)
            if reminder is not None:
                yield reminder
        last = batch[-1].pk


def _of(case: Case, deadline: Deadline, today: datetime.date) -> Reminder | None:
    given = [event.codes for event in case.events.all() if event.kind == EventKind.REMINDED]
    for stage in (stages.reached(deadline, today), stages.closing_window(deadline, today)):
        if stage is not None:
            reminder = Reminder(case, stage, _iso(deadline.start), _iso(case.due_on))
            if not any(reminder.codes.items() <= codes.items() for codes in given):
                return reminder
    return None


def _iso(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def _write(
    found: list[Reminder], report: ReminderReport, *, by: str, now: datetime.datetime
) -> int:
    """Queue the digests; how many."""
    today, token = timezone.localdate(now), uuid.uuid4()
    sections: dict[str, list[Reminder]] = defaultdict(list)
    for one in found:
        sections[one.case.assignee.staff_id if one.case.assignee else ""].append(one)
    lead = [one for one in found if one.stage.lead or one.case.assignee_id is None]
    told = {
        TEAM: [
            (f"For {name}" if name else "Nobody works on these yet", _lines(rows, today))
            for name, rows in sorted(sections.items())
        ],
        LEAD: [("Overdue, or nobody works on it", _lines(lead, today))] if lead else [],
    }
    queued = 0
    for who, address in (
        (TEAM, settings.REMINDERS_TO),
        (LEAD, settings.REMINDERS_LEAD_TO or settings.REMINDERS_TO),
    ):
        if told[who] or report.lapsed or report.stuck:
            messages.queue(
                kind="deadline_reminder",
                key=f"deadlines:{token}:{who}",
                recipient=address,
                by=by,
                now=now,
                **messages.render(
                    "deadline_reminder",
                    {
                        "sections": told[who],
                        "lapsed": report.lapsed,
                        "stuck": report.stuck,
                        "lead": who == LEAD,
                        "count": sum(len(rows) for _, rows in told[who]),
                        "today": words_of(today),
                    },
                ),
            )
            queued += 1
    return queued


def _lines(rows: Iterable[Reminder], today: datetime.date) -> list[dict[str, str]]:
    ordered = sorted(rows, key=lambda one: (one.case.due_on or datetime.date.max, one.case.pk))
    return [
        {
            "reference": one.case.reference,
            "kind": one.case.get_kind_display(),
            "stage": stages.WORDS[one.stage.code],
            "when": _when(one.case, today),
            "url": settings.PUBLIC_URL + reverse("admin:cases_case_change", args=[one.case.pk]),
        }
        for one in ordered
    ]


def _when(case: Case, today: datetime.date) -> str:
    if case.due_on is None and case.target_on:
        return f"the law sets no last day; our own target is {words_of(case.target_on, False)}"
    if case.due_on is None:
        return (
            f"look again since {words_of(case.review_on, False)}"
            if case.review_on
            else "no last day"
        )
    days = (case.due_on - today).days
    left = (
        "today"
        if days == 0
        else f"{-days} days overdue"
        if days < -1
        else "1 day overdue"
        if days == -1
        else ("tomorrow" if days == 1 else f"in {days} days")
    )
    return f"due {words_of(case.due_on)}, {left}"
