"""My data: what its proven owner sees, and nobody else."""

import datetime

import pytest
import time_machine

from compliance.register import actions as register_actions
from tests import factories as make
from tests.requests.asking import NIGHT, make_ada, text
from tests.visiting import visiting

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _register(db):
    register_actions.load(by="job:test")
    with time_machine.travel(NIGHT, tick=False):
        yield


@pytest.fixture
def ada():
    return make_ada()


def page(customer, address=""):
    return visiting(customer).get(f"/my-data/{address}")


def test_one_page_says_what_why_and_until_when(ada):
    make.OrderFactory.create_batch(5, customer=ada, placed_on=datetime.date(2025, 5, 1))
    shown = text(page(ada))
    assert "Ada Lovelace" in shown
    assert "£42.50" in shown
    assert "Kept until" in shown
