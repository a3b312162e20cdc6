"""Long lists of the desk: counted no further than somebody turns pages."""

import pytest

from accounts.desk import EstimatedPaginator
from customers.models import Order
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders(monkeypatch):
    monkeypatch.setattr(EstimatedPaginator, "EXACT_BELOW", 3)
    return lambda many: make.OrderFactory.create_batch(many)


def counted(rows) -> str:
    return EstimatedPaginator(rows, 50).count_in_words


def test_short_list_is_counted_exactly(orders):
    orders(2)
    assert counted(Order.objects.filter(total__gt=0)) == "2"


def test_long_filtered_list_is_not_counted_out(orders):
    orders(5)
    assert counted(Order.objects.filter(total__gt=0)) == "3 or more"


def test_long_whole_table_is_estimated(orders, monkeypatch):
    monkeypatch.setattr(EstimatedPaginator, "count", 2_345_678)
    assert counted(Order.objects.all()) == "about 2,345,678"


def test_lists_leave_sealed_columns_closed(lead, signed_in, monkeypatch):
    make.ContactPointFactory.create_batch(3)
    monkeypatch.setattr("privacy.seal.unseal", lambda *args: 1 / 0)
    assert signed_in(lead).get("/admin/customers/contactpoint/").status_code == 200
