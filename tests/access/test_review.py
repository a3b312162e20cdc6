"""Reading a copy and checking what was left out: two people, every text, and nothing of what would
tip somebody off."""

import pytest
from django.db import IntegrityError, transaction

from audit.actions import AlreadyDone, Refused
from compliance.access import actions
from compliance.access.decisions import Decisions, left_out, unread
from compliance.access.models import Pack, Reading, Redaction
from compliance.access.reviewed import NOT_READ
from compliance.casework.actions import work
from compliance.register import actions as register_actions
from customers.models import ContactNote
from tests import factories as make
from tests.access.copying import (
    CHECKER,
    MINUTE,
    NOW,
    READER,
    asked,
    built,
    checked,
    leave_out,
    note_of,
    prepared,
    read_all,
    shown,
    with_notes,
)
from tests.outcomes.effects import carry_out

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _register(db):
    register_actions.load(by="job:test")


@pytest.fixture
def case():
    return asked()


@pytest.fixture
def pack(case):
    return prepared(case)


class TestReading:
    def test_nothing_unread_is_shown(self, pack):
        assert shown(pack) == NOT_READ

    def test_what_was_marked_is_left_out(self, pack):
        leave_out(pack)
        assert (
            shown(pack)
            == "Her neighbour [redacted: other person] called about the parcel. She wants it "
            "left at the door."
        )

    def test_the_master_stays_as_it_was(self, pack):
        leave_out(pack)
        assert "Bertha Mason" in ContactNote.objects.get().text

    def test_a_text_that_changed_is_read_again(self, pack):
        leave_out(pack)
        ContactNote.objects.update(text="Now Grace Poole called too.")
        assert shown(pack) == NOT_READ
        assert note_of(pack) in list(unread(pack))

    def test_the_last_decision_counts(self, pack):
        leave_out(pack), leave_out(pack, words="")
        assert "Bertha Mason" in shown(pack)

    def test_every_decision_is_kept(self, pack):
        leave_out(pack), leave_out(pack, words="")
        assert (
            Reading.objects.filter(label="customers.ContactNote").count(),
            Redaction.objects.get().reason,
        ) == (2, "other_person")

    def test_a_decision_is_never_changed(self, pack):
        reading = leave_out(pack)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Reading.objects.filter(pk=reading.pk).update(by="staff:9")

    def test_what_is_nothing_but_theirs_needs_no_eyes(self, pack):
        made = Decisions(pack)
        assert made.text("outbox.Message", "1", "recipient", "ada@example.org") == "ada@example.org"
        assert made.text("outbox.Message", "1", "recipient", "grace@example.org") == NOT_READ

    def test_a_copy_does_not_tell_of_itself(self, case, pack):
        before = len(list(unread(pack)))
        work.write(case, text="Your copy is on its way.", by=READER, now=NOW + MINUTE)
        assert len(list(unread(pack))) == before

    def test_it_is_not_finished_before_all_is_read(self, pack):
        with pytest.raises(Refused, match="not read yet"):
            actions.finish_review(pack, by=READER, now=NOW)


class TestWholeRecords:
    def test_one_can_be_held_back_and_put_back(self, pack):
        row = note_of(pack).pk
        hold = {"label": "customers.ContactNote", "row": row, "by": READER, "now": NOW}
        actions.hold_back(pack, reason="reference", **hold)
        assert not Decisions(pack).shows("customers.ContactNote", row)
        actions.hold_back(pack, reason="", **hold)
        assert Decisions(pack).shows("customers.ContactNote", row)

    def test_one_of_somebody_else_is_refused(self, pack):
        other = make.ContactNoteFactory()
        with pytest.raises(Refused, match="not there"):
            actions.hold_back(
                pack,
                label="customers.ContactNote",
                row=str(other.pk),
                reason="crime",
                by=READER,
                now=NOW,
            )

    def test_a_text_that_is_silent_throughout_takes_its_record_along(self, pack):
        leave_out(pack, words=note_of(pack).text, reason="crime")
        assert not Decisions(pack).shows("customers.ContactNote", note_of(pack).pk)


class TestTheSecondPerson:
    def test_whoever_read_cannot_check(self, pack):
        leave_out(pack), read_all(pack)
        with pytest.raises(Refused, match="yourself"):
            actions.check(pack, by=READER, now=NOW)

    def test_nor_can_one_who_read_a_single_text(self, pack):
        leave_out(pack, by=CHECKER), read_all(pack)
        with pytest.raises(Refused, match="yourself"):
            actions.check(pack, by=CHECKER, now=NOW)

    @pytest.mark.parametrize("reader", [READER, CHECKER])
    def test_the_database_refuses_it_too(self, pack, reader):
        leave_out(pack, by=reader), read_all(pack)
        with pytest.raises(IntegrityError), transaction.atomic():
            Pack.objects.filter(pk=pack.pk).update(
                state="checked", checked_at=NOW, checked_by=reader
            )

    def test_a_word_comes_back_with_it(self, pack):
        leave_out(pack), read_all(pack)
        actions.send_back(pack, word="The door is hers, the neighbour is not.", by=CHECKER, now=NOW)
        pack.refresh_from_db()
        assert (pack.state, pack.read_by, pack.word) == (
            "in_review",
            "",
            "The door is hers, the neighbour is not.",
        )

    def test_two_who_check_at_once_are_one(self, case):
        pack = checked(case)
        with pytest.raises(AlreadyDone):
            actions.check(pack, by="staff:103", now=NOW)

    def test_the_log_keeps_both_people_and_the_reason(self, case):
        pack = checked(case)
        assert (pack.read_by, pack.checked_by) == (READER, CHECKER)
        assert {one.by for one in pack.readings.all()} == {READER}

    def test_the_trail_names_no_reason(self, case, django_assert_num_queries):
        built(case, reason="crime")
        from audit.models import Entry

        assert not any(
            "crime" in str(facts) for facts in Entry.objects.values_list("facts", flat=True)
        )


class TestTippingOff:
    def test_nobody_is_told_of_what_leaves_no_trace(self, case):
        pack = built(case, reason="crime")
        assert left_out(pack) == []
        carry_out(case, "release_copy")
        assert case.outcomes.get(effect="release_copy").told[0].what == "Your copy"
        assert case.outcomes.get(effect="release_copy").told[1:] == []

    def test_what_may_be_told_is_told(self, case):
        built(case)
        carry_out(case, "release_copy")
        assert case.outcomes.get(effect="release_copy").told[1].what == "What is about other people"

    def test_a_suspicion_is_no_text_to_read(self):
        customer = with_notes()
        before = len(list(unread(prepared(asked(customer)))))
        make.FraudMarkerFactory(
            customer=customer, status="suspected", details="Two dates of birth."
        )
        assert len(list(unread(Pack.objects.get()))) == before
