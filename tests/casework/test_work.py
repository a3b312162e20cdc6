"""Working a case: each step of the table, what it does to state and clock, and what it tells the
person."""

import datetime
import decimal

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from audit.actions import AlreadyDone, Refused
from audit.models import Entry
from compliance.cases import transitions
from compliance.cases.actions import clock
from compliance.cases.kinds import CaseKind, CaseStatus
from compliance.cases.models import Case
from compliance.cases.rights import right_of
from compliance.casework.actions import work
from customers.outbox.models import Message
from tests.casework.desk import RECEIVED, STAFF, ada, date, on, opened

pytestmark = pytest.mark.django_db


def do(step, case, now, **rest):
    return step(case, by=STAFF, now=now, **rest)


def kinds(case):
    return [event.kind for event in case.events.all()]


FEE = {
    "what": "fee",
    "ground": "excessive",
    "reason": "It is the third in a month.",
    "amount": decimal.Decimal("12.50"),
    "text": "It covers copying. Pay by card on 01274 496 0000.",
}


def doubt(case, now=None):
    """Ask who it is, on a recorded doubt."""
    return do(
        work.ask,
        case,
        now or on(3),
        what="identity",
        ground="details-differ",
        text="Please show us who you are.",
        reason="Another surname than on file.",
    )


class TestIdentity:
    def test_it_needs_a_recorded_doubt(self, case):
        with pytest.raises(Refused, match="reasonable doubt"):
            do(work.ask, case, on(3), what="identity", text="Please show us who you are.")
        assert not Message.objects.exists()

    def test_asking_stops_the_clock_and_writes_to_them(self, case, trail):
        case = doubt(case)
        assert (case.status, case.due_on, case.review_on) == (CaseStatus.WAITING, None, date(3, 8))
        assert "Please show us who you are." in Message.objects.get().text
        letter = Message.objects.get().text
        assert "do not by themselves show whose request it is. (UK GDPR Article 12(6))" in letter
        assert "surname" not in letter  # the fact stays inside
        event = case.events.get(kind="id_requested")
        assert (event.text, event.codes) == (
            "Another surname than on file.",
            {"asked_because": "details-differ"},
        )
        assert "surname" not in str(Entry.objects.values_list("facts", flat=True))

    def test_the_clock_starts_when_proof_came(self, case):
        case = do(
            work.received, doubt(case), on(14), what="identity", on=date(10), how=["document"]
        )
        assert (case.status, case.start_on, case.due_on) == (CaseStatus.OPEN, date(10), date(10, 8))
        assert (case.identified_at, case.identified_by) == (on(14), STAFF)
        assert case.events.get(kind="identified").codes == {"checks": ["document"]}

    @pytest.mark.parametrize(
        ("day", "said"), [(15, "has not come yet"), (2, "cannot have come before that")]
    )
    def test_proof_has_a_true_day(self, case, day, said):
        with pytest.raises(Refused, match=said):
            do(work.received, doubt(case), on(14), what="identity", on=date(day), how=["document"])

    def test_what_was_never_asked_for_cannot_move_the_clock(self, case):
        with pytest.raises(Refused, match="never asked"):
            do(work.received, case, on(14), what="identity", on=date(10), how=["document"])

    def test_a_call_back_is_proof_too(self, case):
        case = do(work.identify, doubt(case), on(9), how=["called_back"])
        assert (case.status, case.start_on) == (CaseStatus.OPEN, date(9))
        with pytest.raises(AlreadyDone, match="clear already"):
            do(work.identify, case, on(9), how=["called_back"])

    def test_nobody_is_asked_twice(self, case):
        with pytest.raises(AlreadyDone, match="already, on 3 July 2026"):
            doubt(doubt(case))
        assert Message.objects.count() == 1

    @pytest.mark.parametrize(
        "kind", [CaseKind.MARKETING, CaseKind.WITHDRAWAL, CaseKind.COMPLAINT, CaseKind.AGENCIES]
    )
    def test_some_kinds_never_ask_who_you_are(self, kind):
        with pytest.raises(Refused):
            doubt(opened(kind))

    def test_two_things_are_asked_and_come_one_by_one(self, case):
        case = do(work.ask, doubt(case), on(3), what="clarification", text="Which account?")
        case = do(work.received, case, on(9), what="identity", on=date(6), how=["document"])
        assert (case.status, case.paused, case.due_on) == (CaseStatus.WAITING, True, None)
        case = do(
            work.received, case, on(9), what="clarification", on=date(9), text="The one of 2019."
        )
        assert (case.status, case.paused, case.due_on) == (
            CaseStatus.OPEN,
            False,
            date(10, 8),
        )  # 6 July, and three days


class TestClarification:
    def test_it_pauses_and_the_answer_resumes(self, case):
        case = do(work.ask, case, on(10), what="clarification", text="Which account?")
        assert (case.status, case.paused, case.due_on) == (CaseStatus.WAITING, True, None)
        case = do(
            work.received, case, on(13), what="clarification", on=date(12), text="All of them."
        )
        assert (case.status, case.paused, case.due_on) == (CaseStatus.OPEN, False, date(5, 8))
        assert case.events.get(kind="resumed").text == "All of them."

    def test_only_requests_for_a_copy_are_paused(self):
        with pytest.raises(Refused, match="Article 12A"):
            do(
                work.ask,
                opened(CaseKind.ERASURE),
                on(10),
                what="clarification",
                text="Which account?",
            )

    def test_authority_is_asked_of_agents_alone(self, case):
        with pytest.raises(Refused, match="asks for themselves"):
            do(work.ask, case, on(3), what="authority", text="Please send us the authority.")

    @pytest.mark.parametrize(
        ("missing", "said"),
        [("ground", "prove it"), ("reason", "Which request it repeats"), ("amount", "how much")],
    )
    def test_a_fee_needs_its_ground_its_fact_and_its_amount(self, case, missing, said):
        given = {**FEE, missing: None if missing == "amount" else ""}
        with pytest.raises(Refused, match=said):
            do(work.ask, case, on(3), **given)
        assert not Message.objects.exists()

    def test_a_further_copy_is_of_a_copy(self):
        erasure = opened(CaseKind.ERASURE)
        with pytest.raises(Refused, match="Choose why you ask"):
            do(work.ask, erasure, on(3), **FEE | {"ground": "further-copy"})

    def test_a_fee_is_asked_in_a_letter_that_says_what_it_does(self, case):
        case = do(work.ask, case, on(3), **FEE)
        assert (case.status, case.due_on) == (CaseStatus.WAITING, None)
        letter = Message.objects.get().text
        for words in (
            "we ask for £12.50",
            "manifestly excessive: UK GDPR Article 12(5)",
            "begins when the fee is paid",
            "section 164A",
            "section 165",
            "go to court",
        ):
            assert words in letter
        assert "the third in a month" not in letter
        case = do(work.received, case, on(14), what="fee", on=date(13))
        assert case.due_on == date(13, 8)


class TestWithoutNeed:
    """A question that was not needed moves nothing (UK GDPR Article 12A)."""

    def test_the_clock_counts_from_receipt(self, case):
        before = case.due_on
        case = do(work.not_needed, doubt(case), on(9), what="identity", reason="In the email.")
        assert (case.status, case.due_on, case.start_on) == (
            CaseStatus.OPEN,
            before,
            case.received_on,
        )
        assert case.identified_at is None
        told = Message.objects.latest("queued_at").text
        assert "we asked you for proof of identity" in told
        assert "we will answer you by" in told
        assert "In the email" not in told

    def test_proof_that_came_for_it_moves_nothing_either(self, case):
        before = case.due_on
        case = do(
            work.received, doubt(case), on(14), what="identity", on=date(13), how=["document"]
        )
        assert case.due_on > before
        case = do(work.not_needed, case, on(15), what="identity", reason="We had it already.")
        assert case.due_on == before

    def test_what_we_had_shows_who_asks(self, case):
        case = do(
            work.not_needed,
            doubt(case),
            on(9),
            what="identity",
            reason="The first email came from the address on file.",
            how=["wrote_from_file"],
        )
        assert (case.identified_at, case.start_on) == (on(9), case.received_on)

    def test_too_late_is_told_as_late(self, case):
        case = do(work.not_needed, doubt(case), on(20, 8), what="identity", reason="Habit.")
        assert case.due_on == date(3, 8)
        told = " ".join(Message.objects.latest("queued_at").text.split())
        assert "it was due on Monday 3 August 2026, so it is late" in told

    def test_a_fee_and_authority_are_taken_back_alike(self, case):
        before = case.due_on
        case = do(work.ask, doubt(case), on(3), **FEE)
        case = do(work.not_needed, case, on(5), what="fee", reason="The first repeat in a year.")
        assert (case.status, case.due_on) == (CaseStatus.WAITING, None)  # identity is awaited still
        case = do(work.not_needed, case, on(6), what="identity", reason="In the email.")
        assert (case.status, case.due_on) == (CaseStatus.OPEN, before)

    def test_once_and_only_what_was_asked(self, case):
        with pytest.raises(Refused, match="never asked"):
            do(work.not_needed, case, on(5), what="fee", reason="Habit.")
        case = do(work.not_needed, doubt(case), on(5), what="identity", reason="Habit.")
        with pytest.raises(AlreadyDone, match="taken back already, on 5 July 2026"):
            do(work.not_needed, case, on(6), what="identity", reason="Habit.")
        assert doubt(case, on(7)).status == CaseStatus.WAITING  # on a real doubt it is asked anew


class TestExtending:
    def test_in_time_it_gives_three_months(self, case):
        case = do(
            work.extend, case, on(3, 8, hour=22), reason="It spans six accounts."
        )  # 23:00 in London
        assert (case.extended, case.due_on) == (True, date(2, 10))
        assert "Friday 2 October 2026" in Message.objects.get().text

    def test_too_late_says_which_day_it_was(self, case):
        with pytest.raises(
            Refused, match="was Monday 3 August 2026, and today is Tuesday 4 August 2026"
        ):
            do(
                work.extend, case, on(3, 8, hour=23), reason="It spans six accounts."
            )  # midnight in London
        case.refresh_from_db()
        assert (case.extended, case.due_on, kinds(case)) == (
            False,
            date(3, 8),
            ["received", "due_changed"],
        )

    def test_it_is_possible_once(self, case):
        case = do(work.extend, case, on(10), reason="It spans six accounts.")
        with pytest.raises(AlreadyDone, match="once"):
            do(work.extend, case, on(11), reason="And more.")

    def test_while_the_clock_waits_there_is_nothing_to_extend(self, case):
        with pytest.raises(Refused, match="has not begun"):
            do(work.extend, doubt(case), on(10), reason="It spans six accounts.")

    def test_while_the_clock_stands_still_neither(self, case):
        do(work.ask, case, on(10), what="clarification", text="Which account?")
        with pytest.raises(Refused, match="stands still"):
            do(work.extend, case, on(11), reason="It spans six accounts.")

    def test_a_complaint_is_never_extended(self):
        with pytest.raises(Refused, match="no extension"):
            do(work.extend, opened(CaseKind.COMPLAINT), on(10), reason="It spans six accounts.")


class TestHandling:
    def test_a_case_has_one_assignee(self, case, agent, auditor):
        assert do(work.assign, case, on(3), to=agent).assignee == agent
        with pytest.raises(AlreadyDone):
            do(work.assign, case, on(3), to=agent)
        with pytest.raises(Refused, match="does not work on cases"):
            do(work.assign, case, on(3), to=auditor)
        assert do(work.assign, case, on(3), to=None).assignee is None

    def test_a_note_stays_inside_and_a_message_goes_out(self, case):
        do(work.note, case, on(3), text="Sounds upset.")
        assert not Message.objects.exists()
        do(work.identify, case, on(3), how=["called_back"])
        do(work.write, case, on(3), text="We are on it.")
        letter = Message.objects.get().text
        assert "We are on it." in letter
        assert "upset" not in letter

    def test_the_same_message_twice_goes_out_once(self, case):
        do(work.write, case, on(3), text="We are on it.", number=1)
        with pytest.raises(AlreadyDone, match="sent already"):
            do(work.write, case, on(3), text="We are on it.", number=1)
        with pytest.raises(Refused, match="meanwhile"):
            do(work.write, case, on(3), text="Something else.", number=1)
        assert Message.objects.count() == 1

    def test_a_card_number_is_never_kept(self, case):
        do(work.note, case, on(3), text="Paid with 4111 1111 1111 1111.")
        assert case.events.get(kind="noted").text == "Paid with [card ending 1111]."

    def test_whose_it_is_may_move_the_seven_days(self):
        # 2 July is a Thursday; in Northern Ireland Monday 13 July is a holiday.
        case = opened(CaseKind.AGENCIES)
        assert case.due_on == date(13)
        case = do(work.match_to, case, on(3), customer=ada(jurisdiction="northern-ireland"))
        assert (case.jurisdiction, case.due_on) == ("northern-ireland", date(14))
        assert Entry.objects.filter(
            event="case_step", subject=case.customer.pk, facts__step="matched"
        ).exists()

    def test_another_customer_has_to_be_checked_anew(self, case):
        case = do(work.identify, case, on(3), how=["details"])
        case = do(work.match_to, case, on(4), customer=ada(surname="Byron"))
        assert (case.identified_at, case.identified_by) == (None, "")

    def test_a_wrong_day_of_negotiations_is_corrected(self):
        case = opened(CaseKind.AGENCIES)
        # more than 28 days before: answered as access
        late = do(work.negotiations_ended, case, on(3), on=date(1, 5))
        assert late.due_on == date(3, 8)
        assert do(work.negotiations_ended, case, on(3), on=date(20, 6)).due_on == date(13)


class TestTheDatabase:
    """The trigger and the table agree on every pair of statuses, for every kind."""

    @pytest.mark.parametrize("kind", list(CaseKind))
    def test_it_lets_through_what_the_table_knows_and_nothing_else(self, kind):
        known = {
            (before, step.after)
            for step in transitions.changes()
            if kind in step.kinds
            for before in step.before
        }
        case, other = opened(kind), opened(kind)
        for before in CaseStatus:
            for after in CaseStatus:
                if before != after and not (
                    right_of(kind).anybody_may and before in ("refused", "partly", "lapsed")
                ):
                    assert lets(case, before, after, other) == ((before, after) in known), (
                        before,
                        after,
                    )

    def test_nobody_turns_one_kind_into_another(self, case):
        with pytest.raises(DatabaseError, match="cannot go"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(kind=CaseKind.ERASURE)

    def test_a_step_whose_audit_fails_leaves_nothing(self, case, monkeypatch):
        monkeypatch.setattr("audit.events.case_step", lambda **facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            doubt(case)
        case.refresh_from_db()
        assert (case.status, kinds(case)) == (CaseStatus.OPEN, ["received", "due_changed"])


def lets(case, before, after, other):
    """Whether the database lets a case go from one status to another."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL session_replication_role = replica"
        )  # to begin with, any status will do
        change(cursor, case, before, other)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        try:
            with transaction.atomic():
                change(cursor, case, after, other)
        except DatabaseError as error:
            return "cannot go from" not in str(error)  # by this trigger, not for another reason
    return True


def change(cursor, case, status, other):
    closed = status not in (CaseStatus.OPEN, CaseStatus.WAITING)
    cursor.execute(
        "UPDATE cases_case SET status = %s, closed_at = %s, closed_on = %s, merged_into_id = %s, "
        "outcome_ground = 'excessive' WHERE id = %s",
        [
            status,
            RECEIVED if closed else None,
            date(2) if closed else None,
            other.pk if status == CaseStatus.MERGED else None,
            case.pk,
        ],
    )


def test_the_stored_clock_is_the_computed_one(case):
    with time_machine.travel(on(10), tick=False):
        case = do(
            work.received,
            do(work.ask, case, on(4), what="clarification", text="Which?"),
            on(9),
            what="clarification",
            on=date(9),
        )
    found = clock.deadline(case)
    assert (case.due_on, case.target_on, case.rule_version) == (
        found.due,
        found.target_on,
        found.version,
    )
    assert isinstance(case.due_on, datetime.date)
