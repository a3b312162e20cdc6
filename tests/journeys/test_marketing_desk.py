"""Marketing choices on the desk in a real browser, at a phone's width and a desk's, with JavaScript
and without."""

import datetime
import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from compliance.disclosures import instructions
from compliance.preferences import actions, intake
from compliance.preferences.channels import CHANNELS
from compliance.preferences.models import ChoiceEvent
from compliance.register.models import NoticeVersion, Recipient
from customers.desk import page_url
from customers.matching import Given
from tests import factories as make
from tests.journeys.conftest import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BASE, PARTNER = "/admin/preferences/", "example-partner"


@pytest.fixture
def ada():
    """Ada, who can be reached in three ways and whose data a partner has; and a notice in force."""
    Recipient.objects.create(
        code=PARTNER,
        name="Example Home and Garden Ltd",
        kind=Recipient.Kind.PARTNER,
        receives="Name.",
    )
    NoticeVersion.objects.create(
        number=1,
        content={"sections": []},
        digest="0" * 64,
        published_by="staff:1",
        published_at=timezone.now() - datetime.timedelta(days=1),
    )
    ada = make.CustomerFactory(customer_number="C0000777", given_names="Ada", surname="Okafor")
    make.ContactPointFactory(customer=ada, value="ada@example.org")
    make.ContactPointFactory(customer=ada, phone=True)
    make.ContactPointFactory(customer=ada, address=True, value="14 Mill Lane\nBradford\nBD1 1AA")
    make.DisclosureFactory(
        customer=ada,
        kind="partner_feed",
        recipient=PARTNER,
        recipient_name="Example Home and Garden Ltd",
    )
    return ada


@pytest.fixture
def asked(ada):
    """A request that nobody could match."""
    return intake.take(
        source="email",
        given=Given(name="A Okafor", email="home@example.net", address="Mill Lane\nBD1 1AA"),
        channels=["email"],
        senders=["us"],
        token=uuid.uuid4(),
        by="job:test",
        now=timezone.now(),
        words="Please stop.",
    )


@pytest.fixture
def withdrawn(ada):
    """Ada said no to all others, long enough ago that the partner should know."""
    then = timezone.now() - datetime.timedelta(days=30)
    actions.object_to(
        customer=ada,
        channels=list(CHANNELS),
        senders=["third_parties"],
        source="letter",
        by="staff:1",
        now=then,
    )
    row = ada.instructions.get()
    instructions.told([row.pk], on=timezone.localdate(then), by="staff:1", now=then)
    return row


@pytest.mark.parametrize("javascript", [True, False])
def test_a_caller_says_stop_and_two_clicks_do_it(page_at, agent, ada, sound, width, javascript):
    page = page_at(width, staff=agent, javascript=javascript)
    page.goto(page_url(ada.pk))
    page.get_by_role("link", name="Stop marketing", exact=True).click()
    expect(page.get_by_label("Recorded telephone calls")).to_be_checked()
    expect(page.get_by_label("All other organisations")).to_be_checked()
    if javascript:
        sound(page)
    page.get_by_role("button", name="Stop it now").click()
    expect(page.get_by_text("The reference to read out: M-")).to_be_visible()
    assert ChoiceEvent.objects.filter(customer=ada, kind="objection").count() == 12
    if javascript:
        for folded in page.locator("#marketing-choices details > summary").all():
            folded.click()
        sound(page)


def test_a_caller_agrees_and_nothing_is_kept_without_the_recording(
    page_at, agent, ada, sound, width
):
    page = page_at(width, staff=agent)
    page.goto(page_url(ada.pk))
    page.get_by_role("link", name="They agree to…").click()
    page.get_by_label("May Hartwell Home Shopping Ltd send you its offers by email?").check()
    page.get_by_role("button", name="Write down").click()
    expect(page.get_by_role("link", name="Give the reference of the recording")).to_be_visible()
    sound(page)
    page.get_by_label("Reference of the recording").fill("CALL-17")
    page.get_by_role("button", name="Write down").click()
    expect(
        page.get_by_text("They agreed to exactly this, and the proof is complete.")
    ).to_be_visible()


def test_somebody_who_is_no_customer(page_at, agent, sound, width):
    page = page_at(width, staff=agent)
    page.goto("/admin/customers/customer/")
    sound(page)
    page.get_by_role("link", name="Stop marketing for somebody who is not our customer").click()
    page.get_by_label("Email address").fill("rosa@")
    page.get_by_role("button", name="Stop it now").click()
    expect(page.get_by_role("link", name="That is not a whole email address.")).to_be_visible()
    sound(page)
    page.get_by_label("Email address").fill("rosa@example.net")
    page.get_by_role("button", name="Stop it now").click()
    expect(page.get_by_text("On the suppression list since")).to_be_visible()
    sound(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_request_finds_its_customer(page_at, agent, ada, asked, sound, width, javascript):
    page = page_at(width, staff=agent, javascript=javascript)
    page.goto("/admin/")
    page.get_by_role("link", name="1 request to stop marketing waits").click()
    expect(page.get_by_role("heading", level=1, name="Requests about marketing")).to_be_visible()
    if javascript:
        sound(page)
    page.get_by_role("link", name=asked.reference).click()
    expect(page.get_by_role("heading", level=1, name=asked.reference)).to_be_visible()
    if javascript:
        sound(page)
    page.get_by_role("button", name="This is the customer C0000777").click()
    expect(page.get_by_text(f"{asked.reference}: stopped for customer C0000777")).to_be_visible()
    expect(page.get_by_text("No request waits.")).to_be_visible()
    page.get_by_role("link", name="Done", exact=True).click()
    page.get_by_role("link", name=asked.reference).click()
    expect(page.get_by_role("link", name="Matched to this customer")).to_be_visible()
    if javascript:
        sound(page)


def test_a_partner_is_told_and_confirms(page_at, lead, withdrawn, sound, width):
    page = page_at(width, staff=lead)
    page.goto("/admin/")
    page.get_by_role("link", name="1 instruction was not confirmed in time").click()
    expect(page.get_by_role("heading", level=1, name="Instructions")).to_be_visible()
    sound(page)
    page.get_by_role("link", name="Example Home and Garden Ltd").first.click()
    expect(page.get_by_role("heading", level=1, name="Example Home and Garden Ltd")).to_be_visible()
    sound(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the file").click()
    assert download.value.suggested_filename.startswith("withdrawals-example-partner-")
    page.get_by_role("checkbox").first.check()
    page.get_by_label("On which day?").fill("2001-01-01")
    page.get_by_role("button", name="They confirmed those ticked").click()
    expect(page.get_by_text("They were told after that day.")).to_be_visible()
    sound(page)
    tick = page.get_by_role("row").get_by_role("checkbox").first
    expect(tick).to_be_checked()
    assert abs(tick.bounding_box()["y"] - page.get_by_role("row").nth(1).bounding_box()["y"]) < 40
    page.get_by_label("On which day?").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="They confirmed those ticked").click()
    expect(page.get_by_text("Noted: they confirmed 1.")).to_be_visible()
    page.goto(f"/admin/disclosures/instruction/{withdrawn.pk}/change/")
    sound(page)


def test_the_suppression_list_answers_and_shows_no_digest(page_at, lead, withdrawn, sound, width):
    page = page_at(width, staff=lead)
    page.goto(f"{BASE}suppression/")
    sound(page)
    page.get_by_role("link", name="Is this address or number on it?").click()
    page.get_by_label("Address or number").fill("ADA@example.org")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", name="Yes: it is suppressed")).to_be_visible()
    sound(page)
    page.get_by_label("Address or number").fill("nobody@example.org")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", name="No: it is not on the list")).to_be_visible()


def test_every_list_empty_and_full(page_at, lead, sound, width, request):
    page = page_at(width, staff=lead)
    lists = (
        "choiceevent",
        "marketingrequest",
        "suppression",
        "screening",
        "preferenceservicefile",
        "wording",
    )
    for name in lists:
        page.goto(f"{BASE}{name}/")
        expect(page.locator(".nothing")).to_be_visible()
        sound(page)
    for fixture in ("withdrawn", "asked"):
        request.getfixturevalue(fixture)
    for name in lists[:3]:
        page.goto(f"{BASE}{name}/")
        expect(page.locator("#result_list")).to_be_visible()
        sound(page)
    page.goto(f"{BASE}choiceevent/{ChoiceEvent.objects.first().pk}/change/")
    sound(page)


def test_nothing_is_refused_by_the_content_policy(page_at, lead, ada, withdrawn, asked):
    page = page_at(DESK, staff=lead, strict=True)
    for address in (
        f"choiceevent/stop/{ada.pk}/",
        f"choiceevent/agree/{ada.pk}/",
        "marketingrequest/",
        f"marketingrequest/{asked.pk}/change/",
        "marketingrequest/stranger/",
        "suppression/ask/",
        f"../disclosures/instruction/to/{PARTNER}/",
    ):
        page.goto(f"{BASE}{address}")
        assert page.complaints == [], address
