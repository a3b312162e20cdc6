"""disclosures through the command."""

import datetime

import pytest
import time_machine

from audit.models import Entry
from compliance.cases.kinds import CaseKind
from compliance.disclosures.models import Disclosure
from compliance.register import actions
from compliance.register.models import NoticeVersion, Recipient
from customers.models import Customer
from tests import factories as make
from tests.importing.shop import Shop
from tests.outcomes.effects import NOW, case_of

pytestmark = pytest.mark.django_db
HEADER = (
    "reference,customer_number,kind,occurred_on,recipient,recipient_name,purpose,application,negotiations_ended_on,"
    "credit_account,detail"
)
SEARCH = "D1,C1,credit_search,2026-01-01,old-agency,,credit-decision,APP-1,2026-01-05,,Full search"
REPORT = "D2,C1,account_report,2026-02-01,other,Some Agency Ltd,credit-reporting,,,A1,Up to date"


@pytest.fixture
def shop(tmp_path) -> Shop:
    customer = make.CustomerFactory(customer_number="C1")
    make.CreditAccountFactory(customer=customer, account_number="A1")
    make.CreditAccountFactory(account_number="A2")
    Recipient.objects.create(
        code="old-agency", name="As it was", kind="credit_reference_agency", valid_to="2026-01-31"
    )
    Recipient.objects.create(
        code="old-agency", name="As it is", kind="credit_reference_agency", valid_from="2026-02-01"
    )
    return Shop(tmp_path)


def test_searches_and_reports_go_in(shop):
    assert shop.sends("disclosures", [HEADER, SEARCH, REPORT]).code == 0
    search, report = Disclosure.objects.order_by("reference")
    assert (search.kind, search.application, search.credit_account) == (
        "credit_search",
        "APP-1",
        None,
    )
    assert (report.credit_account.account_number, report.detail) == ("A1", "Up to date")
    assert "2 unchanged" in shop.again("disclosures").out


@pytest.mark.parametrize(("day", "name"), [("2026-01-31", "As it was"), ("2026-02-01", "As it is")])
def test_the_recipient_is_named_by_day(shop, day, name):
    shop.sends("disclosures", [HEADER, SEARCH.replace("2026-01-01", day).replace("2026-01-05", "")])
    assert Disclosure.objects.get().recipient_name == name


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (SEARCH.replace("C1", "C9"), "unknown customer"),
        (
            SEARCH.replace("old-agency", "nobody"),
            "recipient: the register names none with this code on that day, and the line gives "
            "no name",
        ),
        (SEARCH.replace("2026-01-05", "2025-12-31"), "negotiations_ended_on: before the search"),
        (
            REPORT.replace("A1", ""),
            "credit_account is missing: an account report names its account",
        ),
        (REPORT.replace("A1", "A2"), "credit_account: not on record for this customer"),
        (REPORT.replace("A1", "A9"), "credit_account: not on record for this customer"),
    ],
)
def test_what_cannot_be_is_refused(shop, line, reason):
    result = shop.sends("disclosures", [HEADER, line])
    assert result.rejects == [["2", reason, line]]


class TestAgainstAStop:
    """What went out although it was stopped is logged, marked, and on the first page."""

    LATER = datetime.timedelta(days=2)

    def sends(self, shop, *lines):
        with time_machine.travel(NOW + self.LATER, tick=False):
            assert shop.sends("disclosures", [HEADER, *lines]).code == 0

    def line(self, reference, kind="account_report", on="2026-07-03", purpose="agency-reports"):
        account = "A1" if kind == "account_report" else ""
        return f"{reference},C1,{kind},{on},other,Some Ltd,{purpose},,,{account},"

    @pytest.fixture
    def restricted(self, shop):
        actions.load(by="job:test")
        case_of(Customer.objects.get(customer_number="C1"), CaseKind.RESTRICTION)
        return shop

    def test_a_report_after_a_restriction_is_logged_and_marked(self, restricted):
        other = make.CustomerFactory(customer_number="C2")
        make.CreditAccountFactory(customer=other, account_number="A3")
        self.sends(
            restricted,
            self.line("before", on="2026-07-01"),
            self.line("after"),
            self.line("fraud", kind="credit_search", purpose="fraud-prevention"),
            self.line("theirs").replace("C1", "C2").replace("A1", "A3"),
        )
        marked = Disclosure.objects.exclude(against="").get()
        assert (marked.reference, marked.against) == ("after", "restricted")
        assert Disclosure.objects.count() == 4
        assert Entry.objects.get(event="passed_on_against_a_stop").facts["entries"] == 1

    def test_it_stays_on_the_first_page_until_somebody_looked(self, restricted, lead, signed_in):
        self.sends(restricted, self.line("after"))
        with time_machine.travel(NOW + self.LATER, tick=False):
            client, url = signed_in(lead), "/admin/disclosures/disclosure/?against=open"
            assert b"although that was stopped" in client.get("/admin/").content
            row = Disclosure.objects.get()
            told = {"action": "looked_into", "_selected_action": [str(row.pk)]}
            client.post(url, told)
            assert b"although that was stopped" not in client.get("/admin/").content
        row.refresh_from_db()
        assert row.looked_into_by == lead.actor

    def test_a_list_that_we_did_not_screen_is_marked(self, shop):
        NoticeVersion.objects.create(
            number=1, published_at=NOW, published_by="staff:1", summary="x", content=[], digest="x"
        )
        feed = {"kind": "partner_feed", "purpose": "partner-marketing"}
        self.sends(shop, self.line("old", on="2026-07-02", **feed), self.line("new", **feed))
        assert Disclosure.objects.get(against="unscreened").reference == "new"
