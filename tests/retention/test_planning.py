import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.retention.periods import last_protected_day, latest_due_anchor, start_of

DAY = datetime.date
days = st.dates(DAY(1950, 1, 1), DAY(2100, 12, 31))
periods = st.tuples(st.integers(0, 120), st.sampled_from(["days", "months", "years"]))


class TestLastProtectedDay:
    @pytest.mark.parametrize(
        ("anchor", "period", "unit", "last"),
        [
            (DAY(2020, 2, 29), 6, "years", DAY(2026, 2, 28)),
            (DAY(2020, 2, 29), 4, "years", DAY(2024, 2, 29)),
            (DAY(2025, 1, 31), 1, "months", DAY(2025, 2, 28)),
            (DAY(2025, 12, 31), 2, "months", DAY(2026, 2, 28)),
            (DAY(2025, 5, 31), 13, "months", DAY(2026, 6, 30)),
            (DAY(2025, 3, 1), 30, "days", DAY(2025, 3, 31)),
            (DAY(2025, 3, 1), 0, "days", DAY(2025, 3, 1)),
        ],
    )
    def test_months_clamp_to_their_end(self, anchor, period, unit, last):
        assert last_protected_day(anchor, period, unit) == last

    def test_a_period_beyond_the_calendar_never_ends(self):
        assert last_protected_day(DAY(9998, 1, 1), 6, "years") == DAY.max


class TestLatestDueAnchor:
    @given(as_of=days, period=periods)
    def test_it_is_the_last_one_that_has_run_out(self, as_of, period):
        anchor = latest_due_anchor(as_of, *period)
        assert last_protected_day(anchor, *period) < as_of
        assert last_protected_day(anchor + datetime.timedelta(days=1), *period) >= as_of

    @given(as_of=days, anchor=days, period=periods)
    def test_it_divides_due_from_protected(self, as_of, anchor, period):
        assert (anchor <= latest_due_anchor(as_of, *period)) == (
            last_protected_day(anchor, *period) < as_of
        )


def test_a_london_day_starts_an_hour_early_in_summer():
    assert start_of(DAY(2026, 7, 2)).astimezone(datetime.UTC) == datetime.datetime(
        2026, 7, 1, 23, tzinfo=datetime.UTC
    )
