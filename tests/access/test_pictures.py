"""Pictures and periods of the document, from counts alone."""

import datetime

import pytest

from compliance.access import pictures
from compliance.access.records import RecordTable, Row
from compliance.access.table_parts import Collected
from customers.identity.models import CustomerVisit
from customers.models import Order, PaymentCard
from privacy.declarations import declared

TODAY = datetime.date(2026, 11, 23)


def of(model, *days, ends=()):
    """A table whose records are of these days."""
    collected = Collected(RecordTable(declared(model)))
    when = collected.table.when
    for number, day in enumerate(days):
        collected.add(Row(str(number), {when: day}), ends[number] if ends else ("Kept.", None))
    return collected


class TestTheTimeLine:
    def test_a_lane_for_each_table_and_a_mark_for_each_month(self):
        line = pictures.timeline([of(Order, "2024-01-01", "2024-01-31", "2025-12-24")], until=TODAY)
        (lane,) = line["lanes"]
        assert [mark[1] for mark in lane["marks"]] == [2, 1], "the more there are, the darker"
        assert [round(mark[0] * 24) for mark in lane["marks"]] == [0, 23]
        assert line["years"] == [["2024", 0.0], ["2025", 0.5]]
        assert (
            line["alt"]
            == "Time line from 2024 to 2025. Orders: 3, from January 2024 to December 2025."
        )

    def test_what_is_to_come_has_no_mark(self):
        line = pictures.timeline([of(PaymentCard, "2026-11-30", "2031-01-31")], until=TODAY)
        assert line["alt"] == "Time line from 2026 to 2026. Payment cards: 1, in November 2026."

    def test_answering_the_person_is_no_history(self):
        assert (
            pictures.timeline([of(CustomerVisit, "2026-01-01T10:00:00+00:00")], until=TODAY)[
                "lanes"
            ]
            == []
        )

    def test_decades_have_few_years_below_them(self):
        line = pictures.timeline([of(Order, "1996-01-01", "2026-01-01")], until=TODAY)
        assert len(line["years"]) <= 8


class TestTheMap:
    def received(self, *pairs):
        return [{"recipient": name, "what": what, "times": times} for name, what, times in pairs]

    def test_a_line_for_each_pair(self):
        found = pictures.map_of(
            self.received(
                ("Equifax Ltd", "Search", 1),
                ("Experian Ltd", "Report", 30),
                ("Experian Ltd", "Search", 2),
            )
        )
        assert {(found["left"][line[0]], found["right"][line[1]]) for line in found["lines"]} == {
            ("Search", "Equifax Ltd"),
            ("Report", "Experian Ltd"),
            ("Search", "Experian Ltd"),
        }
        assert "Experian Ltd: report, 30 times." in found["alt"]

    def test_the_most_frequent_stand_on_it(self):
        found = pictures.map_of(self.received(*((f"Body {n}", "List", n) for n in range(1, 16))))
        assert (len(found["right"]), found["more"]) == (12, 3)
        assert "Body 1" not in found["right"]

    def test_nobody_is_no_fault(self):
        assert pictures.map_of([])["lines"] == []


class TestPeriods:
    def test_records_alike_are_counted_together(self):
        orders = of(Order, "2024-01-01", "2024-01-02", ends=[("Tax.", TODAY)] * 2)
        assert [(kept.records, kept.until, kept.why) for kept in orders.kept()] == [
            (2, "2026-11-23", "Tax.")
        ]

    def test_many_ends_are_put_together(self):
        ends = [(f"Tax {day}.", datetime.date(2030, 1, day)) for day in range(1, 6)] + [
            ("For ever.", None)
        ]
        whole = of(Order, *["2024-01-01"] * 6, ends=ends).kept()
        assert [(kept.records, kept.until) for kept in whole] == [(5, "2030-01-05"), (1, None)]
        assert "from 1 January 2030 to 5 January 2030" in whole[0].why
        assert "orders.csv" in whole[0].why


@pytest.mark.parametrize("count", [1, 5_000])
def test_only_the_latest_records_are_kept(count):
    assert len(of(Order, *["2024-01-01"] * count).latest) == min(count, 100)
