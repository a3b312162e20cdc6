"""orders through the command, and the real file of a real shop."""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from customers.models import Customer, Order, OrderLine
from tests import factories as make
from tests.importing.shop import Shop

pytestmark = pytest.mark.django_db
REAL = Path(django_settings.BASE_DIR) / "customers/demo/online_retail_orders.csv"
RETAIL = {"preset": "online-retail", "allow_expired": True}
HEADER = "order_number,customer_number,placed_on,total,delivered_on"
LINES = (
    f"{HEADER},line_number,product_code,description,quantity,unit_price,safety_critical,supplied_on"
)


@pytest.fixture
def shop(tmp_path) -> Shop:
    make.CustomerFactory(customer_number="C1")
    make.CustomerFactory(customer_number="C2")
    return Shop(tmp_path)


@pytest.mark.slow
class TestTheRealFile:
    def test_it_goes_in_as_it_is(self, shop):
        Customer.objects.all().delete()
        assert shop.again("orders", REAL, **RETAIL).code == 0
        assert (Order.objects.count(), Customer.objects.count()) == (18_532, 4_338)

    def test_the_same_file_changes_nothing(self, shop):
        shop.again("orders", REAL, **RETAIL)
        before = self.versions()
        assert "18,532 unchanged" in shop.again("orders", REAL, **RETAIL).out
        assert self.versions() == before
        assert Entry.objects.filter(event="file_imported").count() == 1

    def test_pence_and_days_are_right(self, shop):
        shop.again("orders", REAL, **RETAIL)
        order = Order.objects.select_related("customer").get(number="536366")
        assert (order.total, order.placed_on) == (Decimal("22.20"), datetime.date(2010, 12, 1))
        assert order.financial_year_end == datetime.date(2011, 1, 31)
        assert order.customer.customer_number == "17850"
        assert order.customer.relationship_began_on == datetime.date(2010, 12, 1)

    def versions(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT xmin::text, xmax::text, ctid::text FROM customers_order ORDER BY 3"
            )
            orders = cursor.fetchall()
            cursor.execute(
                "SELECT xmin::text, xmax::text, ctid::text FROM customers_customer ORDER BY 3"
            )
            return orders, cursor.fetchall()


class TestOrders:
    def test_a_changed_order_is_updated(self, shop):
        shop.sends("orders", [HEADER, "N1,C1,2026-01-31,10.00,", "N2,C1,01/02/2026,5,"])
        result = shop.sends(
            "orders", [HEADER, "N1,C1,2026-01-31,10.00,2026-02-03", "N2,C1,2026-02-01,5.00,"]
        )
        assert "1 changed, 1 unchanged" in result.out
        assert Order.objects.get(number="N1").delivered_on == datetime.date(2026, 2, 3)

    @pytest.mark.parametrize(
        ("text", "pence"),
        [
            ("22.200000000000003", "22.20"),
            ("0.125", "0.13"),
            ("-0.125", "-0.13"),
            ("1.4e-14", "0.00"),
            ("-0", "0.00"),
            ("9999999999.99", "9999999999.99"),
            ("2.675", "2.68"),
        ],
    )
    def test_pence_are_rounded_half_up(self, shop, text, pence):
        shop.sends("orders", [HEADER, f"N1,C1,2026-01-31,{text},"])
        assert str(Order.objects.get().total) == pence

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("N9,C9,2026-01-31,10.00,", "unknown customer"),
            ("N9,C1,2199-01-31,10.00,", "placed_on: a day that has yet to come"),
            ("N9,C1,2026-02-30,10.00,", "placed_on: not a date (YYYY-MM-DD or DD/MM/YYYY)"),
            ("N9,C1,2026-01-31,ten,", "total: not an amount in pounds"),
            ("N9,C1,2026-01-31,NaN,", "total: not an amount in pounds"),
            ("N9,C1,2026-01-31,1e99,", "total: larger than an amount can be"),
            ("N9,C1,2026-01-31,9999999999.995,", "total: larger than an amount can be"),
            ("N9,C1,2026-01-31,,", "total is missing"),
            ("N9,C1,2026-01-31,1,2026-01-30", "delivered_on: before the order was placed"),
            ("N" * 33 + ",C1,2026-01-31,10.00,", "order_number: longer than 32 characters"),
            ("N1,C2,2026-01-31,10.00,", "contradicts an earlier line"),
            ("N0,C2,2026-01-01,5.00,", "on record for another customer"),
        ],
    )
    def test_a_bad_line_is_named(self, shop, line, reason):
        shop.sends("orders", [HEADER, "N0,C1,2026-01-01,5.00,"])
        result = shop.sends("orders", [HEADER, "N1,C1,2026-01-31,10.00,", line], keep_good=True)
        assert result.rejects == [["3", reason, line]]
        assert result.code == 1
        assert set(Order.objects.values_list("number", "customer__customer_number")) == {
            ("N0", "C1"),
            ("N1", "C1"),
        }


class TestOrderLines:
    def test_lines_hang_on_their_order(self, shop):
        result = shop.sends(
            "orders",
            [
                LINES,
                "N1,C1,2026-01-31,30.00,2026-02-03,1,KETTLE,Kettle,1,20.00,yes,",
                "N1,C1,2026-01-31,30.00,2026-02-03,2,CUP,Cup,2,5.00,,2026-02-05",
                "N2,C2,2026-01-31,7.00,,,,,,,,",
            ],
        )
        assert result.code == 0
        kettle, cup = OrderLine.objects.order_by("line_number")
        assert (kettle.order.number, kettle.safety_critical, kettle.supplied_on) == (
            "N1",
            True,
            datetime.date(2026, 2, 3),
        )
        assert (cup.quantity, cup.unit_price, cup.supplied_on) == (
            2,
            Decimal("5.00"),
            datetime.date(2026, 2, 5),
        )
        assert Order.objects.count() == 2

    def test_a_changed_line_changes_its_order(self, shop):
        line = "N1,C1,2026-01-31,30.00,,1,KETTLE,Kettle,1,20.00,,"
        shop.sends("orders", [LINES, line])
        assert "1 unchanged" in shop.again("orders").out
        assert (
            "1 changed, 0 unchanged"
            in shop.sends("orders", [LINES, line.replace(",20.00", ",21.00")]).out
        )
        assert OrderLine.objects.get().unit_price == Decimal("21.00")
        assert Entry.objects.filter(event="file_imported").count() == 2

    def test_a_contradiction_spares_the_others(self, shop):
        result = shop.sends(
            "orders",
            [
                LINES,
                "N1,C1,2026-01-31,30.00,,1,KETTLE,Kettle,1,20.00,,",
                "N1,C1,2026-01-31,31.00,,2,CUP,Cup,2,5.00,,",
                "N1,C1,2026-01-31,30.00,,1,KETTLE,Kettle,2,20.00,,",
                "N1,C1,2026-01-31,30.00,,3,SPOON,Spoon,6,1.00,,",
                "N1,C1,2026-01-31,30.00,,3,SPOON,Spoon,6,1.00,,",
            ],
            keep_good=True,
        )
        assert [row[0] for row in result.rejects] == ["3", "4"]
        assert list(OrderLine.objects.values_list("line_number", flat=True)) == [1, 3]

    @pytest.mark.parametrize(
        ("tail", "reason"),
        [
            (",KETTLE,Kettle,1,20.00,,", "line_number is missing: an order line needs it"),
            ("1,KETTLE,Kettle,,20.00,,", "quantity is missing: an order line needs it"),
            ("1,,Kettle,1,20.00,,", "product_code is missing: an order line needs it"),
            ("0,KETTLE,Kettle,1,20.00,,", "line_number: not a whole number from 1"),
            ("1,KETTLE,Kettle,1.5,20.00,,", "quantity: not a whole number"),
            ("1,KETTLE,Kettle,1,20.00,perhaps,", "safety_critical: neither yes nor no"),
            ("1,KETTLE,Kettle,1,20.00,,2025-12-31", "supplied_on: before the order was placed"),
        ],
    )
    def test_half_a_line_is_refused(self, shop, tail, reason):
        result = shop.sends("orders", [LINES, f"N1,C1,2026-01-31,30.00,,{tail}"])
        assert (result.code, [row[1] for row in result.rejects]) == (2, [reason])


@pytest.mark.parametrize("kind", ["orders", "customers"])
def test_queries_do_not_grow(shop, kind):
    def queries(lines: int) -> int:
        rows = [f"N{lines}-{n},C1,2026-01-31,{n},,1,CUP,Cup,1,1,," for n in range(lines)]
        people = [f"D{lines}-{n},Ann,{n}@example.org" for n in range(lines)]
        text = (
            [LINES, *rows] if kind == "orders" else ["customer_number,given_names,email", *people]
        )
        with CaptureQueriesContext(connection) as captured:
            assert shop.sends(kind, text).code == 0
        return len(captured)

    assert queries(10) == queries(100)
