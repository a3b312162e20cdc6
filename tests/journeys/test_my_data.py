"""A customer looks at what we hold, on a telephone without JavaScript, puts an address right, and
ends the visit."""

import datetime
import re

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from compliance.casework.actions.intake import take
from compliance.register import actions as register
from customers.matching import Given
from customers.outbox.models import Message
from tests import factories as make
from tests.jobs.working import work as run_jobs
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.test_requests_public import enter
from tests.outcomes.effects import received
from tests.portal.asking import make_ada

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOTH, DAY = (PHONE, DESK), datetime.date


@pytest.fixture(autouse=True)
def _register(live_server):
    register.load(by="job:tests")


@pytest.fixture
def ada():
    return make_ada()


def with_much(ada):
    """Something in nearly every table."""
    for number in range(25):
        order = make.OrderFactory(
            customer=ada,
            placed_on=DAY(2026, 1, 1) + datetime.timedelta(days=9 * number),
            delivered_on=DAY(2026, 1, 3) + datetime.timedelta(days=9 * number),
        )
        make.OrderLineFactory(order=order)
    (
        make.CreditAccountFactory(customer=ada),
        make.PaymentCardFactory(customer=ada),
        make.FinancialLinkFactory(customer=ada),
    )
    (
        make.ContactNoteFactory(customer=ada, text="She asked about her neighbour Zebedee."),
        make.PrizeEntryFactory(customer=ada),
    )
    (
        make.ChoiceEventFactory(customer=ada),
        make.FraudMarkerFactory(customer=ada, details="Zebedee suspects her."),
    )
    make.MessageFactory(customer=ada), make.InboundMailFactory(customer=ada)
    received(ada, "experian", kind="credit_search"), received(ada, "alpha", "beta")
    received(ada, "cifas", kind="fraud_filing")
    take(
        kind="erasure",
        channel="letter",
        given=Given(name="Ada Lovelace"),
        token=order.customer_id,
        by="staff:1",
        now=timezone.now(),
        customer=ada,
        identified=True,
    )


def a_code(page):
    """Ask for a code and type it, as a customer does."""
    page.get_by_label("Your email address or telephone number").fill("ada@example.org")
    page.get_by_role("button", name="Send me a code").click()
    run_jobs()
    page.get_by_label("The code").fill(code("one_time_code:"))
    page.get_by_role("button", name="Go on").click()


def code(key):
    message = Message.objects.filter(key__startswith=key).latest("queued_at")
    return re.search(r"\d{4} \d{4}", message.text)[0]


def test_look_correct_and_leave_on_a_telephone(ada, page_at, mailoutbox):
    received(ada, "experian", kind="credit_search")
    page = page_at(PHONE, javascript=False)
    page.goto("/my-data/")
    a_code(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("What we hold about you")
    page.get_by_role("heading", name="How to reach you").click()
    expect(page.get_by_text("From you, or from somebody who orders for you.")).to_be_visible()
    with time_machine.travel(
        timezone.now() + datetime.timedelta(minutes=12)
    ):  # the code is not fresh any more
        page.get_by_role("link", name="Change the email ada@example.org").click()
        a_code(page)
        page.get_by_label("Your new email address").fill("ada@example.net")
        page.get_by_role("button", name="Send a code to it").click()
        run_jobs()
        page.get_by_label("The code").fill(code("contact_code:"))
        page.get_by_role("button", name="Change it").click()
        expect(page.get_by_role("status")).to_contain_text("Done.")
        expect(page.get_by_text("ada@example.org")).to_be_visible()  # among the earlier ones
        run_jobs()
        assert [mail.to for mail in mailoutbox[-2:]] == [["ada@example.org"], ["ada@example.net"]]
        bar = page.get_by_role("region", name="Your visit")
        bar.get_by_role("link", name="Your requests").click()
        expect(page.get_by_text("Answered")).to_be_visible()
        page.get_by_role("link", name="You asked us to correct your personal data.").click()
        expect(page.get_by_text("My email address")).to_be_visible()
        bar.get_by_role("link", name="My data").click()
        expect(page.get_by_text("ada@example.net").first).to_be_visible()
        page.get_by_role("button", name="Ask for a full copy").click()
        expect(page.get_by_text("Open", exact=True)).to_be_visible()
        bar.get_by_role("button", name="End").click()
        expect(page.get_by_role("status")).to_contain_text("Your visit has ended.")
        page.goto("/my-data/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Show that it is you")


def test_nothing_offends_the_security_policy(ada, page_at):
    page = page_at(DESK, strict=True)
    enter(page, ada)
    for address in ("", "contact/", "contact/add/email/", "records/how_to_reach_you/"):
        page.goto(f"/my-data/{address}")
    assert page.complaints == []


def test_each_page_is_good_to_look_at(ada, page_at, sound):
    with_much(ada)
    page = page_at(DESK)
    enter(page, ada)
    page.goto("/my-data/")
    sound(page, "my-data-rich")
    for fold in page.locator("details.held > summary").all():
        fold.click()
    expect(page.get_by_text("Zebedee")).to_have_count(0)
    expect(page.get_by_text("Cifas")).to_have_count(0)
    sound(page, "my-data-open")
    page.get_by_role("link", name="See all 25 of “Orders”").click()
    sound(page, "my-data-orders")
    page.get_by_role("link", name="Show earlier ones").click()
    sound(page, "my-data-orders-earlier")
    page.goto("/my-data/contact/")
    sound(page, "my-contact")
    page.get_by_role("link", name="Add a postal address").click()
    sound(page, "my-contact-add")
    page.get_by_role("button", name="Add it").click()
    sound(page, "my-contact-fault", widths=[PHONE])
    page.goto("/my-data/contact/")
    page.get_by_role("link", name="Change or remove ada@example.org").click()
    sound(page, "my-contact-change")
    page.get_by_label("Your new email address").fill("ada@example.net")
    page.get_by_role("button", name="Send a code to it").click()
    sound(page, "my-contact-code")


def test_hardly_anything_held_is_as_good_to_look_at(page_at, sound):
    nearly_nobody = make.CustomerFactory(given_names=None, title=None, date_of_birth=None)
    page = page_at(DESK)
    enter(page, nearly_nobody)
    page.goto("/my-data/")
    sound(page, "my-data-poor")
    page.goto("/my-data/contact/")
    sound(page, "my-contact-poor")
