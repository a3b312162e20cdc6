"""The words: what a regulator, a colleague and a customer read."""

import pytest

from compliance.deadlines import explain
from compliance.deadlines.step_words import words
from compliance.deadlines.wording import days_in_words, listed, nth
from tests.deadlines.cases import DAY, deadline


def told(*case, **named) -> str:
    return " ".join(explain.account(deadline(*case, **named)))


def test_one_sentence_says_when_and_why():
    assert explain.sentence(deadline("sar", "2026-01-30")) == (
        "Under UK GDPR Article 15 and Article 12(3) with Regulation 1182/71 Article 3(4), the "
        "last day to answer is Monday "
        "2 March 2026: one month from Friday 30 January 2026 ends on Saturday 28 February 2026 "
        "(February has no 30th), which "
        "is not a working day."
    )


def test_the_steps_tell_the_whole_arithmetic():
    assert explain.account(
        deadline("sar", "2026-02-23", "paused 2026-03-02..2026-03-09;extended 2026-03-31")
    ) == [
        "Received on Monday 23 February 2026.",
        "One month from Monday 23 February 2026 runs to Monday 23 March 2026.",
        "Clarification was asked for on Monday 2 March 2026 and came on Monday 9 March 2026: "
        "eight days do not count (both "
        "ends included).",
        "The notice of extension went out on Tuesday 31 March 2026, in time (the last day for it "
        "was Tuesday 31 March 2026).",
        "Three months from Monday 23 February 2026 run to Saturday 23 May 2026.",
        "With eight days of pause that becomes Sunday 31 May 2026.",
        "Sunday 31 May 2026 is not a working day (31 May, Sunday); the next one is Monday 1 June "
        "2026.",
        "So the last day to answer is Monday 1 June 2026 (UK GDPR Article 15 and Article 12A; "
        "Regulation 1182/71 "
        "Article 3(4)).",
        "Our own target is Tuesday 26 May 2026; reminders go out on 12, 19 and 24 May 2026.",
        "Rule sar/2026-02-05, for what was received from 5 February 2026.",
    ]


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (
            ("sar", "2026-11-25"),
            "(25 December, Christmas Day; 26 December, Saturday; 27 December, Sunday; 28 "
            "December, Boxing Day (substitute "
            "day)); the next one is Tuesday 29 December 2026.",
        ),
        (
            ("sar", "2026-07-01T23:30:00Z"),
            "Received on Thursday 2 July 2026 at 00:30, London time.",
        ),
        (
            ("sar", "2026-02-09", "id_received 2026-02-20"),
            "Proof of identity came on Friday 20 February 2026, and the clock starts on that day.",
        ),
        (
            ("sar", "2026-02-09", "fee_paid 2026-02-20;id_received 2026-02-10"),
            "Proof of identity came on Tuesday 10 February 2026, which does not move the start. "
            "The fee was paid on Friday "
            "20 February 2026",
        ),
        (
            ("sar", "2026-03-02", "paused 2026-03-02..2026-03-09"),
            "the day on which the clock started is not in the period anyway",
        ),
        (
            ("sar", "2026-03-02", "extended 2026-04-03"),
            "too late (the last day for it was Thursday 2 April 2026): it has no effect.",
        ),
        (
            ("sar", "2026-03-02", "extended 2026-03-03;extended 2026-03-04"),
            "extended only once: it has no effect.",
        ),
        (
            ("sar", "2026-03-02", "paused 2026-03-03..;extended 2026-05-04"),
            "in time (the clock stood still).",
        ),
        (
            ("consent_withdrawal", "2026-03-02", "extended 2026-03-03"),
            "this deadline cannot be extended: it has no effect.",
        ),
        (
            ("erasure", "2026-03-02", "paused 2026-03-03..2026-03-04"),
            "Only an access request can be paused for clarification, so the pause of 3 March "
            "2026 changes nothing.",
        ),
        (
            ("marketing_objection", "2026-03-02", "id_requested 2026-03-03"),
            "Proof of identity, requested on 3 March 2026, does not change this deadline.",
        ),
        (
            ("cra_disclosure", "2026-12-24", "negotiations_ended 2026-12-01;extended 2026-12-28"),
            "The seven working days after it in England and Wales are 29, 30 and 31 December "
            "2026; 4, 5, 6 and 7 January "
            "2027. Not counted, beside weekends: 25 December, Christmas Day; 28 December, Boxing "
            "Day (substitute day); 1 "
            "January, New Year's Day. The notice of extension of 28 December 2026 does not "
            "change this deadline.",
        ),
        (
            ("sar", "2026-03-02", "negotiations_ended 2026-03-03"),
            "The end of negotiations on 3 March 2026 does not change",
        ),
        (
            ("sar_dpa1998", "2007-05-01"),
            "40 days from Tuesday 1 May 2007, with that day as the first, run to Saturday 9 June "
            "2007. Weekends and bank "
            "holidays do not move it",
        ),
        (
            ("breach", "2026-03-27T23:30:00Z"),
            "Known on Friday 27 March 2026 at 23:30 UTC (23:30 in London). 72 hours later is "
            "Monday 30 March 2026 at 23:30 "
            "UTC (Tuesday 31 March 2026, 00:30 in London).",
        ),
        (
            ("tps_first_barred", "2026-11-01"),
            "the first day on which a call is barred is Sunday 29 November 2026",
        ),
    ],
)
def test_each_step_has_its_words(case, words):
    assert words in told(*case)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (
            ("sar", "2026-03-02", "id_requested 2026-03-03"),
            "there is no last day yet: proof of identity was asked for on Tuesday 3 March 2026 "
            "and has not come, so the "
            "clock has not started; look again on Friday 3 April 2026.",
        ),
        (
            ("sar", "2026-03-02", "paused 2026-03-05.."),
            "there is no last day yet: clarification was asked for on Thursday 5 March 2026 and "
            "has not come, so the clock "
            "stands still; look again on Sunday 5 April 2026.",
        ),
        (
            ("cra_disclosure", "2026-11-02", "negotiations_ended 2026-10-04"),
            "there is no last day: negotiations ended on Sunday 4 October 2026, so the section "
            "covers requests until "
            "Sunday 1 November 2026, and this one came on Monday 2 November 2026; answer it as "
            "an access request (UK GDPR "
            "Article 15).",
        ),
        (
            ("complaint_ack", "2026-06-19", "acknowledged 2026-07-20"),
            "there is no last day any more: it was acknowledged on Monday 20 July 2026, in time "
            "(the last day for that was "
            "Monday 20 July 2026); the outcome is due without undue delay, and the law sets no "
            "day for it; look again on Sunday "
            "12 July 2026.",
        ),
        (
            ("complaint_ack", "2026-06-19", "acknowledged 2026-07-21"),
            "it was acknowledged on Tuesday 21 July 2026, too late",
        ),
        (
            ("sar", "2026-03-02", "extended 2026-04-03"),
            "; the notice of extension of 3 April 2026 has no effect.",
        ),
        (
            ("sar", "2026-03-02", "paused 2026-04-03..;id_requested 2026-04-07"),
            "; what was asked for on 7 April 2026 came too late to change it; what was asked for "
            "on 3 April 2026 came too "
            "late to change it.",
        ),
        (
            ("sar", "2026-02-09", "id_received 2026-02-20;fee_paid 2026-02-20"),
            "(when the fee was paid and proof of identity came)",
        ),
        (
            ("cra_disclosure", "2026-11-02"),
            "the seventh working day after Monday 2 November 2026 in England and Wales.",
        ),
    ],
)
def test_the_sentence_tells_what_is_missing_or_in_vain(case, words):
    assert words in explain.sentence(deadline(*case))


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (("sar", "2026-01-31"), "We will answer you by Monday 2 March 2026."),
        (
            ("sar", "2026-01-31", "extended 2026-02-03"),
            "We will answer you by Thursday 30 April 2026. We have told you that we need longer.",
        ),
        (
            ("marketing_objection", "2026-11-22"),
            "We stop at once, and will have confirmed it to you by Tuesday 22 December 2026.",
        ),
        (
            ("complaint_ack", "2026-06-19"),
            "We will tell you by Monday 20 July 2026 that we have your complaint and what "
            "happens next.",
        ),
        (
            ("complaint_ack", "2026-06-19", "acknowledged 2026-06-22"),
            "We confirmed on Monday 22 June 2026 that we have it. We tell you the outcome as soon "
            "as we can.",
        ),
        (
            ("sar", "2026-03-02", "id_requested 2026-03-03;fee_requested 2026-03-03"),
            "We have asked you for the fee and proof of identity. The time for our answer begins "
            "when we have it.",
        ),
        (
            ("sar", "2026-03-02", "paused 2026-03-05.."),
            "We have asked you a question about your request. The time for our answer stands "
            "still until you reply.",
        ),
        (
            ("cra_disclosure", "2026-11-02", "negotiations_ended 2026-10-04"),
            "Your request came more than 28 days after your application was closed, so we answer "
            "it as a request for your "
            "personal data.",
        ),
    ],
)
def test_the_customer_reads_the_date_or_what_we_wait_for(case, words):
    assert explain.for_customer(deadline(*case)) == words


def test_a_step_without_words_is_an_error():
    with pytest.raises(TypeError):
        words(object(), deadline("sar", "2026-03-02"))


def test_small_words():
    assert [nth(number) for number in (1, 22, 29, 30, 31)] == [
        "1st",
        "22nd",
        "29th",
        "30th",
        "31st",
    ]
    assert listed([]) == ""
    assert listed(["one"]) == "one"
    assert days_in_words([DAY(2026, 12, 31), DAY(2027, 1, 4)]) == "31 December 2026; 4 January 2027"
