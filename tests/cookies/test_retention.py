"""Receipts go when their six years are over, and only through the purge."""

import datetime

import pytest
from django.utils import timezone

from compliance.cookies.models import CookieReceipt, CookieWording
from compliance.register import actions as register
from compliance.register.models import RetentionRule
from compliance.retention import engine
from tests import factories as make
from tests.cookies.conftest import NOW, press

pytestmark = pytest.mark.slow


@pytest.fixture
def confirmed(db) -> None:
    """The shipped register, its rules confirmed."""
    register.load(by="job:tests")
    register.confirm(RetentionRule.objects.all(), by="staff:1", why="Tests.", now=NOW)


def purge() -> int:
    now = timezone.now()
    report = engine.run(as_of=timezone.localdate(now), now=now, by="job:tests")
    return sum(line.erased for line in report.lines if line.rule == "cookie-choice")


def test_a_receipt_goes_the_day_after_six_years(confirmed, published, visitor, at_night):
    press(visitor, "refuse")
    at_night.move_to(datetime.datetime(2033, 3, 28, 12, tzinfo=datetime.UTC))
    assert purge() == 0
    at_night.move_to(datetime.datetime(2033, 3, 29, 1, tzinfo=datetime.UTC))
    assert purge() == 1
    assert not CookieReceipt.objects.exists()
    assert CookieWording.objects.exists()


def test_a_hold_keeps_a_customer_s_receipt(confirmed, published, at_night):
    for held in (True, False):
        customer = make.CustomerFactory()
        CookieReceipt.objects.create(
            wording=published, refused=published.asks, source="page", at=NOW, customer=customer
        )
        if held:
            make.LegalHoldFactory(customer=customer)
    at_night.move_to(datetime.datetime(2034, 1, 1, tzinfo=datetime.UTC))
    assert purge() == 1
    assert CookieReceipt.objects.get().customer.legal_holds.exists()


def test_a_person_goes_with_their_receipt(confirmed, published, at_night):
    customer = make.CustomerFactory(relationship_ended_on=datetime.date(2027, 3, 1))
    CookieReceipt.objects.create(
        wording=published, refused=published.asks, source="page", at=NOW, customer=customer
    )
    at_night.move_to(datetime.datetime(2034, 1, 1, tzinfo=datetime.UTC))
    assert purge() == 1
    assert not type(customer).objects.filter(pk=customer.pk).exists()
