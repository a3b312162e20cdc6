"""A customer shows on a telephone, without JavaScript, that it is them; the care team prints a
letter."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import StaffUser
from accounts.roles import Role
from customers.identity import visits
from customers.outbox import messages
from customers.outbox.models import Message
from tests import factories as make
from tests.jobs.working import work
from tests.journeys.conftest import DESK, PHONE
from tests.visiting import visiting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_a_code_from_the_telephone(page_at):
    ada = make.CustomerFactory(customer_number="C0001234")
    make.ContactPointFactory(customer=ada, value="ada@example.org")
    page = page_at(PHONE, javascript=False)
    page.goto("/prove/?next=/prove/")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("alert")).to_contain_text("Give your email address or telephone number")
    page.get_by_label("Your email address or telephone number").fill("ada@example.org")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Type your code")
    page.get_by_label("The code").fill("1")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("That code did not work.")
    work()
    page.get_by_label("The code").fill(re.search(r"\d{4} \d{4}", Message.objects.get().text)[0])
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have shown that it is you")
    bar = page.get_by_role("region", name="Your visit")
    expect(bar).to_contain_text("Customer …1234")
    page.goto("/prove/code/")
    expect(bar).to_be_visible()  # on every page while it lasts
    bar.get_by_role("button", name="End").click()
    expect(page.get_by_role("status")).to_contain_text("Your visit has ended.")
    expect(bar).to_have_count(0)


def test_each_page_is_accessible(page_at, sound):
    page = page_at(PHONE)
    for address in ("/prove/", "/prove/code/", "/prove/?ended=1"):
        page.goto(address)
        sound(page)
    page.get_by_role("button", name="Send me a code").click()
    sound(page)
    visitor = visiting(make.CustomerFactory(), browser=page.evaluate("navigator.userAgent"))
    page.context.add_cookies(
        [
            {
                "name": visits.COOKIE_NAME,
                "value": visitor.cookies[visits.COOKIE_NAME].value,
                "url": page.url,
            }
        ]
    )
    page.goto("/prove/")
    expect(page.get_by_role("region", name="Your visit")).to_be_visible()
    sound(page)


@pytest.fixture
def letter():
    return messages.queue(
        kind="cra_disclosure",
        key="l:1",
        means="letter",
        by="job:test",
        now=timezone.now(),
        recipient="Ms Ada Okafor\n1 Mill Lane\nBradford\nBD1 1AA",
        subject="The agencies that we asked",
        text="Dear Ada,\n\nHere they are.\n",
    )


def test_a_letter_is_printed_and_posted(page_at, letter, sound):
    agent = StaffUser.objects.create_user("agent", role=Role.CARE_AGENT)
    page = page_at(DESK, staff=agent)
    page.goto("/admin/")
    page.get_by_role("link", name="1 letter waits to be printed and posted.").click()
    sound(page)
    page.get_by_role("button", name="Print the ticked letters").click()
    sound(page)
    page.emulate_media(media="print")
    window = page.locator(".window").bounding_box()
    assert round(window["x"] / 96 * 25.4) == 20  # millimetres
    assert round(window["y"] / 96 * 25.4) == 53
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Printed and posted").click()
    expect(page.get_by_text("1 letter is marked as posted.")).to_be_visible()
    expect(page.get_by_text("No letter waits to be printed.")).to_be_visible()
    page.goto(f"/admin/outbox/message/{letter.pk}/change/")
    sound(page)


def test_nothing_offends_the_policy(page_at, letter):
    page = page_at(
        DESK, staff=StaffUser.objects.create_user("agent", role=Role.CARE_AGENT), strict=True
    )
    for address in (
        "/prove/",
        "/prove/code/",
        "/admin/outbox/message/",
        "/admin/outbox/message/letters/",
        f"/admin/outbox/message/{letter.pk}/change/",
    ):
        page.goto(address)
    page.goto("/admin/outbox/message/letters/")
    page.get_by_role("button", name="Print the ticked letters").click()
    assert page.complaints == []
