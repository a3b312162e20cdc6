"""disclosures through the command."""

import pytest

from compliance.disclosures.models import Disclosure
from compliance.register.models import Recipient
from tests import factories as make
from tests.importing.shop import Shop

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
