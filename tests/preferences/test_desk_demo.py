"""The demonstration's marketing choices: something on every list of the room, and each kind of
delay once."""

import datetime

import pytest
import time_machine
from django.core.management import call_command

from accounts.models import StaffUser
from compliance.disclosures.demo import people, script
from compliance.disclosures.models import Instruction
from compliance.preferences.models import ChoiceEvent, MarketingRequest
from customers.desk import page_url
from customers.models import Customer

# late in an evening, in the weeks after the clocks changed
EVENING = datetime.datetime(2026, 11, 30, 23, 3, tzinfo=datetime.UTC)
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def demo(monkeypatch, tmp_path, settings, signed_in):
    """The demonstration with five of the real orders, set up on an awkward evening; the lead is at
    the desk."""
    settings.EMBEDDED_DATABASE = True
    orders = tmp_path / "orders.csv"
    with script.REAL_ORDERS.open() as file:
        orders.write_text("".join(next(file) for _ in range(6)))
    monkeypatch.setattr(script, "REAL_ORDERS", orders)
    monkeypatch.setattr(script, "SIGN_INS", tmp_path / "demo-sign-ins")
    with time_machine.travel(EVENING):
        call_command("demo", verbosity=0)
        yield signed_in(StaffUser.objects.get(staff_id="lead"))


def test_every_list_and_alert_has_something(demo):
    assert {"objection", "consent"} <= set(ChoiceEvent.objects.values_list("kind", flat=True))
    waiting = MarketingRequest.objects.filter(state="open")
    assert waiting.count() == 2
    assert Instruction.objects.filter(told_on=None, what="no_marketing").count() == 2
    first = demo.get("/admin/").content.decode()
    for text in (
        "2 requests to stop marketing wait",
        "instruction was not passed on in time",
        "1 instruction was not confirmed",
    ):
        assert text in first
    rich = Customer.objects.get(customer_number=people.RICH)
    page = demo.get(page_url(rich.pk)).content.decode()
    assert "They agreed to exactly this" in page
    assert "Overdue" in page
    asked = waiting.get(source="web_form")
    page = demo.get(f"/admin/preferences/marketingrequest/{asked.pk}/change/").content.decode()
    assert page.count("Surname and postcode") == 2
