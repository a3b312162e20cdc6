"""Reminders of deadlines: due and not yet done, each stage once, to whoever works on it and then to
the lead."""

import datetime
import io
import re

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from compliance.cases import stages
from compliance.cases.actions import clock
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case, CaseEvent
from compliance.casework.actions import recalculation, work
from compliance.casework.management.commands.send_deadline_reminders import LOCK
from compliance.deadlines import Event, Holidays, compute
from customers.outbox.models import Message
from tests.casework.desk import STAFF, ada, date, on, opened

TEAM, LEAD = "care-team@shop.example", "lead@shop.example"


@pytest.fixture(autouse=True)
def _mailboxes(settings):
    settings.REMINDERS_TO, settings.REMINDERS_LEAD_TO = TEAM, LEAD


def night(day, month=8):
    """Run the command at two in the morning, in London; its exit code and what it said."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with time_machine.travel(on(day, month, hour=1), tick=False):
        try:
            call_command("send_deadline_reminders", stdout=out, stderr=err)
        except SystemExit as end:
            code = end.code
    return code, out.getvalue() + err.getvalue()


def told(case, to=TEAM):
    """The stages that a mailbox was told of for a case, in order."""
    found = []
    for message in Message.objects.filter(kind="deadline_reminder").order_by("queued_at"):
        if message.recipient == to:
            found += re.findall(rf"{case.reference}, [^:]+: ([^,]+),", message.text)
    return found


@pytest.mark.django_db
class TestColleagues:
    def test_a_complaint_is_looked_at_before_our_own_target(self):
        case = opened(CaseKind.COMPLAINT)
        work.acknowledge(case, by=STAFF, now=on(3))
        assert [len(told(case)) for day in (24, 25, 26) if night(day, 7)] == [0, 1, 1]
        text = " ".join(
            Message.objects.filter(kind="deadline_reminder").earliest("queued_at").text.split()
        )
        assert "the law sets no last day; our own target is 1 August 2026" in text
        assert night(20)[0] == 0  # nothing is overdue

    def test_each_stage_is_told_once(self):
        case = opened()  # due on 3 August; our target is 30 July
        said = {}
        for day in [*range(10, 32), *range(32, 50)]:
            before = len(told(case))
            night(day if day < 32 else day - 31, 7 if day < 32 else 8)
            if len(told(case)) > before:
                said[(day if day < 32 else day - 31, 7 if day < 32 else 8)] = told(case)[-1]
        assert said == {
            (16, 7): "The last day comes near",
            (23, 7): "The last day comes near",
            (28, 7): "The last day comes near",
            (3, 8): "Due today",
            (4, 8): "Overdue",
            (11, 8): "Overdue",
            (18, 8): "Overdue",
        }

    def test_twice_in_a_night_is_told_once(self):
        case = opened()
        assert [night(3)[0], night(3)[0]] == [0, 0]
        assert told(case) == ["Due today"]

    def test_a_missed_fortnight_is_made_up_in_one_line(self):
        case = opened()
        assert night(18, 8)[0] == 1
        assert told(case) == ["Overdue"]
        assert (
            "due Monday 3 August 2026, 15 days overdue"
            in Message.objects.filter(kind="deadline_reminder")[0].text
        )

    def test_a_moved_clock_reminds_anew(self):
        case = opened()
        night(3)
        recalculation.proclaim(
            jurisdictions=["england-and-wales"],
            day=date(3, 8),
            name="A day of thanks",
            change="added",
            proclaimed_on=date(2, 8),
            source="x",
            why="x",
            by=STAFF,
            now=on(3, 8),
        )
        night(4)
        assert told(case) == ["Due today", "Due today"]

    def test_done_is_not_told(self):
        case = work.withdraw(opened(), by=STAFF, now=on(10), write=False)
        assert night(18)[0] == 0
        assert told(case) == []

    def test_whoever_works_on_it_has_a_section(self, agent):
        mine, nobodys = work.assign(opened(), to=agent, by=STAFF, now=on(3)), opened()
        night(3)
        text = Message.objects.get(
            kind="deadline_reminder",
            subject__isnull=False,
            pk__in=[one.pk for one in Message.objects.all() if one.recipient == TEAM],
        ).text
        assert (
            text.index("Nobody works on these yet")
            < text.index(nobodys.reference)
            < text.index("For agent")
            < (text.index(mine.reference))
        )

    def test_the_lead_hears_of_what_is_overdue_or_nobodys(self, agent):
        mine, nobodys = work.assign(opened(), to=agent, by=STAFF, now=on(3)), opened()
        night(3)
        assert (told(mine, LEAD), told(nobodys, LEAD)) == ([], ["Due today"])
        night(4)
        assert told(mine, LEAD) == ["Overdue"]

    def test_no_personal_value_is_in_it(self):
        ada()
        opened()
        night(4)
        text = str(
            [one.text + one.subject for one in Message.objects.filter(kind="deadline_reminder")]
        )
        for value in ("Ada", "Lovelace", "ada@example.org", "Please send me"):
            assert value not in text

    def test_a_long_silence_is_looked_at(self):
        ada()
        case = work.ask(opened(), what="clarification", text="Which?", by=STAFF, now=on(10))
        night(9)
        assert told(case) == []
        night(10)
        assert told(case) == ["Look at it again"]

    def test_a_request_that_came_too_late_for_section_157_has_the_days_of_access(self):
        case = work.negotiations_ended(
            opened(CaseKind.AGENCIES), on=date(1, 5), by=STAFF, now=on(3)
        )
        assert case.due_on == date(3, 8)
        night(15, 7)
        assert told(case) == []
        night(16, 7)
        assert told(case) == ["The last day comes near"]

    def test_the_window_of_an_extension_is_told(self):
        ada()
        case = work.ask(opened(), what="clarification", text="Which?", by=STAFF, now=on(20))
        work.received(case, what="clarification", on=date(20, 10), by=STAFF, now=on(20, 10))
        work.ask(case, what="clarification", text="And which year?", by=STAFF, now=on(21, 10))
        assert (
            stages.closing_window(clock.deadline(case), date(21, 10)) is None
        )  # paused: the window is not known

    def test_without_a_mailbox_nothing_counts_as_told(self, settings, signed_in, lead):
        settings.REMINDERS_TO = ""
        case = opened()
        code, said = night(3)
        assert (code, CaseEvent.objects.filter(kind="reminded").count()) == (1, 0)
        assert "set REMINDERS_TO" in said
        with time_machine.travel(on(3, 8), tick=False):
            assert (
                "Nobody is reminded of deadlines by email"
                in signed_in(lead).get("/admin/").content.decode()
            )
        settings.REMINDERS_TO = TEAM
        night(4)
        assert told(case) == ["Overdue"]

    def test_a_crash_before_the_end_tells_it_next_time(self, monkeypatch):
        case = opened()
        with monkeypatch.context() as broken:
            broken.setattr("customers.outbox.messages.queue", lambda **rest: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                night(3)
        assert not CaseEvent.objects.filter(kind="reminded").exists()
        night(3)
        assert told(case) == ["Due today"]

    def test_a_clock_that_a_crash_left_behind_is_put_right_first(self):
        case = opened()
        Case.objects.filter(pk=case.pk).update(due_on=date(1, 9))
        night(3)
        case.refresh_from_db()
        assert case.due_on == date(3, 8)
        assert told(case) == ["Due today"]

    def test_it_is_in_the_trail(self, trail):
        opened()
        night(3)
        assert trail("deadlines_reminded").facts == {
            "reminders": {"due": 1},
            "people": 0,
            "lapsed": 0,
            "overdue": 0,
        }


@pytest.mark.django_db
class TestPeople:
    def test_who_never_said_who_they_are_is_reminded_and_then_told(self):
        ada()
        case = work.ask(
            opened(),
            what="identity",
            text="Who are you?",
            ground="warning",
            reason="Odd.",
            by=STAFF,
            now=on(3),
        )
        for day in range(1, 20):
            night(day)
        case.refresh_from_db()
        assert (case.status, case.closed_on) == ("lapsed", date(18, 8))
        letters = Message.objects.exclude(kind="deadline_reminder").order_by("queued_at")
        assert list(letters.values_list("kind", flat=True)) == [
            "case_identity",
            "case_reminder_to_customer",
            "case_lapsed",
        ]
        assert case.reference in Message.objects.filter(kind="deadline_reminder")[0].text

    @pytest.mark.parametrize("what", ["clarification"])
    def test_a_question_never_closes_a_case(self, what):
        ada()
        case = work.ask(opened(), what=what, text="Which?", by=STAFF, now=on(3))
        for day in (4, 20, 28):
            night(day)
        case.refresh_from_db()
        assert case.status == "waiting"

    def test_nowhere_to_write_is_told_to_somebody(self):
        case = opened(email="")
        CaseEvent.objects.create(
            case=case, kind="id_requested", at=on(3), on=date(3), by=STAFF
        )  # asked on the telephone
        Case.objects.filter(pk=case.pk).update(status="waiting")
        clock.apply(case, by=STAFF, now=on(3), on=date(3), why="id_requested")
        code, said = night(4)
        assert code == 1
        assert f"Nowhere to write to: {case.reference}." in said


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_are_one():
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            with pytest.raises(CommandError, match="Another run") as refused:
                night(3)
            assert refused.value.returncode == 3
    finally:
        other.close()


@given(
    st.sampled_from(["sar", "erasure", "complaint_ack", "cra_disclosure", "fca_complaint_final"]),
    st.dates(datetime.date(2026, 6, 20), datetime.date(2030, 1, 1)),
    st.integers(0, 120),
    st.booleans(),
)
def test_no_last_day_passes_unannounced(kind, received, days, asked):
    """On the last day at the latest a stage is reached, after it there is always one, and a stage
    never comes too early."""
    events = [Event("id_requested", received)] if asked else []
    found = compute(kind, received, "england-and-wales", events, holidays=Holidays())
    today = received + datetime.timedelta(days=days)
    stage = stages.reached(found, today)
    if found.due is not None and today >= found.due:
        assert stage is not None
        assert stage.code == ("due" if today == found.due else "overdue")
        assert (today - stage.day).days < 7
    assert stage is None or stage.day <= today
    if found.due is not None:
        assert stages.reached(found, found.due).code == "due"
    if found.due is None and found.review_on <= today:
        assert stage.code == "review"
