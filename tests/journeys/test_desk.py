"""The care desk in a real browser, at a phone's width and a desk's, with JavaScript and without."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts import approvals
from customers.desk import page_url
from customers.models.markers import KEEP
from tests import factories as make
from tests.journeys.conftest import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = datetime.date


@pytest.fixture
def ada():
    """A customer with something on every panel, and a namesake next door."""
    ada = make.CustomerFactory(customer_number="C0000777", given_names="Ada", surname="Okafor")
    for person in (
        ada,
        make.CustomerFactory(customer_number="C0000778", given_names="Chidi", surname="Okafor"),
    ):
        make.ContactPointFactory(
            customer=person, address=True, value="14 Mill Lane\nBradford\nBD1 1AA"
        )
    make.ContactPointFactory(customer=ada, value="ada@example.org")
    make.ContactPointFactory(customer=ada, value="before@example.org", valid_to=DAY(2021, 5, 3))
    make.ContactPointFactory(customer=ada, phone=True)
    make.OrderFactory.create_batch(22, customer=ada)
    for factory in (
        make.PaymentCardFactory,
        make.CreditAccountFactory,
        make.FinancialLinkFactory,
        make.PrizeEntryFactory,
        make.ContactNoteFactory,
        make.DisclosureFactory,
        make.FraudMarkerFactory,
        make.LegalHoldFactory,
    ):
        factory.create_batch(2, customer=ada)
    make.LegalHoldFactory(customer=ada, review_on=DAY(2020, 1, 1))
    make.LegalHoldFactory(customer=ada, released_on=DAY(2021, 1, 1), released_by="staff:1")
    return ada


def test_signing_in(page_at, agent, sound, width):
    agent.set_password("a long enough password")
    agent.save()
    page = page_at(width)
    page.goto("/admin/")
    sound(page)
    page.get_by_label("Staff ID").fill("agent")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    sound(page)
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Needs somebody")).to_be_visible()
    page.get_by_role("link", name="Change password").click()
    expect(page.get_by_label("Old password")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    sound(page)


def test_first_page_with_and_without_alerts(page_at, agent, lead, ada, sound, width):
    quiet, busy = page_at(width, staff=agent), page_at(width, staff=lead)
    quiet.goto("/admin/")
    expect(quiet.get_by_text("All is well")).to_be_visible()
    sound(quiet)
    busy.goto("/admin/")
    expect(busy.get_by_text("All is well")).to_have_count(0)
    busy.get_by_role("link", name="legal hold has passed").click()
    expect(busy.get_by_text("Review overdue")).to_be_visible()
    sound(busy)


@pytest.mark.parametrize("javascript", [True, False])
def test_finding_a_customer(page_at, agent, ada, sound, width, javascript):
    def find(text):
        page.get_by_role("searchbox").or_(page.get_by_role("textbox")).fill(text)
        with (
            page.expect_navigation()
        ):  # to the same address, so nothing else tells the two pages apart
            page.get_by_role("button", name="Find").click()
        if javascript:
            sound(page)

    page = page_at(width, staff=agent, javascript=javascript)
    page.goto("/admin/customers/customer/")
    find("nobody@example.org")
    expect(page.get_by_role("heading", name="Nobody found by email address")).to_be_visible()
    find(" ")
    expect(page.get_by_role("link", name="Type what the customer tells you.")).to_be_visible()
    find("Okafor BD1 1AA")
    expect(page.get_by_text("Chidi Okafor")).to_be_visible()
    assert page.url.endswith("/admin/customers/customer/")  # nothing typed stands in the address
    page.get_by_role("link", name="C0000777").click()
    expect(page.get_by_role("heading", level=1, name="Ada Okafor")).to_be_visible()


def test_a_rich_customer_page(page_at, lead, ada, sound, width):
    page = page_at(width, staff=lead)
    page.goto(page_url(ada.pk))
    sound(page)
    for folded in page.locator("details > summary").all():
        folded.click()
    sound(page)


def test_dark_page_reads_as_well(page_at, lead, ada, sound, width):
    page = page_at(width, staff=lead)
    page.emulate_media(color_scheme="dark")
    for address in ("/admin/", page_url(ada.pk), "/admin/retention/legalhold/"):
        page.goto(address)
        sound(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_placing_and_releasing_a_hold(page_at, lead, ada, sound, width, javascript):
    page = page_at(width, staff=lead, javascript=javascript)
    page.goto(page_url(ada.pk))
    page.get_by_role("link", name="Place a hold").click()
    page.get_by_label("What is it about?").fill("A claim about a toaster.")
    page.get_by_role("button", name="Place the hold").click()
    expect(page.get_by_role("link", name="Say what the hold is for.")).to_be_visible()
    if javascript:
        sound(page)
    expect(page.get_by_label("What is it about?")).to_have_value("A claim about a toaster.")
    page.get_by_label("What is it for?").select_option("Complaint")
    page.get_by_role("button", name="Place the hold").click()
    expect(page.get_by_text("Everything about this customer is on hold.")).to_be_visible()
    page.get_by_role("link", name="Release the hold: complaint").click()
    page.get_by_role("button", name="Release the hold").click()
    expect(page.get_by_text("The hold is released.")).to_be_visible()


def test_each_form_of_the_page(page_at, lead, ada, sound, width):
    page = page_at(width, staff=lead)
    for action in ("end", "resume", "note"):
        page.goto(f"/admin/customers/customer/{ada.pk}/{action}/")
        sound(page)
        page.locator("main [type=submit]").click()
        expect(page.locator(".error-summary")).to_be_visible()
        sound(page)


def test_lists_and_records(page_at, lead, operator, ada, sound, width):
    page, order = page_at(width, staff=lead), ada.orders.first()
    for address in (
        "customers/order/",
        f"customers/order/{order.pk}/change/",
        "customers/contactnote/",
        "audit/entry/",
        "disclosures/disclosure/",
        "retention/purgerun/",
        "draws/prizedraw/add/",
    ):
        page.goto(f"/admin/{address}")
        sound(page)
    page = page_at(width, staff=operator)
    for address in (
        "accounts/staffuser/",
        "accounts/staffuser/add/",
        f"accounts/staffuser/{lead.pk}/change/",
        "",
    ):
        page.goto(f"/admin/{address}")
        sound(page)


def test_nothing_is_refused_by_the_content_policy(page_at, lead, ada):
    page = page_at(DESK, staff=lead, strict=True)
    for address in (
        "",
        "customers/customer/",
        f"customers/customer/{ada.pk}/change/",
        "customers/order/",
        f"customers/order/{ada.orders.first().pk}/change/",
        "retention/legalhold/",
        "draws/prizedraw/add/",
    ):
        page.goto(f"/admin/{address}")
        assert page.complaints == [], address


def test_a_breach_from_the_first_word(page_at, lead, sound):
    page = page_at(DESK, staff=lead)
    page.goto("/admin/breaches/breach/")
    page.get_by_role("link", name="Record a breach").click()
    page.get_by_role("button", name="Write it into the register").click()
    expect(page.get_by_role("link", name="Give the day and the time.")).to_be_visible()
    sound(page, "breach-fault")
    page.get_by_label("When did we know of it?").fill("2026-01-01T09:00")
    page.get_by_label("Seen or taken").check()
    page.get_by_label("What happened?").fill("A list went to the wrong carrier.")
    page.get_by_role("button", name="Write it into the register").click()
    expect(page.get_by_text("Not decided yet: how great the risk is")).to_be_visible()
    sound(page, "breach")
    page.get_by_role("link", name="Judge the risk").click()
    page.get_by_label("Unlikely to be a risk").check()
    page.get_by_label("Why?").fill("They deleted it.")
    page.get_by_role("button", name="Keep the judgement").click()
    expect(page.get_by_role("link", name="The regulator need not be told")).to_be_visible()
    page.goto("/admin/breaches/breach/")
    sound(page, "breaches")
    page.goto("/admin/retention/purgerun/clocks/")
    sound(page, "clocks")


def test_a_second_person_decides(page_at, lead, investigator, sound):
    customer, now = make.CustomerFactory(), timezone.now()
    approvals.ask(
        KEEP,
        customer,
        reason="The police asked us to wait.",
        review_on=timezone.localdate() + datetime.timedelta(days=60),
        by=investigator.actor,
        now=now,
        person=customer.pk,
    )
    page = page_at(DESK, staff=lead)
    page.goto("/admin/accounts/approval/")
    sound(page, "decisions")
    page.get_by_role("link", name="Keep fraud work from the person").click()
    sound(page, "decision")
    page.get_by_role("button", name="Approve it").click()
    expect(page.get_by_text("Approved. It is in force.")).to_be_visible()
    expect(page.get_by_role("button", name="End it")).to_be_visible()
