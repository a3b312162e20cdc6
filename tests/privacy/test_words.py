"""Lengths of time and numbers in words."""

from datetime import timedelta

import pytest

from privacy.words import in_words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(minutes=20), "20 minutes"),
        (timedelta(minutes=10), "ten minutes"),
        (timedelta(hours=2), "two hours"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=26), "26 hours"),
        (timedelta(hours=24), "one day"),
        (timedelta(days=14), "14 days"),
        (timedelta(seconds=90), "90 seconds"),
    ],
)
def test_a_length_reads_in_its_largest_exact_unit(length, words):
    assert in_words(length) == words


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        (1, "month", "one month"),
        (6, "month", "six months"),
        (12, "month", "twelve months"),
        (13, "month", "13 months"),
        (7, "working day", "seven working days"),
        (0, "file", "no files"),
    ],
)
def test_a_number_of_something(number, unit, words):
    assert in_words(number, unit) == words


def test_figures_where_the_page_has_figures():
    assert in_words(timedelta(days=7), figures=True) == "7 days"
