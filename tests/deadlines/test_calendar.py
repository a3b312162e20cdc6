"""The calendar against three sources that know nothing of each other: the list, the package, and
the words of the Act."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.deadlines import CalendarChange, Holidays, NotCovered, calendar
from compliance.deadlines.calendar import (
    FIRST_YEAR,
    JURISDICTIONS,
    LAST_YEAR,
    changed_days,
    closed_under_credit_act,
    expected,
    in_words,
    published_years,
)
from customers.jurisdictions import Jurisdiction
from tests.deadlines import oracle
from tests.deadlines.cases import DAY, PLAIN, due

PLACES = sorted(JURISDICTIONS)
ENGLAND, NORTH, SCOTLAND = PLACES


def test_the_jurisdictions_are_those_of_the_customers():
    assert dict(Jurisdiction.choices) == JURISDICTIONS


@pytest.mark.parametrize("place", PLACES)
def test_the_package_agrees_with_the_published_list(place):
    for year in published_years():
        assert list(expected(place, year)) == list(PLAIN.days(place, year)), year


@pytest.mark.parametrize("place", PLACES)
def test_the_words_of_the_act_agree_for_a_century(place):
    for year in range(1979, LAST_YEAR + 1):
        assert set(PLAIN.days(place, year)) == oracle.holidays(place, year), year


@pytest.mark.parametrize(
    ("day", "where"),
    [
        (DAY(2022, 6, 2), PLACES),
        (DAY(2022, 6, 3), PLACES),
        (DAY(2022, 9, 19), PLACES),
        (DAY(2023, 5, 8), PLACES),
        (DAY(2026, 6, 15), [SCOTLAND]),
        (DAY(2022, 5, 30), []),
        (DAY(2006, 11, 30), []),
        (DAY(2007, 11, 30), [SCOTLAND]),
    ],
)
def test_the_proclaimed_days_are_there(day, where):
    assert [place for place in PLACES if PLAIN.closed(place, day)] == where


def test_the_published_years_have_no_hole():
    assert published_years() == set(range(2012, 2029))


def test_names_are_those_that_people_know():
    names = set().union(
        *(PLAIN.days(place, year).values() for place in PLACES for year in (2026, 2027, 2030, 2032))
    )
    assert names >= {
        "Boxing Day (substitute day)",
        "Early May bank holiday",
        "St Andrew's Day",
        "2 January",
        "World Cup bank holiday",
    }
    assert not [name for name in names if "observed" in name or ";" in name]


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1])
def test_a_year_outside_is_an_error_and_not_a_year_without_holidays(year):
    for place in PLACES:
        with pytest.raises(NotCovered):
            PLAIN.closed(place, next(day for day in _days(year) if day.weekday() == 0))


def test_christmas_day_and_good_friday_are_in_the_credit_act_itself():
    taken = Holidays(
        tuple(
            CalendarChange(ENGLAND, day, "x", added=False)
            for day in (DAY(2026, 12, 25), DAY(2026, 4, 3))
        )
    )
    assert closed_under_credit_act(taken, ENGLAND, DAY(2026, 12, 25)) == "Christmas Day"
    assert closed_under_credit_act(taken, ENGLAND, DAY(2026, 4, 3)) == "Good Friday"
    assert closed_under_credit_act(taken, ENGLAND, DAY(2026, 4, 2)) == ""


class TestProclaiming:
    moved = Holidays(
        (
            CalendarChange(SCOTLAND, DAY(2027, 5, 31), "Spring bank holiday", added=False),
            CalendarChange(SCOTLAND, DAY(2027, 6, 3), "Spring bank holiday"),
            CalendarChange(SCOTLAND, DAY(2027, 6, 5), "A Saturday"),
        )
    )

    def test_a_moved_holiday_moves_deadlines_there_and_only_there(self):
        assert (
            due("complaint_ack", "2027-05-01", place=SCOTLAND, holidays=self.moved) == "2027-05-31"
        )
        assert (
            due("complaint_ack", "2027-05-01", place=ENGLAND, holidays=self.moved) == "2027-06-01"
        )
        assert due("sar", "2027-05-03", place=SCOTLAND, holidays=self.moved) == "2027-06-04"
        assert due("sar", "2027-05-03", place=ENGLAND, holidays=self.moved) == "2027-06-03"

    def test_the_days_that_changed_are_told(self):
        assert in_words(changed_days(PLAIN, self.moved)) == [
            "31 May 2027 (Scotland)",
            "3 June 2027 (Scotland)",
        ]

    def test_the_list_of_the_year_has_them(self):
        days = self.moved.days(SCOTLAND, 2027)
        assert days[DAY(2027, 6, 3)] == "Spring bank holiday"
        assert DAY(2027, 5, 31) not in days
        assert DAY(2027, 6, 5) not in days

    def test_what_the_list_has_already_changes_nothing(self):
        again = Holidays((CalendarChange(SCOTLAND, DAY(2026, 6, 15), "World Cup"),))
        assert not changed_days(PLAIN, again)


def test_a_year_counts_as_checked_when_it_is_published_or_confirmed():
    holidays = Holidays(confirmed=frozenset({2029}))
    assert [year for year in range(2026, 2031) if holidays.verified(year)] == [
        2026,
        2027,
        2028,
        2029,
    ]


def _days(year):
    return (datetime.date(year, 1, 1) + datetime.timedelta(days=number) for number in range(365))


# Two bank holidays that the package expects, a working day, and a Saturday.
SOME_DAYS = st.sampled_from([DAY(2030, 5, 6), DAY(2030, 5, 7), DAY(2030, 5, 11), DAY(2031, 1, 2)])
CHANGES = st.lists(
    st.builds(
        CalendarChange, st.sampled_from(PLACES), SOME_DAYS, st.just("Proclaimed"), st.booleans()
    ),
    max_size=8,
)


class TestTheLastOfSeveralChangesCounts:
    @given(CHANGES)
    def test_among_the_corrections_of_the_package(self, changes):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(calendar, "CORRECTIONS", changes)
            found = {(place, day) for place in PLACES for day in _expected(place)}
        assert found == _one_by_one(changes)

    @given(CHANGES)
    def test_among_those_that_were_proclaimed(self, changes):
        holidays = Holidays(tuple(changes))
        found = {
            (place, day)
            for place in PLACES
            for year in (2030, 2031)
            for day in holidays.days(place, year)
        }
        assert found == _one_by_one(changes)
        assert all(
            bool(holidays.closed(one.jurisdiction, one.day))
            == ((one.jurisdiction, one.day) in found or one.day.weekday() >= 5)
            for one in changes
        )


def _expected(place):
    return [*expected(place, 2030), *expected(place, 2031)]


def _one_by_one(changes):
    """The slow way: each change, in its order, does what it says."""
    days = {(place, day) for place in PLACES for day in _expected(place)}
    for one in changes:
        if one.added and one.day.weekday() < 5:
            days.add((one.jurisdiction, one.day))
        else:
            days.discard((one.jurisdiction, one.day))
    return days
