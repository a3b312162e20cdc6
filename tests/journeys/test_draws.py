"""Somebody enters a prize draw on a phone without JavaScript, and later checks how it was made; the
lead draws it."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.roles import Role
from customers.draws import draw_actions
from customers.draws.models import PrizeEntry
from tests import factories as make
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def draws(live_server):
    """One draw that is open, one to come, one that closed and one that was made."""
    now, today = timezone.now(), timezone.localdate()

    def draw(code, opens, closes, entries=0):
        made = make.PrizeDrawFactory(
            published=True,
            code=code,
            name=f"The {code} draw",
            opens_on=today + opens * DAY,
            closes_on=today + closes * DAY,
            winner_count=2,
        )
        make.PrizeEntryFactory.create_batch(entries, draw=made)
        return made

    draw("open", -5, 5), draw("coming", 5, 9), draw("closed", -9, -1, 6)
    made = draw("made", -9, -2, 6)
    evidence = draw_actions.run(made, by="job:tests", now=now)
    draw_actions.pass_on(made, evidence.winners[0], by="job:tests", now=now)


def fill(page, **values):
    given = {
        "Full name": "Ann O’Neill",
        "Email address": "ann@example.org",
        "Address line 1": "1 Mill Lane",
        "Town or city": "Bradford",
        "Postcode": "bd1 1aa",
        **values,
    }
    for label, value in given.items():
        page.get_by_label(label).fill(value)


def test_enter_on_a_phone_without_javascript(draws, page_at):
    page = page_at(PHONE, javascript=False)
    page.goto("/prize-draws/")
    page.get_by_role("link", name="The open draw").click()
    expect(page.get_by_text("Entering is not agreeing to marketing.")).to_be_visible()
    fill(page, Postcode="nowhere")
    page.get_by_role("button", name="Enter the draw").click()
    expect(page.get_by_role("alert")).to_contain_text("Give a UK postcode, such as BD1 1AA.")
    expect(page.get_by_label("Full name")).to_have_value("Ann O’Neill")
    page.get_by_label("Postcode").fill("bd1 1aa")
    page.get_by_label("Do not tell others my surname and town").check()
    page.get_by_role("button", name="Enter the draw").dblclick()
    expect(page.get_by_role("heading", name="Thank you. We have your entry")).to_be_visible()
    entry = PrizeEntry.objects.get(draw__code="open")
    expect(page.get_by_role("main")).to_contain_text(str(entry.ticket))
    assert entry.no_publicity


def test_every_page_can_be_used_by_everybody(draws, page_at, sound, width):
    page = page_at(width)
    for address in ("", "open/", "coming/", "closed/", "made/"):
        page.goto(f"/prize-draws/{address}")
        sound(page)
    page.goto("/prize-draws/open/")
    page.get_by_role("button", name="Enter the draw").click()
    expect(page.get_by_role("alert")).to_be_visible()
    sound(page)
    fill(page)
    page.get_by_role("button", name="Enter the draw").click()
    expect(page.get_by_text("Your ticket number")).to_be_visible()
    sound(page)


def test_no_draw_at_all(page_at, sound):
    page = page_at(PHONE)
    page.goto("/prize-draws/")
    expect(page.get_by_role("heading", name="There is no prize draw at the moment")).to_be_visible()
    sound(page)


def test_winning_tickets_and_how_to_check_them(draws, page_at):
    page = page_at(PHONE, javascript=False)
    page.goto("/prize-draws/")
    page.get_by_role("link", name="The made draw").click()
    page.get_by_role("link", name="See the winning tickets").click()
    expect(page.get_by_role("heading", name="The winning tickets")).to_be_in_viewport()
    expect(page.get_by_text("did not answer")).to_be_visible()
    expect(page.get_by_role("heading", name="How to check the draw")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the draw with every ticket number").click()
    assert download.value.suggested_filename == "made.json"


def test_lead_draws_from_the_first_page_of_the_desk(draws, page_at, sound, width):
    page = page_at(width, staff=make.StaffFactory(staff_id="lead", role=Role.DATA_PROTECTION_LEAD))
    page.goto("/admin/")
    page.get_by_role(
        "link", name=re.compile("The prize draw The closed draw closed on .* and is not drawn")
    ).click()
    expect(page.get_by_text("Closed: to draw")).to_be_visible()
    sound(page)
    page.get_by_role("link", name="Draw the winners").click()
    expect(page.get_by_role("button", name="Draw the winners")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Draw the winners").click()
    expect(page.get_by_text("2 drawn from 6 entries. The winners are written to.")).to_be_visible()
    sound(page)
    page.get_by_role("link", name="No answer: pass it on").first.click()
    page.get_by_role("button", name="Pass the prize to the next reserve").click()
    expect(page.get_by_text("The prize went to the reserve")).to_be_visible()
    page.goto("/admin/draws/prizedraw/")
    sound(page)


def test_nothing_offends_the_security_policy(draws, page_at):
    page = page_at(DESK, strict=True)
    for address in ("", "open/", "made/"):
        page.goto(f"/prize-draws/{address}")
    page.goto("/prize-draws/open/")
    fill(page)
    page.get_by_role("button", name="Enter the draw").click()
    expect(page.get_by_text("Your ticket number")).to_be_visible()
    assert page.complaints == []
