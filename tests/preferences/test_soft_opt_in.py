"""A soft opt-in rests on a sale or a negotiation that it names, and lapses when the customer has
not been in touch for long; one address by itself and a whole list are judged alike."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from audit.actions import Refused
from compliance.preferences import contact_digests, may_contact
from compliance.preferences.models import ChoiceEvent
from compliance.preferences.rules import SOFT_MONTHS
from compliance.preferences.screening import run
from customers.importing import load
from tests.factories import (
    ChoiceEventFactory,
    ContactNoteFactory,
    ContactPointFactory,
    CustomerFactory,
    OrderFactory,
)
from tests.preferences.conftest import NOON

LAST_DAY = datetime.datetime(2028, 6, 1, 22, 59, tzinfo=datetime.UTC)  # NOON and its months
DAY_AFTER = datetime.datetime(2028, 6, 1, 23, 1, tzinfo=datetime.UTC)  # in London


@pytest.fixture
def ada(db):
    customer = CustomerFactory(customer_number="A100", surname="Lovelace", created_at=NOON)
    type(customer).objects.filter(pk=customer.pk).update(created_at=NOON)
    ContactPointFactory(customer=customer, value="ada@example.org")
    return customer


def reason(person, at):
    return may_contact.may_contact(person, "email", "us", "marketing", at).reason


def screened(tmp_path, at):
    """The verdict on the same address in a list of several."""
    path = tmp_path / "list.csv"
    path.write_text("email\nnobody@example.org\nada@example.org\n")
    outcome = run.screen(
        path, channel="email", sender="us", folder=tmp_path / "out", by="job:test", now=at
    )
    return "soft_opt_in" if outcome.allowed else "no_consent"


class TestItNamesASale:
    def test_one_without_it_is_refused(self, ada, consented):
        with pytest.raises(Refused, match="order or the negotiation"):
            consented(ada, kind="soft_opt_in", without="sale")

    def test_the_database_refuses_it_too(self, ada):
        with pytest.raises(IntegrityError, match="names_its_sale"), transaction.atomic():
            ChoiceEventFactory(customer=ada, kind="soft_opt_in", sale=None)

    @pytest.mark.parametrize(("sale", "refused"), [("", 1), ("Order 536365", 0)])
    def test_an_import(self, ada, tmp_path, sale, refused):
        path = tmp_path / "choices.csv"
        path.write_text(
            "customer_number,kind,channel,sender,contact,at,wording,page,sale\n"
            f'A100,soft_opt_in,email,us,ada@example.org,2026-05-01 10:30,"Tick to refuse.",/p,{sale}\n'
        )
        outcome = load.import_file("marketing_choices", path, by="job:test", now=NOON)
        assert len(outcome.rejects) == refused
        if not refused:
            assert ChoiceEvent.objects.get().sale == sale
            assert reason(ada, NOON) == "soft_opt_in"


class TestItLapses:
    def test_on_the_day_after_its_months(self, ada, consented, tmp_path):
        consented(ada, kind="soft_opt_in")
        assert SOFT_MONTHS == 24
        for at, expected in ((LAST_DAY, "soft_opt_in"), (DAY_AFTER, "no_consent")):
            assert reason(ada, at) == reason(contact_digests.email("ada@example.org"), at)
            assert (reason(ada, at), screened(tmp_path, at)) == (expected, expected)

    @pytest.mark.parametrize("heard", ["order", "call", "sign-in"])
    def test_not_while_they_are_in_touch(self, ada, consented, tmp_path, heard):
        consented(ada, kind="soft_opt_in")
        day = datetime.date(2027, 3, 1)
        if heard == "order":
            OrderFactory(customer=ada, placed_on=day)
        elif heard == "call":
            ContactNoteFactory(customer=ada, at=datetime.datetime(2027, 3, 1, tzinfo=datetime.UTC))
        else:
            type(ada).objects.filter(pk=ada.pk).update(last_contact_on=day)
        assert (reason(ada, DAY_AFTER), screened(tmp_path, DAY_AFTER)) == ("soft_opt_in",) * 2
        later = DAY_AFTER + datetime.timedelta(days=365)
        assert (reason(ada, later), screened(tmp_path, later)) == ("no_consent",) * 2
