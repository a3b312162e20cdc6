import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.financial_year import year_end

DAY = datetime.date


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (DAY(2024, 1, 30), DAY(2024, 1, 31)),
        (DAY(2024, 1, 31), DAY(2024, 1, 31)),
        (DAY(2024, 2, 1), DAY(2025, 1, 31)),
    ],
)
def test_the_last_day_belongs(day, end):
    assert year_end(day, "01-31") == end


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (DAY(2023, 3, 1), DAY(2024, 2, 29)),
        (DAY(2024, 2, 29), DAY(2024, 2, 29)),
        (DAY(2024, 3, 1), DAY(2025, 2, 28)),
        (DAY(2023, 2, 28), DAY(2023, 2, 28)),
    ],
)
def test_february_ends_when_it_ends(day, end):
    assert year_end(day, "02-29") == end


@given(
    st.dates(DAY(1900, 1, 1), DAY(2199, 12, 31)),
    st.sampled_from(["01-31", "02-29", "03-31", "04-05", "12-31"]),
)
def test_a_year_is_never_longer(day, ends):
    assert 0 <= (year_end(day, ends) - day).days <= 365


@pytest.mark.parametrize("ends", ["", "31-12", "02-30", "April", "1"])
def test_no_such_day_is_refused(ends):
    with pytest.raises(ValueError, match="MM-DD"):
        year_end(DAY(2024, 1, 1), ends)
