"""The edges of the clock: what it refuses, what it tells beside the date, and what each event may
and may not do."""

import datetime

import pytest

from compliance import deadlines
from compliance.deadlines import NoDateReason, compute
from compliance.deadlines.explain import account
from compliance.deadlines.steps import Extension
from tests.deadlines.cases import DAY, ENGLAND, PLAIN, deadline, due


class TestRefusals:
    @pytest.mark.parametrize(
        ("case", "words"),
        [
            (("tax", "2026-03-02"), "there is no kind 'tax'; the kinds are sar, "),
            (("sar", "2007-05-01"), "use sar_dpa1998"),
            (("adm_review", "2018-05-24"), "use adm_review_dpa1998"),
            (("objection", "2018-05-24"), "use damage_notice_dpa1998"),
            (
                ("sar_dpa1998", "2018-05-25"),
                "ended with requests received on 2018-05-24, and this one was received on "
                "2018-05-25: use sar",
            ),
            (("damage_notice_dpa1998", "2026-01-05"), "use objection"),
            (("complaint_ack", "2026-06-18"), "no law set a date for acknowledging"),
            (("marketing_objection", "2007-05-14"), "within a reasonable time"),
            (("portability", "2010-01-01"), "there was no such right"),
            (("erasure", "2010-01-01"), "no law that we know"),
            (("sar_dpa1998", "1999-12-31"), "no law that we know"),
            (("sar", "2026-07-01T23:30:00"), "has no offset from UTC"),
            (("breach", "2026-03-27"), "needs a moment such as"),
            (("sar", "2026-02-30"), "received: there is no day 2026-02-30"),
            (("sar", "2/3/2026"), "received: '2/3/2026' is not a date such as 2026-03-31"),
            (("sar", "20260302"), "is not a date"),
            (("sar", "٢٠٢٦-03-02"), "is not a date"),
            (("sar", "2026-03-02T25:00Z"), "there is no moment"),
            (("sar", "2026-03-02", "", "wales"), "there is no jurisdiction 'wales'"),
            (("sar", "2026-03-02", "", ""), "jurisdiction: say whose bank holidays count"),
            (
                ("sar", "2100-12-20"),
                "the bank holidays of 2101 are not known: the calendar reaches from 1972 to 2100",
            ),
            (("fca_complaint_final", "9999-12-31"), "beyond the years"),
            (("sar", "9999-12-31"), "beyond the years"),
        ],
    )
    def test_what_makes_no_sense_is_refused_in_words(self, case, words):
        with pytest.raises(ValueError) as refused:
            deadline(*case)
        assert words in str(refused.value)

    @pytest.mark.parametrize(
        ("events", "words"),
        [
            ("slept 2026-03-03", "there is no event 'slept'"),
            ("extended", "extended: '' is not a date"),
            ("extended tomorrow", "extended: 'tomorrow' is not a date"),
            ("extended 2026-03-01", "extended 2026-03-01: that is before the request was received"),
            ("id_requested 2026-03-01", "id_requested 2026-03-01: that is before"),
            ("paused 2026-03-01..2026-03-05", "paused 2026-03-01..2026-03-05: that is before"),
            ("paused 2026-03-05", "write FROM..TO"),
            ("paused ..2026-03-05", "paused: '' is not a date"),
            (
                "paused 2026-03-05..2026-03-04",
                "paused 2026-03-05..2026-03-04: the pause ends before it begins",
            ),
            (
                "negotiations_ended 2026-01-01;negotiations_ended 2026-01-02",
                "with different days: 2026-01-01, 2026-01-02",
            ),
        ],
    )
    def test_an_event_that_cannot_be_is_named(self, events, words):
        with pytest.raises(ValueError) as refused:
            deadline("sar", "2026-03-02", events)
        assert words in str(refused.value)

    def test_a_case_of_thousands_of_events_is_no_case(self):
        with pytest.raises(ValueError, match="201 events are more than one case can have"):
            deadline("sar", "2026-03-02", "id_requested 2026-03-03;" * 201)

    def test_an_event_made_by_code_is_checked_too(self):
        for event in (
            deadlines.Event("extended", DAY(2026, 3, 5), DAY(2026, 3, 6)),
            deadlines.Event("guessed", DAY(2026, 3, 5)),
        ):
            with pytest.raises(ValueError):
                compute("sar", DAY(2026, 3, 2), ENGLAND, [event], holidays=PLAIN)

    def test_a_year_is_unknown_only_when_it_is_needed(self):
        assert due("fca_complaint_final", "2150-01-01", place="") == "2150-02-26"
        with pytest.raises(deadlines.NotCovered):
            deadline("sar", "2150-01-01")

    def test_the_edge_of_time_is_no_crash(self):
        for year, month, day, hours in ((1, 1, 1, 14), (9999, 12, 31, -12)):
            far = datetime.timezone(datetime.timedelta(hours=hours))
            with pytest.raises(ValueError):
                compute(
                    "sar",
                    datetime.datetime(year, month, day, 12, tzinfo=far),
                    ENGLAND,
                    holidays=PLAIN,
                )


class TestWithoutADueDate:
    def test_asked_and_unanswered_has_a_day_to_look_again(self):
        found = deadline("sar", "2026-03-02", "id_requested 2026-03-31;fee_requested 2026-03-20")
        assert (found.due, found.start, found.reason, found.review_on) == (
            None,
            None,
            NoDateReason.UNANSWERED,
            DAY(2026, 4, 20),
        )
        assert (found.target_on, found.warn_on) == (None, ())

    def test_an_open_pause_has_one_too(self):
        found = deadline("sar", "2026-03-02", "paused 2026-03-05..;paused 2026-03-04..2026-03-06")
        assert (found.due, found.reason, found.review_on) == (
            None,
            NoDateReason.PAUSED,
            DAY(2026, 4, 5),
        )
        assert found.extension_until is None

    def test_outside_the_window_there_is_nothing_to_wait_for(self):
        found = deadline("cra_disclosure", "2026-11-02", "negotiations_ended 2026-10-04")
        assert (found.due, found.reason, found.review_on) == (
            None,
            NoDateReason.OUTSIDE_WINDOW,
            None,
        )

    def test_outside_the_window_it_is_answered_as_access_on_the_desk(self):
        """One month from 2 November, in England and Wales: Wednesday 2 December."""
        found = deadline(
            "cra_disclosure", "2026-11-02", "negotiations_ended 2026-10-04", late_too=True
        )
        assert (found.due, found.version) == (DAY(2026, 12, 2), "sar/2026-02-05")
        assert found.late_for.kind == "cra_disclosure"
        told = " ".join(account(found))
        assert "the section covers requests until Sunday 1 November 2026" in told
        assert "One month from Monday 2 November 2026 runs to Wednesday 2 December 2026" in told
        in_time = deadline(
            "cra_disclosure", "2026-11-02", "negotiations_ended 2026-10-05", late_too=True
        )
        assert (in_time.late_for, in_time.due) == (None, DAY(2026, 11, 11))

    def test_asked_again_after_an_answer_waits_again(self):
        events = "id_requested 2026-03-03;id_received 2026-03-05;id_requested 2026-03-06"
        assert deadline("sar", "2026-03-02", events).reason is NoDateReason.UNANSWERED
        assert due("sar", "2026-03-02", f"{events};id_received 2026-03-10") == "2026-04-10"

    def test_one_answer_may_serve_two_questions(self):
        events = "id_requested 2026-03-03;id_requested 2026-03-06;id_received 2026-03-10"
        assert due("sar", "2026-03-02", events) == "2026-04-10"

    def test_proof_sent_before_it_was_asked_for_is_no_answer(self):
        assert (
            deadline("sar", "2026-03-02", "id_received 2026-03-03;id_requested 2026-03-05").reason
            is NoDateReason.UNANSWERED
        )

    def test_a_late_second_question_leaves_the_first_answer(self):
        events = (
            "id_requested 2026-03-03;id_received 2026-03-10;id_requested "
            "2026-04-20;id_received 2026-04-25"
        )
        assert due("sar", "2026-03-02", events) == "2026-04-10"

    def test_nothing_asked_while_waiting_is_late(self):
        events = (
            "id_requested 2026-03-03;fee_requested 2026-06-01;id_received "
            "2026-06-02;fee_paid 2026-06-03"
        )
        assert due("sar", "2026-03-02", events) == "2026-07-03"
        again = "id_requested 2026-03-03;id_requested 2026-06-01;id_received 2026-06-02"
        assert due("sar", "2026-03-02", again) == "2026-07-02"


class TestExtension:
    @pytest.mark.parametrize(
        ("kind", "events", "outcome"),
        [
            ("sar", "extended 2026-03-25", Extension.IN_TIME),
            ("sar", "extended 2026-04-03", Extension.TOO_LATE),
            ("sar", "extended 2026-03-25;extended 2026-05-20", Extension.IN_TIME),
            ("sar", "", None),
            ("consent_withdrawal", "extended 2026-03-25", Extension.NOT_POSSIBLE),
        ],
    )
    def test_what_became_of_it_is_told(self, kind, events, outcome):
        assert deadline(kind, "2026-03-02", events).extension is outcome

    def test_the_last_day_for_a_notice_is_the_rolled_end_of_the_first_month(self):
        assert deadline("sar", "2026-03-03").extension_until == DAY(2026, 4, 7)
        assert deadline("sar", "2026-03-03", "extended 2026-04-07").extension_until == DAY(
            2026, 4, 7
        )
        assert deadline("consent_withdrawal", "2026-03-03").extension_until is None

    def test_a_pause_moves_that_day_and_a_later_one_does_not(self):
        assert deadline(
            "sar", "2026-02-23", "paused 2026-03-02..2026-03-09"
        ).extension_until == DAY(2026, 3, 31)
        late = deadline("sar", "2026-02-23", "extended 2026-03-20;paused 2026-04-02..2026-04-09")
        assert (late.extension_until, late.excluded_days, late.due) == (
            DAY(2026, 3, 23),
            8,
            DAY(2026, 6, 1),
        )

    def test_a_notice_counts_while_the_clock_stands_still(self):
        assert (
            deadline("sar", "2026-03-02", "paused 2026-03-05..;extended 2026-04-20").extension
            is Extension.IN_TIME
        )

    def test_a_notice_sent_before_identity_came_counts(self):
        assert (
            due(
                "sar",
                "2026-03-02",
                "id_requested 2026-03-03;extended 2026-03-04;id_received 2026-03-10",
            )
            == "2026-06-10"
        )


class TestPauses:
    def test_a_pause_without_end_in_sight_is_counted_at_once(self):
        assert deadline("sar", "2026-03-02", "paused 2026-03-05..2090-03-05").excluded_days == 23377

    def test_the_order_of_writing_does_not_matter(self):
        events = [
            "paused 2026-05-13..2026-05-20",
            "paused 2026-05-26..2026-05-29",
            "extended 2026-06-20",
        ]
        assert {due("sar", "2026-05-11", ";".join(order)) for order in (events, events[::-1])} == {
            "2026-08-24"
        }

    def test_asked_on_the_start_day_only_adds_nothing(self):
        assert deadline("sar", "2026-03-02", "paused 2026-03-02..2026-03-02").excluded_days == 0


class TestTargets:
    def test_twenty_eight_days_and_three_warnings(self):
        found = deadline("sar", "2026-11-25")
        assert found.target_on == DAY(2026, 12, 23)
        assert [(day - DAY(2026, 11, 25)).days for day in found.warn_on] == [14, 21, 26]

    def test_a_pause_and_an_extension_move_it(self):
        assert deadline("sar", "2026-02-23", "paused 2026-03-02..2026-03-09").target_on == DAY(
            2026, 3, 31
        )
        assert deadline("sar", "2026-02-10", "extended 2026-03-05").target_on == DAY(
            2026, 5, 5
        )  # 84 days

    def test_a_complaint_is_acknowledged_on_day_29(self):
        assert deadline("complaint_ack", "2026-06-19").target_on == DAY(2026, 7, 18)

    def test_section_157_takes_the_earlier_calendar(self):
        case = ("cra_disclosure", "2026-12-24", "", "scotland")
        found = deadline(*case, controller_jurisdiction=ENGLAND)
        assert (found.due, found.target_on, found.jurisdiction) == (
            DAY(2027, 1, 8),
            DAY(2027, 1, 7),
            "scotland",
        )
        assert found.warn_on == (DAY(2026, 12, 31), DAY(2027, 1, 5))
        assert deadline(*case).target_on == DAY(2027, 1, 8)

    @pytest.mark.parametrize("kind", ["sar_dpa1998", "tps_first_barred", "breach"])
    def test_history_and_signposts_have_none(self, kind):
        received = {"sar_dpa1998": "2007-05-01"}.get(kind, "2026-03-02T09:00:00Z")
        assert deadline(kind, received).target_on is None


class TestPlaceAndTime:
    def test_a_right_goes_by_the_place_where_it_is_handled(self):
        found = deadline("sar", "2026-03-03", "", "scotland", controller_jurisdiction=ENGLAND)
        assert (found.due, found.jurisdiction) == (DAY(2026, 4, 7), ENGLAND)

    @pytest.mark.parametrize(
        ("moment", "day"),
        [
            ("2026-07-01T22:59:59Z", DAY(2026, 7, 1)),
            ("2026-07-01T23:00:00Z", DAY(2026, 7, 2)),
            ("2026-12-01T23:59:59Z", DAY(2026, 12, 1)),
            ("2026-03-29T00:59:59Z", DAY(2026, 3, 29)),
            ("2026-10-24T23:00:00Z", DAY(2026, 10, 25)),
            ("2026-10-25T23:30:00Z", DAY(2026, 10, 25)),
        ],
    )
    def test_the_day_is_the_one_in_london(self, moment, day):
        assert deadline("sar", moment).received == day

    def test_the_rule_goes_by_the_london_day_too(self):
        assert deadline("sar", "2026-02-04T23:59:59Z").version == "sar/2018-05-25"
        assert (
            deadline("complaint_ack", "2026-06-18T23:00:00Z").version
            == "complaint_ack/2026-06-19/2"
        )

    def test_a_breach_is_due_in_utc(self):
        found = deadline("breach", "2026-03-27T18:30:00.5+01:30")
        assert found.due == datetime.datetime(2026, 3, 30, 17, 0, 0, 500_000, tzinfo=datetime.UTC)
        assert found.due.tzinfo is datetime.UTC
