"""Somebody stops marketing on a telephone without JavaScript; a mail program and a person press the
link in an email; a customer with a code sees, allows and stops.
"""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from compliance.preferences import contact_digests, may_contact, one_click
from compliance.preferences.models import ChoiceEvent, MarketingRequest
from compliance.register import actions, publishing
from customers.identity import visits
from customers.outbox.models import Message
from tests.factories import ContactPointFactory, CustomerFactory, DisclosureFactory
from tests.jobs.working import work
from tests.journeys.conftest import DESK, PHONE
from tests.register.ready import ready_to_publish
from tests.visiting import visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def notice(live_server):
    actions.load(by="job:tests")
    ready_to_publish()
    publishing.publish(summary="The first notice.", by="job:tests", now=timezone.now())


@pytest.fixture
def ada(live_server):
    ada = CustomerFactory(customer_number="A100", given_names="Ada", surname="Lovelace")
    ContactPointFactory(customer=ada, value="ada@example.org")
    ContactPointFactory(customer=ada, value="ada@work.example")
    ContactPointFactory(customer=ada, address=True)
    DisclosureFactory(
        customer=ada, kind="partner_feed", recipient="example-partner", recipient_name="Example Ltd"
    )
    return ada


def may(who, channel="email", sender="us"):
    return may_contact.may_contact(who, channel, sender, "marketing", timezone.now()).reason


def enter(page: Page, customer) -> None:
    """Let the browser of `page` be that of a customer who gave a code."""
    visitor = visiting(customer, browser=page.evaluate("navigator.userAgent"))
    page.context.add_cookies(
        [
            {
                "name": visits.COOKIE_NAME,
                "value": visitor.cookies[visits.COOKIE_NAME].value,
                "path": "/",
                "domain": urlsplit(page.url).hostname,
            }
        ]
    )


def test_anybody_stops_marketing_on_a_telephone(ada, page_at):
    page = page_at(PHONE, javascript=False)
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Stop marketing").click()
    page.get_by_label("Your full name").fill("Ada Lovelace")
    page.get_by_role("button", name="Stop marketing").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("at least one of them")
    summary.get_by_role("link").click()
    expect(page.get_by_label("Email address")).to_be_in_viewport()
    expect(page.get_by_label("Your full name")).to_have_value("Ada Lovelace")
    page.get_by_label("Email address").fill("Ada@Example.org")
    page.get_by_role("button", name="Stop marketing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have stopped it")
    reference = MarketingRequest.objects.get().reference
    expect(page.get_by_text(reference)).to_be_visible()
    page.reload()
    expect(page.get_by_text(reference)).to_be_visible()
    assert may(contact_digests.email("ada@example.org")) == "objected"
    work()
    assert may(contact_digests.email("ada@work.example")) == "objected"
    assert (MarketingRequest.objects.get().state, Message.objects.get().recipient) == (
        "done",
        "ada@example.org",
    )


def test_a_browser_without_cookies_loses_nothing(page_at):
    page = page_at(DESK)
    page.goto("/marketing/")
    page.get_by_label("Telephone number").fill("07700 900123")
    page.context.clear_cookies()
    page.get_by_role("button", name="Stop marketing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have stopped it")
    assert page.context.cookies() == []


def test_a_link_is_pressed_by_a_program_and_by_a_person(ada, page_at):
    links = {
        address: f"/u/{one_click.token_maker()(address, None)}/"
        for address in ("ada@example.org", "zoe@example.org")
    }
    answer = Client(enforce_csrf_checks=True).post(
        links["zoe@example.org"],
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )
    assert (answer.status_code, may(contact_digests.email("zoe@example.org"))) == (200, "objected")
    page = page_at(PHONE, javascript=False)
    page.goto(links["ada@example.org"])
    page.reload()
    assert may(contact_digests.email("ada@example.org")) == "no_consent"
    page.get_by_role("button", name="Stop these emails").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stopped")
    page.get_by_role("button", name="Stop all marketing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stopped")
    assert may(contact_digests.email("ada@example.org"), "online_profiling") == "objected"


def test_a_customer_with_a_code_allows_and_takes_back(ada, notice, page_at):
    page = page_at(PHONE, javascript=False)
    page.goto("/your-choices/")
    page.get_by_label("Your email address or telephone number").fill("ada@example.org")
    page.get_by_role("button", name="Send me a code").click()
    work()
    page.get_by_label("The code").fill(re.search(r"\d{4} \d{4}", Message.objects.get().text)[0])
    page.get_by_role("button", name="Go on").click()
    partner = page.get_by_role("region", name="Example Home and Garden Ltd").get_by_role(
        "group", name="Email"
    )
    expect(partner).to_contain_text("you have not given it")
    partner.get_by_text("Agree to this").click()
    partner.get_by_label("This is for").select_option("ad…@work.example")
    partner.get_by_role(
        "checkbox", name="may give Example Home and Garden Ltd my name and email address"
    ).check()
    page.get_by_role("button", name="Save my choices").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your choices are saved")
    assert (
        may(ada, sender="example-partner"),
        may(contact_digests.email("ada@example.org"), sender="example-partner"),
    ) == ("consent", "no_consent")
    page.get_by_role("link", name="Back to your choices").click()
    expect(partner).to_contain_text("You agreed to this.")
    partner.get_by_role("checkbox", name="Stop this").check()
    page.get_by_role("button", name="Save my choices").click()
    page.get_by_role("link", name="Back to your choices").click()
    expect(partner).to_contain_text("We were told to stop.")
    page.get_by_role("button", name="Stop everything").click()
    expect(page.get_by_role("listitem").filter(has_text="all other organisations")).to_have_count(6)
    assert may(ada, "post") == "objected"


def test_every_page_can_be_used_by_everybody(ada, notice, page_at, sound):
    page = page_at(PHONE)

    page.goto("/marketing/")
    sound(page)
    page.get_by_label("Telephone number").fill("12")
    page.get_by_role("button", name="Stop marketing").click()
    sound(page)
    page.get_by_role("button", name="Send it as it is").click()
    sound(page)
    page.goto("/marketing/")
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Telephone number").fill("12")
    page.get_by_role("button", name="Stop marketing").click()
    sound(page)
    for address in (
        "/marketing/stopped/x/",
        "/u/x/",
        f"/u/{one_click.token_maker()('ada@example.org', ada.pk)}/",
    ):
        page.goto(address)
        sound(page)
    page.get_by_role("button", name="Stop these emails").click()
    sound(page)
    page.get_by_role("button", name="Stop all marketing").click()
    sound(page)
    enter(page, ada)
    page.goto("/your-choices/")
    for fold in page.get_by_text("Agree to this").all():
        fold.click()
    sound(page)
    page.get_by_role("button", name="Save my choices").click()
    sound(page)
    page.get_by_role("button", name="Stop everything").click()
    sound(page)


def test_nothing_offends_the_security_policy(ada, notice, page_at):
    page = page_at(DESK, strict=True)
    page.goto("/marketing/")
    enter(page, ada)
    for address in ("/your-choices/", f"/u/{one_click.token_maker()('ada@example.org', ada.pk)}/"):
        page.goto(address)
    assert page.complaints == []


def test_following_every_link_of_every_email_changes_nothing(ada, notice, page_at):
    page = page_at(DESK, javascript=False)
    page.goto("/marketing/")
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_role("button", name="Stop marketing").click()
    enter(page, ada)
    page.goto("/your-choices/")
    page.get_by_role("button", name="Stop everything").click()
    before = ChoiceEvent.objects.count()
    texts = [text for message in Message.objects.all() for text in (message.text, message.html)]
    links = {
        link for text in texts for link in re.findall(r"https?://[^/\s\"<]+(/[^\s\"<]*)", text)
    }
    assert "/your-choices/" in links
    for link in [*links, *links]:
        page.goto(link)
    assert ChoiceEvent.objects.count() == before
