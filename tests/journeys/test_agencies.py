"""From the question on a telephone to the letter, by one click at the desk; what is to be decided;
and fraud work."""

import datetime
import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case, CaseMessage
from compliance.disclosures import fraud
from compliance.register import actions as register
from customers.models import ContactPoint, FraudMarker
from tests import factories as make
from tests.jobs.working import work as run_jobs
from tests.journeys.conftest import DESK, PHONE, SHOTS
from tests.letters.letters import pdf_of
from tests.letters.pdf import squeezed, words_of
from tests.outcomes.effects import ada, case_of
from tests.portal.asking import code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIGNS = (
    "Callcredit Ltd",
    "TransUnion International UK Ltd",
    "One Park Lane, Leeds LS3 1EP",
    "0330 024 7574",
    "Experian Ltd",
    "PO Box 9000, Nottingham NG80 7WF",
    "0344 481 0800",
    "APP-7",
    "section 157",
    "28 days",
    "statutory credit report",
    "section 159",
    "notice of correction",
    "200 words",
    "disassociation",
    "CRAIN",
    "https://www.equifax.co.uk/crain",
    "complain to the regulator",
)


@pytest.fixture(autouse=True)
def _register(live_server):
    register.load(by="job:tests")


def searched(customer, application="APP-7", ago=10):
    day = timezone.localdate() - datetime.timedelta(days=ago)
    for recipient, name in (("experian", "Experian Ltd"), ("transunion", "Callcredit Ltd")):
        make.DisclosureFactory(
            customer=customer,
            recipient=recipient,
            recipient_name=name,
            application=application,
            occurred_on=day - datetime.timedelta(days=2),
            negotiations_ended_on=day,
            detail="Full search",
        )


def test_asked_on_a_telephone_and_answered_by_one_click(page_at, agent, sound, mailoutbox):
    customer = ada()
    searched(customer)
    phone = page_at(PHONE, javascript=False)
    phone.goto("/your-data/agencies/")
    phone.get_by_label("Reference of the application").fill("app-7")
    phone.get_by_label("Your full name").fill("Ada Lovelace")
    phone.get_by_label("Your email address").fill("ada@example.org")
    phone.locator("form.card-form button.button").first.click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("We have your")
    run_jobs()
    reference = phone.locator(".reference-number").inner_text()
    case = Case.objects.get(reference=reference)

    desk = page_at(DESK, staff=agent, strict=True)
    desk.goto(f"/admin/cases/case/{case.pk}/change/")
    desk.get_by_role("button", name="Send the answer, and close").click()
    expect(desk.get_by_text("The answer is on its way, and the case is closed.")).to_be_visible()
    assert desk.complaints == []
    run_jobs()
    answer = mailoutbox[-1]
    assert answer.to == ["ada@example.org"]
    for sign in SIGNS:
        assert sign in answer.body, sign

    phone.goto("/your-data/status/")
    phone.get_by_label("The reference of your request").fill(reference)
    phone.get_by_role("button", name="Send me a code").click()
    run_jobs()
    phone.get_by_label("The code").fill(code(reference))
    phone.get_by_role("button", name="Go on").click()
    expect(phone.get_by_text("Callcredit Ltd").first).to_be_visible()


def test_the_letter_by_post_says_everything(page_at, agent, sound, width):
    customer = ada()
    searched(customer)
    ContactPoint.objects.filter(kind="email").delete()
    case, page = (
        case_of(customer, CaseKind.AGENCIES, now=timezone.now()),
        page_at(width, staff=agent),
    )
    page.goto(f"/admin/cases/case/{case.pk}/change/")
    sound(page, "agencies-case")
    page.get_by_role("link", name="Look at it first").click()
    expect(page.get_by_text("1 Mill Lane")).to_be_visible()
    sound(page, "agencies-look")
    page.get_by_role("button", name="Send the answer, and close").click()
    expect(page.get_by_text("The answer is on its way")).to_be_visible()
    sound(page, "agencies-closed")
    document = pdf_of(CaseMessage.objects.get(case=case, letter="agencies"))
    words = words_of(document)
    if SHOTS:
        (Path(SHOTS) / "agencies.pdf").write_bytes(document)
    for sign in SIGNS:
        assert squeezed(sign) in words, sign


def test_what_is_to_be_decided_is_asked(page_at, agent, sound, width):
    customer = ada()
    searched(customer)
    searched(customer, "APP-1", ago=90)
    case, page = (
        case_of(customer, CaseKind.AGENCIES, now=timezone.now()),
        page_at(width, staff=agent),
    )
    page.goto(f"/admin/cases/case/{case.pk}/change/")
    expect(page.get_by_role("button", name="Send the answer, and close")).to_have_count(0)
    page.get_by_role("link", name="Answer from the log").click()
    expect(page.get_by_text("There is more than one application.")).to_be_visible()
    expect(page.get_by_label(re.compile("APP-7:"))).to_be_checked()
    sound(page, "agencies-several")
    page.get_by_label(re.compile("APP-7:")).uncheck()
    page.get_by_role("button", name="Send the answer, and close").click()
    expect(page.get_by_text("Choose the application that they ask about")).to_be_visible()
    sound(page, "agencies-fault")
    page.get_by_label(re.compile("APP-1:")).check()
    page.get_by_role("button", name="Send the answer, and close").click()
    expect(page.get_by_text("The answer is on its way")).to_be_visible()
    assert "Yours came later" in CaseMessage.objects.get(case=case, letter="agencies").message.text


def test_nobody_was_asked(page_at, agent, sound, width):
    case, page = case_of(ada(), CaseKind.AGENCIES, now=timezone.now()), page_at(width, staff=agent)
    page.goto(f"/admin/cases/outcome/case/{case.pk}/agencies/")
    sound(page, "agencies-none")
    page.get_by_label("No credit reference agency was asked").check()
    page.get_by_role("button", name="Send the answer, and close").click()
    expect(page.get_by_text("The answer is on its way")).to_be_visible()


def test_an_investigation_from_the_customers_page(page_at, investigator, sound, width):
    customer = ada()
    page = page_at(width, staff=investigator)
    page.goto(f"/admin/customers/customer/{customer.pk}/change/#fraud-work")
    sound(page, "fraud-empty")
    page.get_by_role("link", name="Open an investigation").click()
    sound(page, "fraud-open")
    page.get_by_role("button", name="Open the investigation").click()
    sound(page, "fraud-open-fault")
    page.get_by_label("Reference").fill("FR-7")
    page.get_by_label("What is it about?").fill("Two dates of birth.")
    page.get_by_role("button", name="Open the investigation").click()
    page.get_by_role("link", name=re.compile("Fraud is confirmed.*FR-7")).click()
    page.get_by_role("button", name="Fraud is confirmed").click()
    page.get_by_role("link", name=re.compile("File with an agency.*FR-7")).click()
    sound(page, "fraud-file")
    page.get_by_label("Cifas").check()
    page.get_by_label("What is filed?").fill("Application fraud")
    page.get_by_role("button", name="Enter the filing").click()
    page.get_by_role("link", name=re.compile("Withdraw the filing")).click()
    sound(page, "fraud-withdraw")
    page.get_by_label("What was wrong about it?").fill("It was somebody else.")
    page.get_by_role("button", name="Withdraw the filing").click()
    expect(
        page.get_by_text("Withdrawn. The agency: on our list of those to be told")
    ).to_be_visible()
    sound(page, "fraud-full")
    page.goto("/admin/disclosures/instruction/")
    sound(page, "fraud-withdrawals")
    assert FraudMarker.objects.get().status == "confirmed"


def test_the_log_empty_and_full(page_at, agent, investigator, sound, width):
    page = page_at(width, staff=agent)
    page.goto("/admin/disclosures/disclosure/")
    sound(page, "log-empty")
    customer = ada()
    for number in range(30):
        searched(customer, f"APP-{number}", ago=number * 20)
    who = {"by": "staff:1", "now": timezone.now()}
    marker = fraud.decide(
        fraud.suspect(customer, reference="F1", details="x", **who), to="confirmed", **who
    )
    fraud.file(marker, recipient="cifas", detail="x", **who)
    page.goto("/admin/disclosures/disclosure/?kind=credit_search")
    sound(page, "log-full")
    page.get_by_label("Find by customer").fill("A100")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_text("Only what concerns")).to_be_visible()
    expect(page.get_by_role("cell", name="Cifas")).to_have_count(1)  # a confirmed case is told
    sound(page, "log-customer")
    fraud.suspect(customer, reference="F2", details="x", **who)
    page.reload()
    expect(page.get_by_role("cell", name="Cifas")).to_have_count(0)  # a suspicion is not
    seen = page_at(width, staff=investigator)
    seen.goto(f"/admin/disclosures/disclosure/?customer__id__exact={customer.pk}")
    expect(seen.get_by_role("cell", name="Cifas")).to_have_count(1)
    seen.goto("/admin/disclosures/instruction/")
    sound(seen, "withdrawals-empty")
