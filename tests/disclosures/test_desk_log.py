"""The log on the desk: narrowed, found by customer, taken as a file, and silent about what only
investigators may know."""

import csv
import datetime
import io

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from compliance.disclosures.models import Disclosure
from compliance.register import actions as register_actions
from tests import factories as make

pytestmark = pytest.mark.django_db
LIST = "/admin/disclosures/disclosure/"
NOW = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 7, 2)


@pytest.fixture(autouse=True)
def _register(db):
    register_actions.load(by="job:test")
    with time_machine.travel(NOW, tick=False):
        yield


def logged(customer=None, on=TODAY, **rest):
    named = {"customer": customer} if customer else {}
    return make.DisclosureFactory(
        **named, occurred_on=on, **{"negotiations_ended_on": None, **rest}
    )


def rows(response):
    return list(response.context["cl"].result_list)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=credit_search", {1, 4}),
        ("kind=partner_feed", {2}),
        ("recipient=experian", {1, 4}),
        ("recipient=example-partner", {2}),
        ("period=7", {1, 2, 3}),
        ("period=y2026", {1, 2, 3}),
        ("period=y2025", {4}),
        ("period=older", set()),
        ("period=nonsense", {1, 2, 3, 4}),
        ("kind=credit_search&period=y2025", {4}),
        ("kind=fraud_filing", {3}),
        ("recipient=cifas", {3}),
        ("recipient=national-hunter", set()),
    ],
)
def test_filters_narrow_the_list(query, found, agent, signed_in):
    ids = {
        1: logged(),
        2: logged(kind="partner_feed", recipient="example-partner", recipient_name="Example"),
        3: logged(kind="fraud_filing", recipient="cifas"),
        4: logged(on=datetime.date(2025, 3, 1)),
    }
    response = signed_in(agent).get(f"{LIST}?{query}", follow=True)
    assert {row.pk for row in rows(response)} == {ids[one].pk for one in found}


def test_what_hangs_on_a_suspicion_is_for_investigators(agent, investigator, signed_in):
    entry = logged(recipient="cifas", recipient_name="Cifas", application="")
    assert rows(signed_in(agent).get(LIST)) == [entry]
    make.FraudMarkerFactory(customer=entry.customer, opened_on=entry.occurred_on)
    assert rows(signed_in(agent).get(LIST)) == []
    assert (
        b"Cifas"
        not in signed_in(agent)
        .get(f"/admin/customers/customer/{entry.customer_id}/change/")
        .content
    )
    assert rows(signed_in(investigator).get(LIST)) == [entry]


class TestFinding:
    def test_a_number_leads_to_all_of_theirs(self, agent, signed_in):
        customer = make.CustomerFactory(customer_number="A100")
        mine, _ = logged(customer), logged()
        response = signed_in(agent).post(f"{LIST}find/", {"who": "a 100"}, follow=True)
        assert rows(response) == [mine]
        assert "A100" not in response.request["QUERY_STRING"]
        assert Entry.objects.get(event="customer_searched").facts == {
            "kind": "customer_number",
            "matches": 1,
        }

    @pytest.mark.parametrize("who", ["", "nobody@example.org", "x\x00y", "9" * 400])
    def test_whoever_is_not_found_is_told_why(self, agent, signed_in, who):
        assert signed_in(agent).post(f"{LIST}find/", {"who": who}, follow=True).status_code == 200

    def test_several_lead_to_the_search(self, agent, signed_in):
        for number in ("B1", "B2"):
            make.ContactPointFactory(
                customer=make.CustomerFactory(customer_number=number), value="both@example.org"
            )
        response = signed_in(agent).post(f"{LIST}find/", {"who": "both@example.org"})
        assert response["Location"] == "/admin/customers/customer/"

    def test_the_operator_finds_nobody(self, operator, signed_in):
        assert signed_in(operator).post(f"{LIST}find/", {"who": "A100"}).status_code == 403

    def test_the_page_of_a_customer_leads_to_more_than_twenty(self, agent, signed_in):
        customer = make.CustomerFactory()
        for _ in range(21):
            logged(customer)
        page = (
            signed_in(agent)
            .get(f"/admin/customers/customer/{customer.pk}/change/")
            .content.decode()
        )
        assert f"{LIST}?customer__id__exact={customer.pk}" in page


class TestTheFile:
    def taken(self, client, query=""):
        content = b"".join(client.post(f"{LIST}export/{query}").streaming_content)
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))

    def test_it_holds_what_the_list_shows_without_names(self, agent, signed_in):
        customer = make.CustomerFactory(customer_number="A100", surname="Zebedee")
        logged(customer, reference="S-1", detail="=cmd()", application="-APP")
        logged(kind="fraud_filing"), logged(kind="partner_feed")
        header, *lines = self.taken(signed_in(agent), "?kind=credit_search")
        assert [line[header.index("reference")] for line in lines] == ["S-1"]
        assert (lines[0][header.index("detail")], lines[0][header.index("application")]) == (
            "'=cmd()",
            "'-APP",
        )
        assert not {"Zebedee", "A100", str(customer.pk)} & {cell for line in lines for cell in line}

    def test_that_it_was_taken_is_in_the_trail(self, lead, signed_in):
        logged(), logged()
        self.taken(signed_in(lead), "?period=7")
        facts = [
            entry.facts
            for entry in Entry.objects.filter(event="disclosures_exported").order_by("number")
        ]
        assert facts == [
            {"filters": ["period=7"], "rows": None},
            {"filters": ["period=7"], "rows": 2},
        ]

    def test_nobody_without_the_right_takes_it(self, operator, signed_in):
        assert signed_in(operator).post(f"{LIST}export/").status_code == 403
        assert signed_in(operator).get(f"{LIST}export/").status_code in (403, 405)


def test_as_many_queries_for_fifty_as_for_one(agent, signed_in):
    client, counts = signed_in(agent), []
    for number in (1, 49):
        for _ in range(number):
            logged()
        with CaptureQueriesContext(connection) as caught:
            client.get(LIST)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 9
    assert Disclosure.objects.count() == 50
