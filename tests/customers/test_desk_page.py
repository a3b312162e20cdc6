"""The customer's page: what it shows, to whom, at which cost."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from customers.desk import page_url
from tests import factories as make

DAY = datetime.date
# One for each list that a panel shows, one for each table of which "what we hold" tells until when,
# seven for what marketing may go, one for open requests, one for what must not be done with the
# data, one for which recipients go with every one, and one for what two people decided about the
# person: as many for three hundred orders as for three.
PAGE_QUERIES = 39
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    """Ada Okafor with two records of every kind."""
    ada = make.CustomerFactory(customer_number="C0000777", given_names="Ada", surname="Okafor")
    make.ContactPointFactory(customer=ada, value="ada@example.org")
    make.ContactPointFactory(customer=ada, value="before@example.org", valid_to=DAY(2021, 5, 3))
    make.ContactPointFactory(customer=ada, phone=True, value="+447700900123")
    for factory in (
        make.OrderFactory,
        make.PaymentCardFactory,
        make.CreditAccountFactory,
        make.FinancialLinkFactory,
        make.PrizeEntryFactory,
        make.ContactNoteFactory,
        make.DisclosureFactory,
        make.LegalHoldFactory,
    ):
        factory.create_batch(2, customer=ada)
    return ada


@pytest.fixture
def read(signed_in):
    return lambda user, customer: signed_in(user).get(page_url(customer.pk)).content.decode()


class TestShown:
    def test_person_and_how_to_reach_them(self, ada, agent, read):
        page = read(agent, ada)
        assert all(
            text in page
            for text in (
                "Ms Ada Okafor",
                "C0000777",
                "England and Wales",
                "ada@example.org",
                "07700 900123",
                "Before (1)",
                "Current",
            )
        )
        assert page.count("before@example.org") == 1

    def test_every_panel_shows_its_records(self, ada, agent, read):
        page = read(agent, ada)
        for record in (*ada.orders.all(), *ada.prize_entries.all()):
            assert (record.number if hasattr(record, "number") else record.draw.name) in page
        for text in (
            "Linked Person",
            "Experian Ltd",
            "Asked when the parcel comes.",
            "Claim about a kettle.",
            "What we hold, why and until when",
        ):
            assert text in page

    def test_newest_twenty_orders_and_their_number(self, ada, agent, read):
        for number in range(30):
            day = DAY(2015, 1, 1) + datetime.timedelta(number)
            make.OrderFactory(customer=ada, number=f"LATE{number:03d}", placed_on=day)
        page = read(agent, ada)
        assert "The newest 20 of 32" in page
        assert page.count("LATE") == 20
        assert f"/admin/customers/order/?customer__id__exact={ada.pk}" in page

    def test_ended_customer_says_when(self, agent, read):
        ended = make.CustomerFactory(relationship_ended_on=DAY(2024, 3, 31))
        assert "Ended on 31 Mar 2024" in read(agent, ended)

    def test_erased_stub_shows_nobody(self, agent, lead, read):
        stub = make.CustomerFactory.build(
            customer_number=None,
            title=None,
            given_names=None,
            surname=None,
            date_of_birth=None,
            jurisdiction=None,
            relationship_began_on=None,
            erased_at=datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC),
        )
        stub.save()
        page = read(lead, stub)
        assert "Erased on 1 Feb 2026" in page
        assert "/end/" not in page
        assert "/place/" not in page
        assert "/note/" not in page

    def test_names_stay_out_of_title_and_address(self, ada, agent, read):
        title = read(agent, ada).partition("<title>")[2].partition("</title>")[0]
        assert "Okafor" not in title
        assert "Okafor" not in page_url(ada.pk)

    def test_stranger_is_404(self, agent, signed_in):
        for nobody in (uuid.uuid4(), "not-a-uuid"):
            assert signed_in(agent).get(page_url(nobody)).status_code == 404

    def test_each_opening_is_recorded(self, ada, agent, read):
        read(agent, ada)
        read(agent, ada)
        entries = Entry.objects.filter(event="customer_viewed")
        assert [(entry.actor, entry.subject, entry.facts) for entry in entries] == [
            (agent.actor, ada.pk, {})
        ] * 2


class TestCost:
    def queries(self, client, customer):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(page_url(customer.pk)).status_code == 200
        return len(caught)

    def test_same_queries_for_three_orders_and_three_hundred(self, ada, lead, signed_in):
        client = signed_in(lead)
        make.OrderFactory(customer=ada)
        few = self.queries(client, ada)
        make.OrderFactory.create_batch(297, customer=ada)
        make.ContactNoteFactory.create_batch(30, customer=ada)
        assert self.queries(client, ada) == few
        assert few == PAGE_QUERIES


class TestNoTippingOff:
    """What would warn somebody under investigation is not shown, counted or hinted at to most
    staff."""

    @pytest.fixture
    def suspects(self, ada):
        """Ada with a suspicion, its filing and its hold."""
        make.FraudMarkerFactory(customer=ada, reference="SUSPECTED1", details="Two dates of birth.")
        make.DisclosureFactory(
            customer=ada,
            kind="fraud_filing",
            recipient_name="Cifas",
            occurred_on=datetime.date(2014, 5, 1),
            negotiations_ended_on=None,
        )
        make.LegalHoldFactory(customer=ada, kind="fraud", reason="Police asked.")
        return ada

    def test_agent_reads_the_same_page_without_it(self, ada, agent, read, request):
        before = read(agent, ada)
        request.getfixturevalue("suspects")
        assert _settled(read(agent, ada)) == _settled(before)

    def test_lead_and_auditor_see_it(self, suspects, lead, auditor, read):
        for user in (lead, auditor):
            page = read(user, suspects)
            assert all(text in page for text in ("SUSPECTED1", "Cifas", "Police asked."))

    def test_lists_and_records_leave_it_out(self, suspects, agent, signed_in):
        client = signed_in(agent)
        hold = suspects.legal_holds.get(kind="fraud")
        filing = suspects.disclosures.get(kind="fraud_filing")
        assert "3 legal holds" not in client.get("/admin/retention/legalhold/").content.decode()
        assert "Cifas" not in client.get("/admin/disclosures/disclosure/").content.decode()
        for path in (f"retention/legalhold/{hold.pk}", f"disclosures/disclosure/{filing.pk}"):
            gone = client.get(f"/admin/{path}/change/")
            missing = client.get(f"/admin/{path[: path.rindex('/')]}/{uuid.uuid4()}/change/")
            assert (gone.status_code, gone.url) == (missing.status_code, missing.url)
        assert client.get("/admin/customers/fraudmarker/").status_code == 403


def _settled(page: str) -> str:
    """A page without what differs at every visit."""
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)
