"""Who received a person's data: what is written down, and who receives something with every record."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse

from audit.actions import AlreadyDone, Refused
from compliance.disclosures import received
from compliance.disclosures.models import FITS, HANDED_ON, Disclosure
from compliance.disclosures.write_down import write_down
from compliance.register import actions as register_actions
from compliance.register.models import Recipient
from customers.desk import page_url
from tests import factories as make

pytestmark = pytest.mark.django_db
# 23:30 UTC on 1 July is half past midnight on 2 July in London.
NOW = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)
TODAY, DAY = datetime.date(2026, 7, 2), datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _register(db):
    register_actions.load(by="job:test")
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ada():
    return make.CustomerFactory(given_names="Ada", surname="Lovelace")


def given(**more):
    return {
        "token": uuid.uuid4(),
        "kind": "ombudsman",
        "recipient": "financial-ombudsman",
        "on": TODAY,
        "purpose": "legal-claims",
        "detail": "Papers of complaint C-1",
    } | more


def written(customer, **more) -> Disclosure:
    return write_down(customer, **given(**more), by="staff:1", now=NOW)


class TestStanding:
    def order(self, customer, supplied_on, **more):
        return make.OrderLineFactory(
            order=make.OrderFactory(customer=customer), supplied_on=supplied_on, **more
        )

    def told(self, customer):
        return {one.code: (one.times, one.first, one.last) for one in received.standing(customer)}

    def test_a_carrier_received_something_with_every_order(self, ada):
        first, last = datetime.date(2020, 3, 1), datetime.date(2021, 3, 1)
        line = self.order(ada, first)
        make.OrderLineFactory(order=line.order, line_number=2, supplied_on=first)
        self.order(ada, last)
        self.order(make.CustomerFactory(), TODAY)
        assert self.told(ada) == {"example-parcels": (2, first, last)}

    def test_only_while_the_register_has_it(self, ada):
        changed = datetime.date(2021, 1, 1)
        Recipient.objects.filter(code="example-parcels").update(valid_to=changed - DAY)
        Recipient.objects.create(
            code="new-parcels",
            name="New Parcels",
            kind="carrier",
            receives="x",
            valid_from=changed,
            with_every="order",
        )
        self.order(ada, changed - DAY), self.order(ada, changed)
        assert self.told(ada) == {
            "example-parcels": (1, changed - DAY, changed - DAY),
            "new-parcels": (1, changed, changed),
        }

    def test_what_came_back_was_not_carried_out(self, ada):
        self.order(ada, TODAY, quantity=-1)
        assert self.told(ada) == {}

    def test_emails_letters_and_cards(self, ada):
        make.MessageFactory(customer=ada, sent_at=NOW)
        make.MessageFactory(customer=ada, state="queued", sent_at=None)
        make.PaymentCardFactory(customer=ada, last_used_on=TODAY)
        assert self.told(ada) == {
            "example-mail": (1, TODAY, TODAY),
            "example-card-payments": (1, TODAY, TODAY),
        }

    def test_it_costs_two_questions(self, ada, django_assert_num_queries):
        for _ in range(4):
            self.order(ada, TODAY)
        make.PaymentCardFactory(customer=ada, last_used_on=TODAY)
        with django_assert_num_queries(2):
            assert len(received.standing(ada)) == 2

    def test_nobody_in_the_register_costs_one(self, ada, django_assert_num_queries):
        Recipient.objects.update(with_every="")
        with django_assert_num_queries(1):
            assert received.standing(ada) == []

    def test_what_is_left_out_is_not_counted(self, ada):
        kept, other = self.order(ada, TODAY), self.order(ada, TODAY - DAY)
        for label, row in (("customers.Order", other.order), ("customers.OrderLine", other)):
            (one,) = received.standing(ada, without={label: {str(row.pk)}})
            assert (one.times, one.last) == (1, kept.supplied_on)

    def test_it_is_on_the_page_of_the_customer(self, ada, agent, signed_in):
        self.order(ada, TODAY)
        page = signed_in(agent).get(page_url(ada.pk)).content.decode()
        assert "Example Parcels Ltd" in page
        assert "Delivery of your orders" in page


class TestWritingDown:
    def test_it_is_in_the_log_under_the_name_of_that_day(self, ada, trail):
        row = written(ada, detail="Card 4111 1111 1111 1111")
        assert (row.recipient_name, row.kind) == ("Financial Ombudsman Service", "ombudsman")
        assert "4111 1111" not in row.detail
        assert trail("disclosure_written_down").facts["recipient"] == "financial-ombudsman"

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"on": TODAY + DAY}, "yet to come"),
            ({"recipient": "nobody"}, "no such recipient"),
            ({"recipient": "example-recoveries"}, "another kind"),
            ({"kind": "credit_search", "recipient": "experian"}, "another kind"),
        ],
    )
    def test_what_cannot_be_is_refused(self, ada, more, says):
        with pytest.raises(Refused, match=says):
            written(ada, **more)
        assert not Disclosure.objects.exists()

    def test_a_form_sent_twice_is_one_entry(self, ada):
        token = uuid.uuid4()
        written(ada, token=token)
        with pytest.raises(AlreadyDone):
            written(ada, token=token)

    def test_every_kind_that_is_offered_fits_somebody_in_the_register(self):
        for kind in HANDED_ON:
            assert Recipient.objects.filter(kind__in=FITS[kind]).exists(), kind

    def test_an_agent_writes_it_down(self, ada, agent, operator, signed_in):
        address = reverse("admin:disclosures_disclosure_write_down", args=[ada.pk])
        page = signed_in(agent).get(page_url(ada.pk)).content.decode()
        assert address in page
        answer = signed_in(agent).post(address, given(on="2026-07-02"), follow=True)
        assert "It is in the log" in answer.content.decode()
        wrong = signed_in(agent).post(address, given(recipient="experian", on="2026-07-02"))
        assert "another kind" in wrong.content.decode()
        assert "Papers of complaint C-1" in wrong.content.decode()  # what was typed stays
        assert signed_in(operator).get(address).status_code == 403
