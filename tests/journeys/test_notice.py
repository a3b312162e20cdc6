"""A customer reads the notice, on a phone and on a desk, with JavaScript and without; the lead
edits and publishes.
"""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.roles import Role
from compliance.register import actions, models, publishing
from tests.factories import StaffFactory
from tests.journeys.conftest import DESK, PHONE
from tests.register.ready import ready_to_publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = [
    "/",
    "/privacy/",
    "/privacy/versions/",
    "/privacy/versions/1/",
    "/privacy/versions/2/changes/",
    "/nowhere/",
]


@pytest.fixture
def two_versions(live_server) -> None:
    actions.load(by="job:tests")
    ready_to_publish()
    publishing.publish(summary="The first notice.", by="job:tests", now=timezone.now())
    models.RetentionRule.objects.filter(code="prize-entry").update(period=9)
    publishing.publish(
        summary="Prize draw entries stay three months longer.", by="job:tests", now=timezone.now()
    )


@pytest.fixture
def lead(live_server):
    return StaffFactory(staff_id="lead", role=Role.DATA_PROTECTION_LEAD)


def test_public_pages_can_be_used_by_everybody(two_versions, page_at, sound, width):
    page = page_at(width)
    for address in PUBLIC:
        page.goto(address)
        sound(page)


def test_before_the_first_notice(page_at, sound):
    page = page_at(PHONE)
    for address in ("/privacy/", "/privacy/versions/"):
        page.goto(address)
        expect(page.get_by_role("main")).to_contain_text("being prepared")
        sound(page)


def test_nothing_offends_the_security_policy(two_versions, page_at):
    page = page_at(DESK, strict=True)
    for address in PUBLIC[:-1]:
        page.goto(address)
    assert page.complaints == []


def test_the_contents_lead_to_each_part_on_a_phone(two_versions, page_at):
    page = page_at(PHONE, javascript=False)
    page.goto("/privacy/")
    page.get_by_text("On this page").locator("visible=true").click()
    page.get_by_role("link", name="How long we keep it").locator("visible=true").click()
    expect(page).to_have_url(page.url.split("#")[0] + "#how-long")
    expect(page.get_by_role("heading", name="How long we keep it")).to_be_in_viewport()


def test_a_row_of_a_table_reads_by_itself_on_a_phone(two_versions, page_at):
    page = page_at(PHONE)
    page.goto("/privacy/#who-receives-it")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Experian Ltd"))
    label = row.locator("td").first.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert "What they receive" in label
    assert row.bounding_box()["width"] <= PHONE


def test_the_keyboard_skips_to_the_text(two_versions, page_at):
    page = page_at(DESK)
    page.goto("/privacy/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main part")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_from_an_old_version_to_what_changed(two_versions, page_at):
    page = page_at(PHONE, javascript=False)
    page.goto("/privacy/versions/")
    page.get_by_role("link", name="Version 1", exact=True).click()
    expect(page.get_by_role("note")).to_contain_text("This is an old version.")
    page.get_by_role("link", name="Read the notice in force").click()
    page.get_by_role("link", name="What changed").click()
    expect(page.locator(".changed del")).to_have_text("[removed: 6]")
    expect(page.locator(".changed ins")).to_have_text("[added: 9]")


def test_paper_shows_the_text_and_no_menus(two_versions, page_at):
    page = page_at(DESK)
    page.goto("/privacy/")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("heading", name="How long we keep it")).to_be_visible()


def test_the_lead_changes_a_period_and_publishes_without_javascript(two_versions, lead, page_at):
    page = page_at(DESK, javascript=False, staff=lead)
    rule = models.RetentionRule.objects.get(code="prize-entry")
    page.goto(reverse("admin:register_retentionrule_change", args=[rule.pk]))
    page.get_by_label("Period").fill("12")
    page.get_by_label("Why this change?").fill("A second draw in spring.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(reverse("admin:register_retentionrule_confirm") + f"?ids={rule.pk}")
    page.get_by_label("Why this change?").fill("The board agreed.")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("One rule is confirmed.")).to_be_visible()
    page.goto("/admin/")
    page.get_by_role("link", name="The register has changed since version 2").click()
    expect(page.locator(".changed ins")).to_have_text("[added: 12]")
    page.get_by_label("What changed?").fill("Prize draw entries stay for a year.")
    page.get_by_role("button", name="Publish this notice").click()
    expect(page.get_by_text("Version 3 is published.")).to_be_visible()
    page.goto("/privacy/")
    expect(page.get_by_role("main")).to_contain_text("12 months from the day the draw closed")


def test_the_lead_s_pages_can_be_used_by_everybody(two_versions, lead, page_at, sound, width):
    page = page_at(width, staff=lead)
    rule, purpose = (
        models.RetentionRule.objects.get(code="prize-entry"),
        models.Purpose.objects.get(code="orders"),
    )
    models.RetentionRule.objects.filter(code="prize-winner").update(period=3)
    for address in (
        reverse("admin:register_retentionrule_changelist"),
        reverse("admin:register_retentionrule_change", args=[rule.pk]),
        reverse("admin:register_retentionrule_confirm") + f"?ids={rule.pk}",
        reverse("admin:register_purpose_changelist"),
        reverse("admin:register_purpose_change", args=[purpose.pk]),
        reverse("admin:register_purpose_history", args=[purpose.pk]),
        reverse("admin:register_purpose_add"),
        reverse("admin:register_recipient_changelist"),
        reverse("admin:register_recipient_add"),
        reverse("admin:register_noticeversion_changelist"),
        reverse("admin:register_noticeversion_draft"),
        reverse("admin:register_noticeversion_preview"),
    ):
        page.goto(address)
        sound(page)


def test_the_lead_s_pages_keep_the_security_policy(two_versions, lead, page_at):
    page = page_at(DESK, strict=True, staff=lead)
    purpose = models.Purpose.objects.get(code="orders")
    for address in (
        reverse("admin:register_purpose_change", args=[purpose.pk]),
        reverse("admin:register_retentionrule_changelist"),
        reverse("admin:register_noticeversion_draft"),
    ):
        page.goto(address)
    assert page.complaints == []
