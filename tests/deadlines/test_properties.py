"""What holds for every case, not only for those that somebody thought of. The slow clock stands in
for the law."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.deadlines import CalendarChange, Holidays, compute, parse_events
from compliance.deadlines.calendar import JURISDICTIONS, changed_days
from compliance.deadlines.cases import run
from compliance.deadlines.explain import account, due_in_words, for_customer, sentence
from compliance.deadlines.rules import Unit, all_rules
from tests.deadlines import oracle
from tests.deadlines.cases import PLAIN
from tests.strength import examples

DAY = datetime.timedelta(days=1)
ROLLING = sorted({rule.kind for rule in all_rules() if rule.rolls})
DATED = sorted(
    {rule.kind for rule in all_rules() if rule.unit is not Unit.HOURS and not rule.history}
)
EXTENDABLE = sorted({rule.kind for rule in all_rules() if rule.extended_months})

places = st.sampled_from(sorted(JURISDICTIONS))
days = st.dates(datetime.date(2026, 6, 19), datetime.date(2060, 12, 31))
thorough = settings(max_examples=examples(300), deadline=None)


@st.composite
def histories(draw, received):
    """Events that can all be true: each thing asked for once at most, pauses open or closed,
    notices early and late."""

    def soon(most=80):
        return received + DAY * draw(st.integers(0, most))

    events = []
    for asked, came in (
        ("id_requested", "id_received"),
        ("authority_requested", "authority_received"),
        ("fee_requested", "fee_paid"),
    ):
        shape = draw(st.sampled_from(["", "", "", "asked", "came", "both"]))
        if shape in ("asked", "both"):
            events.append(f"{asked} {soon()}")
        if shape in ("came", "both"):
            events.append(f"{came} {soon()}")
        if shape and draw(st.integers(0, 3)) == 0:
            events.append(f"{asked.replace('_requested', '_not_needed')} {soon()}")
    for _ in range(draw(st.integers(0, 3))):
        begin = soon()
        end = "" if draw(st.integers(0, 5)) == 0 else begin + DAY * draw(st.integers(0, 25))
        events.append(f"paused {begin}..{end}")
    events += [f"extended {soon()}" for _ in range(draw(st.integers(0, 2)))]
    if draw(st.booleans()):
        events.append(f"negotiations_ended {received + DAY * draw(st.integers(-40, 5))}")
    return ";".join(draw(st.permutations(events)))


@st.composite
def cases(draw, kinds=tuple(DATED)):
    received = draw(days)
    return draw(st.sampled_from(kinds)), received, draw(places), draw(histories(received))


def due(kind, received, place, events="", holidays=PLAIN):
    return compute(kind, received, place, parse_events(events), holidays=holidays).due


@thorough
@given(cases())
def test_the_slow_clock_agrees(case):
    assert due(*case) == oracle.due(*case)


@thorough
@given(cases(), st.lists(st.tuples(places, st.integers(1, 130)), max_size=8))
def test_the_slow_clock_agrees_about_proclaimed_days(case, proclaimed):
    extra = frozenset((place, case[1] + DAY * number) for place, number in proclaimed)
    holidays = Holidays(tuple(CalendarChange(place, day, "Proclaimed") for place, day in extra))
    assert due(*case, holidays=holidays) == oracle.due(*case, extra=extra)


@thorough
@given(cases(tuple(ROLLING)))
def test_a_last_day_that_rolls_is_a_working_day(case):
    found = due(*case)
    assert found is None or not PLAIN.closed(case[2], found)


@thorough
@given(st.sampled_from(DATED), days, st.integers(0, 40), places)
def test_a_later_request_is_never_due_earlier(kind, received, later, place):
    assert due(kind, received, place) <= due(kind, received + DAY * later, place)


@thorough
@given(st.sampled_from(EXTENDABLE), days, places, st.integers(0, 60))
def test_an_extension_is_later_or_has_no_effect(kind, received, place, after):
    plain, notice = due(kind, received, place), received + DAY * after
    extended = due(kind, received, place, f"extended {notice}")
    assert extended > plain if notice <= plain else extended == plain


@thorough
@given(cases(("sar",)), st.integers(0, 60), st.integers(0, 30))
def test_a_pause_never_shortens(case, begin, length):
    kind, received, place, events = case
    first = received + DAY * begin
    before, after = (
        due(*case),
        due(kind, received, place, f"{events};paused {first}..{first + DAY * length}"),
    )
    assert before is None or after is None or after >= before


@thorough
@given(cases(), places, st.integers(1, 130))
def test_another_holiday_never_makes_a_date_earlier(case, where, number):
    holiday = Holidays((CalendarChange(where, case[1] + DAY * number, "Proclaimed"),))
    before, after = due(*case), due(*case, holidays=holiday)
    assert before is None or after is None or after >= before


@thorough
@given(cases(), places, st.integers(1, 130), st.booleans())
def test_only_the_days_that_were_examined_matter(case, where, number, added):
    kind, received, place, events = case
    holidays = Holidays((CalendarChange(where, received + DAY * number, "Proclaimed", added),))
    found = compute(kind, received, place, parse_events(events), holidays=PLAIN)
    if not changed_days(PLAIN, holidays) & found.examined:
        again = compute(kind, received, place, parse_events(events), holidays=holidays)
        # A day that was a holiday already may have got another name.
        assert replace(again, steps=()) == replace(found, steps=())


@thorough
@given(cases())
def test_the_same_case_is_the_same_deadline(case):
    kind, received, place, events = case
    again = [
        compute(kind, received, place, parse_events(events), holidays=Holidays()) for _ in range(2)
    ]
    assert again[0] == again[1]
    assert due(kind, received, place, ";".join(events.split(";")[::-1])) == again[0].due


@thorough
@given(cases())
def test_the_words_hold_the_date(case):
    kind, received, place, events = case
    found = compute(kind, received, place, parse_events(events), holidays=PLAIN)
    told = [sentence(found), " ".join(account(found))]
    if found.due is not None:
        assert all(due_in_words(found) in text for text in [*told, for_customer(found)])
    assert all(
        "None" not in text and "  " not in text and not text.startswith(("=", "+", "-", "@"))
        for text in told
    )


@thorough
@given(cases(("sar",)))
def test_what_waits_has_a_reason_and_a_day_to_look_again(case):
    found = compute(case[0], case[1], case[2], parse_events(case[3]), holidays=PLAIN)
    assert (found.due is None) == (found.reason is not None) == (found.review_on is not None)


@thorough
@given(
    st.datetimes(
        datetime.datetime(2018, 6, 1),  # noqa: DTZ001  hypothesis adds the zone
        datetime.datetime(2200, 1, 1),  # noqa: DTZ001
        timezones=st.timezones(),
    )
)
def test_a_breach_is_always_72_elapsed_hours(moment):
    found = compute("breach", moment, "", holidays=PLAIN)
    assert found.due - moment.astimezone(datetime.UTC) == datetime.timedelta(hours=72)


SCRAPS = st.sampled_from(
    [
        "sar",
        "breach",
        "cra_disclosure",
        "2026-03-02",
        "2026-02-30",
        "9999-12-31",
        "0001-01-01",
        "paused ",
        "extended ",
        "id_requested ",
        "fee_paid ",
        "..",
        ";",
        " ",
        "T",
        "Z",
        "+01:00",
        "-23:59",
        "23:30",
        "scotland",
        "england-and-wales",
        "=",
        "\0",
        "\u2028",
        "٣",
    ]
)
cells = st.one_of(st.text(max_size=12), st.lists(SCRAPS, max_size=8).map("".join))


@settings(max_examples=examples(1000), deadline=None)
@given(
    st.one_of(st.sampled_from(DATED), cells),
    st.one_of(days.map(str), cells),
    st.one_of(places, cells),
    cells,
    cells,
)
def test_whatever_a_row_holds_it_has_an_answer(kind, received, place, events, due):
    row = {"kind": kind, "received": received, "jurisdiction": place, "events": events, "due": due}
    outcome = run(row, PLAIN, steps=True)
    assert bool(outcome.fault) == outcome.explanation.startswith("Not computed: ")
    assert outcome.explanation.isprintable()


@pytest.mark.slow
@pytest.mark.parametrize("place", sorted(JURISDICTIONS))
def test_no_day_of_receipt_in_thirty_years_is_odd(place):
    """Every day, not a sample: the month against the slow clock, and never backwards."""
    before, day = datetime.date.min, datetime.date(2018, 5, 25)
    while day < datetime.date(2048, 1, 1):
        found = due("sar", day, place)
        assert found == oracle.due("sar", day, place) >= before
        before, day = found, day + DAY
