"""Moving data: what is in the file and what is not, that computers read it, and that each time it
is fetched is counted."""

import csv
import datetime
import io
import json
import zipfile

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.actions import Refused
from compliance import outcomes
from compliance.cases.kinds import CaseKind
from compliance.cases.models import DataCopy, Task
from compliance.casework.actions import requester_actions, work
from compliance.outcomes import copies, portability
from compliance.register import actions as register_actions
from compliance.register.models import LawfulBasis, RetentionRule
from compliance.retention import engine
from customers.outbox.models import Message
from privacy.declarations import declarations
from tests import factories as make
from tests.outcomes.effects import BY, NOW, TODAY, ada, carry_out, case_of
from tests.preferences.test_choices import visiting

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _register(db):
    register_actions.load(by="job:test")


@pytest.fixture
def case():
    customer = ada()
    for number in (1, 2):
        make.OrderLineFactory(
            order=make.OrderFactory(customer=customer, number=f"N{number}"), description="=Kettle"
        )
    make.CreditAccountFactory(customer=customer), make.FraudMarkerFactory(customer=customer)
    (
        make.FinancialLinkFactory(customer=customer, linked_person="Charles Babbage"),
        make.ContactNoteFactory(customer=customer),
    )
    make.OrderLineFactory(order=make.OrderFactory(number="SOMEBODY-ELSE"))
    return case_of(customer, CaseKind.PORTABILITY)


def opened(case) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(portability.fetch(case, by=BY, now=NOW)[1]))


class TestTheFile:
    def test_it_has_what_they_gave_and_gave_rise_to(self, case):
        carry_out(case, "make_file")
        data = json.loads(opened(case).read("data.json"))
        assert data["reference"] == case.reference
        assert [row["Order number"] for row in data["data"]["orders"]] == ["N1", "N2"]
        assert {row["Contact detail"] for row in data["data"]["contact_points"]} == {
            "ada@example.org",
            "+447700900123",
            "1 Mill Lane\nBradford\nBD1 1AA",
        }
        assert data["data"]["customers"][0]["Date of birth"] == "1980-02-29"

    def test_it_has_nothing_of_ours_or_of_others(self, case):
        carry_out(case, "make_file")
        with opened(case) as archive:
            text = "".join(archive.read(name).decode() for name in archive.namelist())
        assert not any(
            word in text
            for word in ("Babbage", "Two applications", "Asked when", "SOMEBODY", "500.00")
        )

    def test_each_table_is_a_spreadsheet_that_runs_nothing(self, case):
        carry_out(case, "make_file")
        rows = list(
            csv.reader(io.StringIO(opened(case).read("order_lines.csv").decode("utf-8-sig")))
        )
        assert rows[0] == [
            "Product",
            "Description",
            "Quantity",
            "Price each in pounds",
            "Supplied on",
        ]
        assert rows[1][1] == "'=Kettle"

    def test_consent_or_contract_alone(self, case):
        LawfulBasis.objects.filter(
            purpose__categories__code="order", article__in=["a", "b"]
        ).delete()
        carry_out(case, "make_file")
        assert "orders.csv" not in opened(case).namelist()

    def test_only_what_is_shown_can_be_moved(self):
        moving = [declaration for declaration in declarations() if declaration.portable]
        assert len(moving) > 6
        assert all(set(declaration.portable) <= set(declaration.export) for declaration in moving)
        assert not any(
            declaration.category in ("fraud_marker", "financial_link", "contact_note")
            for declaration in moving
        )


class TestHandingOut:
    def test_each_time_is_counted(self, case, trail):
        carry_out(case, "make_file")
        portability.fetch(case, by=f"customer:{case.customer_id}", now=NOW)
        portability.fetch(case, by=BY, now=NOW + DAY)
        assert DataCopy.objects.get().downloads == 2
        assert trail("copy_made").facts["records"] > 5

    def test_thirty_days_and_no_more(self, case):
        carry_out(case, "make_file")
        portability.fetch(case, by=BY, now=NOW + 31 * DAY - datetime.timedelta(minutes=31))
        assert portability.latest(case).expires_at < NOW + 31 * DAY
        with pytest.raises(Refused, match="not there any more"):
            portability.fetch(case, by=BY, now=NOW + 31 * DAY)

    def test_one_that_is_over_or_gone_can_be_asked_for_and_made_again(self, case):
        carry_out(case, "make_file")
        work.complete(case, text="Here it is.", by=BY, now=NOW)
        assert copies.latest(case, now=NOW + 31 * DAY).state == "over"
        DataCopy.objects.all().delete()
        assert copies.latest(case, now=NOW + 31 * DAY).state == "over"
        requester_actions.ask_for_copy(case, by=BY, now=NOW + 31 * DAY)
        carry_out(case, "make_file", now=NOW + 32 * DAY)
        assert Task.objects.get(kind="new_copy").how == "fulfilled"
        assert copies.latest(case, now=NOW + 32 * DAY).state == "ready"
        assert "ready again" in Message.objects.latest("queued_at").text

    def test_the_purge_takes_it_the_day_after(self, case):
        RetentionRule.objects.filter(code="copy-made").update(confirmed_on=TODAY, confirmed_by=BY)
        carry_out(case, "make_file", now=NOW - 40 * DAY)
        engine.run(as_of=TODAY, now=NOW, by="job:test", category="data_copy")
        assert DataCopy.objects.count() == 0

    def test_it_is_sealed_at_rest(self, case):
        carry_out(case, "make_file")
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM cases_datacopy")
            assert b"PK" not in bytes(cursor.fetchone()[0])[:4]

    def test_the_letter_says_until_when(self, case):
        carry_out(case, "make_file")
        line = outcomes.letter_context(case)["lines"][0]
        assert (line.what, line.until) == ("Your file", TODAY + 30 * DAY)
        assert outcomes.done(case)

    def test_a_new_file_takes_the_place_of_the_last(self, case):
        carry_out(case, "make_file"), carry_out(case, "make_file", now=NOW + DAY)
        assert portability.latest(case).made_at == NOW + DAY


class TestFetching:
    @pytest.fixture(autouse=True)
    def night(self):
        with time_machine.travel(NOW, tick=False) as night:
            yield night

    def page(self, case) -> str:
        return reverse("portal:case", args=[case.reference])

    def test_the_proven_customer_fetches_it(self, case):
        carry_out(case, "make_file")
        browser = visiting(case.customer)
        assert "Fetch my file" in browser.get(self.page(case)).content.decode()
        response = browser.post(f"{self.page(case)}file/")
        assert (response["Content-Type"], "no-store" in response["Cache-Control"]) == (
            "application/zip",
            True,
        )
        assert "It was fetched 1 time so far" in browser.get(self.page(case)).content.decode()

    def test_an_old_code_is_not_enough(self, case, night):
        carry_out(case, "make_file")
        browser = visiting(case.customer)
        night.shift(datetime.timedelta(minutes=11))
        assert browser.post(f"{self.page(case)}file/").url.startswith("/prove/")
        assert DataCopy.objects.get().downloads == 0

    def test_another_customer_gets_nothing(self, case):
        carry_out(case, "make_file")
        other = make.CustomerFactory()
        make.ContactPointFactory(customer=other, value="zoe@example.org")
        assert visiting(other).post(f"{self.page(case)}file/").url.startswith("/prove/")
        assert Client().post(f"{self.page(case)}file/").url.startswith("/prove/")
        assert DataCopy.objects.get().downloads == 0

    def test_looking_hands_out_nothing(self, case):
        carry_out(case, "make_file")
        assert visiting(case.customer).get(f"{self.page(case)}file/").status_code == 405

    def test_when_it_is_gone_the_page_says_so_and_offers_nothing(self, case, night):
        carry_out(case, "make_file")
        night.shift(31 * DAY)
        browser = visiting(case.customer)
        page = browser.get(self.page(case)).content.decode()
        assert "You could fetch it until" in page
        assert f"{self.page(case)}file/" not in page
        assert browser.post(f"{self.page(case)}file/").url == self.page(case)
