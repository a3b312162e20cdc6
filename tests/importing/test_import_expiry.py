"""Records that are past their time when they arrive."""

import pytest
from django.db import connection

from customers.importing import registry
from customers.models import ContactPoint, Customer, Order, OrderLine
from tests import factories as make
from tests.importing.shop import Shop

pytestmark = pytest.mark.django_db
HEADER = (
    "order_number,customer_number,placed_on,total,delivered_on,line_number,product_code,quantity,unit_price,"
    "safety_critical"
)
OLD, NEW = "N1,C1,2010-01-01,5,,1,CUP,1,5,", "N2,C1,2026-01-01,5,,1,CUP,1,5,"
RETAIL = [
    "InvoiceNo,InvoiceDate,CustomerID,TotalPrice",
    "1,2010-12-01,D1,5",
    "2,2026-01-01,D2,5",
    "3,2010-12-02,D2,5",
]


@pytest.fixture
def shop(tmp_path) -> Shop:
    make.CustomerFactory(customer_number="C1")
    return Shop(tmp_path)


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """A rule of its own: everything from before 2015 is past its time, safety-critical lines
    excepted."""
    asked = []
    conditions = {
        Order: "placed_on < '2015-01-01'",
        OrderLine: "supplied_on < '2015-01-01' AND NOT safety_critical",
        Customer: "relationship_ended_on < '2015-01-01'",
        ContactPoint: "false",
    }

    def check(model, table):
        asked.append(model)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT t.id FROM {model._meta.db_table} t JOIN {table} USING (id) WHERE "
                f"{conditions[model]}"
            )
            return [pk for (pk,) in cursor.fetchall()]

    monkeypatch.setattr(registry, "_expiry_checks", [check])
    return asked


def test_children_are_asked_before_parents(shop, asked):
    shop.sends("orders", [HEADER, NEW])
    assert asked == [OrderLine, Order]


def test_an_old_order_refuses_the_file(shop):
    result = shop.sends("orders", [HEADER, OLD, NEW])
    assert (result.code, [row[:2] for row in result.rejects]) == (2, [["2", "past retention"]])
    assert not Order.objects.exists()


def test_the_others_may_go_in(shop):
    result = shop.sends(
        "orders",
        [HEADER, OLD, OLD.replace(",1,CUP", ",2,MUG"), NEW, "N3,C1,2011-01-01,5,,,,,,"],
        keep_good=True,
    )
    assert [row[0] for row in result.rejects] == ["2", "3", "5"]
    assert list(Order.objects.values_list("number", flat=True)) == ["N2"]
    assert OrderLine.objects.count() == 1
    assert "1 added, 0 changed, 0 unchanged, 3 rejected" in result.out


def test_trials_may_let_them_in(shop, asked):
    assert shop.sends("orders", [HEADER, OLD, NEW], allow_expired=True).code == 0
    assert (Order.objects.count(), asked) == (2, [])


def test_a_kept_line_keeps_its_order(shop):
    result = shop.sends(
        "orders", [HEADER, OLD + "yes", OLD.replace(",1,CUP", ",2,MUG")], keep_good=True
    )
    assert [row[0] for row in result.rejects] == ["3"]
    assert Order.objects.get().lines.get().product_code == "CUP"


def test_no_customer_is_left_behind(shop):
    result = shop.sends("orders", RETAIL, preset="online-retail", keep_good=True)
    assert [row[0] for row in result.rejects] == ["2", "4"]
    assert set(Customer.objects.values_list("customer_number", flat=True)) == {"C1", "D2"}


def test_a_customer_goes_with_contact_points(shop):
    result = shop.sends(
        "customers",
        [
            "customer_number,email,relationship_ended_on",
            "D1,old@example.org,2010-01-01",
            "D2,new@example.org,2026-01-01",
        ],
        keep_good=True,
    )
    assert [row[:2] for row in result.rejects] == [["2", "past retention"]]
    assert set(Customer.objects.values_list("customer_number", flat=True)) == {"C1", "D2"}
    assert ContactPoint.objects.count() == 1


def test_what_is_on_record_stays(shop):
    make.OrderFactory(
        customer=Customer.objects.get(),
        number="N1",
        placed_on="2010-01-01",
        financial_year_end="2010-01-31",
    )
    assert shop.sends("orders", [HEADER, "N1,C1,2010-01-01,6,,,,,,"]).code == 0
    assert Order.objects.get().total == 6
