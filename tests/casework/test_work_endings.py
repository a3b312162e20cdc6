"""How a case ends, lapses, is opened again and merged."""

import pytest

from audit.actions import AlreadyDone, Refused
from audit.models import Entry
from compliance import outcomes
from compliance.cases.actions import clock
from compliance.cases.grounds import GROUNDS, grounds_for
from compliance.cases.kinds import CaseKind, CaseStatus
from compliance.casework.actions import work
from compliance.deadlines.explain import for_customer
from customers.outbox.models import Message
from tests import factories as make
from tests.casework.desk import STAFF, ada, carried_out, date, on, opened
from tests.casework.test_work import do, doubt

pytestmark = pytest.mark.django_db


class TestEnding:
    def test_an_answer_closes_it(self, case, trail):
        case = do(work.complete, carried_out(case), on(10), text="Here is your data.")
        assert (case.status, case.closed_on) == (CaseStatus.COMPLETED, date(10))
        assert "Here is your data." in Message.objects.get().text
        assert Entry.objects.filter(event="case_step", facts__step="completed").count() == 1

    def test_an_answer_after_the_last_day_is_marked_late(self, case):
        case = do(work.complete, carried_out(case), on(5, 8), text="Here is your data.")
        assert case.events.get(kind="completed").codes == {"late": 2}

    def test_approved_with_nothing_done_is_an_error(self, case):
        with pytest.raises(Refused, match="Nothing was carried out"):
            do(work.complete, case, on(10), text="Here is your data.")
        assert (
            do(work.complete, carried_out(case), on(10), text="Here is your data.").status
            == CaseStatus.COMPLETED
        )

    def test_who_was_told_otherwise_gets_no_letter(self, case):
        case = do(
            work.complete,
            carried_out(case),
            on(10),
            text="Read out on the telephone today.",
            write=False,
        )
        assert not Message.objects.exists()
        assert case.events.get(kind="completed").text == "Read out on the telephone today."

    @pytest.mark.parametrize(
        "says", ["We have erased it all.", "we’ve now stopped it", "We deleted it"]
    )
    def test_we_write_of_no_effect_that_there_was_not(self, case, says):
        with pytest.raises(Refused, match="Carry it out first"):
            do(work.complete, carried_out(case), on(10), text=says)
        assert not Message.objects.exists()

    def test_what_was_done_can_be_written(self):
        ada()
        case = opened(CaseKind.MARKETING)
        outcomes.at_once(case, by=STAFF, now=on(9))
        case = do(work.complete, case, on(10), text="We stopped it. Nothing was erased by you.")
        assert "We stopped it." in Message.objects.get(of_case__letter="completion").text

    def test_a_complaint_has_an_outcome(self):
        ada()
        case = opened(CaseKind.COMPLAINT)
        with pytest.raises(Refused, match="Nothing was carried out"):
            do(work.complete, case, on(10), text="We looked into it.")
        for outcome in ("rejected", "upheld"):  # looked into again: what was noted last counts
            outcomes.carry_out(
                case, "complaint", {"outcome": outcome, "findings": "Late."}, by=STAFF, now=on(9)
            )
        do(work.complete, case, on(10), text="We looked into it.")
        assert "We agree with your complaint." in Message.objects.get().text

    def test_a_part_of_nothing_is_no_answer(self, case):
        with pytest.raises(Refused, match="Nothing was carried out"):
            do(
                work.refuse,
                case,
                on(10),
                ground="others-rights",
                text="One page is left out.",
                partly=True,
            )

    def test_who_is_given_nothing_is_not_told_that_a_part_is_done(self):
        ada()
        case = opened(CaseKind.OBJECTION)
        given = {"outcome": "rejected", "reasons": "We must."}
        outcomes.carry_out(case, "objection", given, by=STAFF, now=on(9))
        with pytest.raises(Refused, match="no part of what they asked for"):
            do(work.refuse, case, on(10), ground="compelling", text="We must.", partly=True)

    def test_a_refusal_has_its_ground_and_the_ways_to_go_on(self, case):
        case = do(
            work.refuse, case, on(10), ground="excessive", text="We answered the same in May."
        )
        assert (case.status, case.outcome_ground) == (CaseStatus.REFUSED, "excessive")
        letter = Message.objects.get().text
        for words in (
            "manifestly excessive",
            "We answered the same in May.",
            "Information Commissioner",
            "court",
        ):
            assert words in letter

    @pytest.mark.parametrize("ground", ["accurate", "nonsense", ""])
    def test_a_ground_of_another_right_is_none(self, case, ground):
        with pytest.raises(Refused, match="ground that the law knows"):
            do(work.refuse, case, on(10), ground=ground, text="No.")

    @pytest.mark.parametrize("kind", sorted(kind for kind in CaseKind.values if grounds_for(kind)))
    def test_each_ground_is_of_its_rights_and_needs_reasons(self, kind):
        ada()
        case = opened(kind)
        for ground in GROUNDS.keys() - grounds_for(kind).keys():
            with pytest.raises(Refused, match="ground that the law knows"):
                do(work.refuse, case, on(10), ground=ground, text="No.")
        for ground in grounds_for(kind):
            with pytest.raises(
                Refused, match=r"Write the reasons|asks for themselves|Carry it out"
            ):
                do(work.refuse, case, on(10), ground=ground, text=" ")
        assert not Message.objects.exists()

    @pytest.mark.parametrize(
        ("ground", "said"),
        [("no-authority", "asks for themselves"), ("identity", "clear who asks")],
    )
    def test_a_ground_that_is_not_so_here_is_not_told(self, case, ground, said):
        case.identified_at, case.identified_by = on(2), STAFF
        case.save()
        with pytest.raises(Refused, match=said):
            do(work.refuse, case, on(10), ground=ground, text="No.")
        assert not Message.objects.exists()

    def test_partly_keeps_its_ground_too(self):
        ada()
        case = carried_out(opened(CaseKind.RECTIFICATION))
        case = do(work.refuse, case, on(10), ground="opinion", text="One note stays.", partly=True)
        assert (case.status, case.outcome_ground) == (CaseStatus.PARTLY, "opinion")

    def test_too_late_for_section_157_is_answered_as_access(self):
        ada()
        case = opened(CaseKind.AGENCIES)
        assert case.due_on == date(13)  # seven working days
        case = do(work.negotiations_ended, case, on(3), on=date(1, 5))
        assert (case.due_on, case.rule_version) == (date(3, 8), "sar/2026-02-05")
        told = for_customer(clock.deadline(case))
        assert "so we answer it as a request for your personal data" in told
        assert "We will answer you by Monday 3 August 2026" in told
        # a later entry corrects an earlier: it came in time after all
        case = do(work.negotiations_ended, case, on(4), on=date(20, 6))
        assert (case.due_on, case.rule_version) == (date(13), "cra_disclosure/2000-03-01")

    def test_taking_it_back_is_confirmed(self, case):
        case = do(work.withdraw, case, on(10), reason="Said so on the telephone.")
        assert case.status == CaseStatus.WITHDRAWN
        assert Message.objects.get().kind == "case_withdrawn"

    def test_twice_is_one_result_and_one_message(self, case):
        do(work.complete, carried_out(case), on(10), text="Here is your data.")
        with pytest.raises(AlreadyDone, match="done already: completed on 10 July 2026 at 13:00"):
            do(work.complete, case, on(10), text="Here is your data.")
        with pytest.raises(
            Refused, match=r"closed: completed on 10 July 2026 .* Open it again first"
        ):
            do(work.refuse, case, on(10), ground="excessive", text="No.")
        assert Message.objects.count() == 1


class TestLapsing:
    def test_only_after_a_doubt_a_reminder_and_a_fortnight(self, case):
        with pytest.raises(Refused):
            do(work.lapse, case, on(3, 8))
        case = doubt(case)
        with pytest.raises(Refused, match="Remind the person first"):
            do(work.lapse, case, on(3, 8))
        do(work.remind, case, on(3, 8))
        with pytest.raises(Refused, match="until Monday 17 August 2026"):
            do(work.lapse, case, on(17, 8))
        assert do(work.lapse, case, on(18, 8)).status == CaseStatus.LAPSED
        assert list(Message.objects.order_by("queued_at").values_list("kind", flat=True)) == [
            "case_identity",
            "case_reminder_to_customer",
            "case_lapsed",
        ]

    def test_whoever_answers_is_not_silent(self, case):
        case = do(work.remind, doubt(case), on(3, 8))
        do(work.heard, case, on(10, 8), text="I am abroad until September.")
        with pytest.raises(Refused, match="Something came from the person"):
            do(work.lapse, case, on(18, 8))

    def test_a_reminder_goes_once(self, case):
        do(work.remind, doubt(case), on(3, 8))
        with pytest.raises(AlreadyDone):
            do(work.remind, case, on(4, 8))

    def test_a_pause_never_lapses(self, case):
        case = do(work.ask, case, on(10), what="clarification", text="Which account?")
        do(work.remind, case, on(10, 8))
        with pytest.raises(Refused, match="Only where we asked for proof of identity"):
            do(work.lapse, case, on(1, 9))

    @pytest.mark.parametrize(
        "kind", [CaseKind.OBJECTION, CaseKind.MARKETING, CaseKind.COMPLAINT, CaseKind.AGENCIES]
    )
    def test_some_kinds_are_always_answered(self, kind):
        with pytest.raises(Refused, match="are answered"):
            do(work.lapse, opened(kind), on(1, 9))

    def test_it_can_be_opened_again_and_proof_still_counts(self, case):
        case = do(work.lapse, do(work.remind, doubt(case), on(3, 8)), on(18, 8))
        case = do(work.reopen, case, on(20, 8), reason="She came home and called.")
        assert (case.status, case.due_on) == (CaseStatus.OPEN, None)
        case = do(
            work.received, case, on(21, 8), what="identity", on=date(21, 8), how=["called_back"]
        )
        assert case.due_on == date(21, 9)


class TestReopening:
    def test_the_clock_is_the_old_one(self, case):
        case = do(work.refuse, case, on(10), ground="excessive", text="No.")
        case = do(work.reopen, case, on(10, 9), reason="The regulator disagrees.")
        assert (case.status, case.due_on, case.closed_on, case.outcome_ground) == (
            CaseStatus.OPEN,
            date(3, 8),
            None,
            "",
        )

    def test_an_open_case_is_open_already(self, case):
        with pytest.raises(AlreadyDone, match="open already"):
            do(work.reopen, case, on(10), reason="Again.")

    def test_a_pause_that_was_left_open_can_still_end(self, case):
        case = do(
            work.withdraw, do(work.ask, case, on(10), what="clarification", text="Which?"), on(11)
        )
        case = do(work.reopen, case, on(12), reason="Changed her mind.")
        assert do(work.received, case, on(14), what="clarification", on=date(14)).due_on == date(
            7, 8
        )


class TestMerging:
    def test_work_that_has_begun_is_not_lost_from_sight(self, case):
        second = opened(at=on(9))
        pack = make.PackFactory(customer=second.customer, reference=second.reference)
        with pytest.raises(Refused, match="has begun"):
            do(work.merge, second, on(10), into=case)
        pack.state, pack.withdrawn_at, pack.withdrawn_by = "withdrawn", on(9), "staff:1"
        pack.save()
        do(work.merge, second, on(10), into=case)

    def test_a_duplicate_joins_the_first_and_no_word_is_lost(self, case):
        second = opened(at=on(9), words="I asked a week ago!")
        into = do(work.merge, second, on(10), into=case)
        second.refresh_from_db()
        assert (second.status, second.merged_into, into.due_on) == (
            CaseStatus.MERGED,
            case,
            date(3, 8),
        )
        assert into.events.get(kind="heard").text == "I asked a week ago!"
        assert "under the reference" in Message.objects.get().text

    def test_the_earlier_clock_counts(self, case):
        with pytest.raises(Refused, match="came later"):
            do(work.merge, case, on(10), into=opened(at=on(9)))

    def test_a_different_request_is_kept(self, case):
        with pytest.raises(Refused, match="different things"):
            do(work.merge, opened(CaseKind.ERASURE, at=on(9)), on(10), into=case)

    def test_another_person_is_another_case(self, case):
        with pytest.raises(Refused, match="same customer"):
            do(work.merge, opened(at=on(9), email="bob@example.org"), on(10), into=case)
