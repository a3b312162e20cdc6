"""The lead changes the words of a letter, with and without JavaScript, at a phone's and a desk's
width."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from accounts.roles import Role
from compliance.cases.models import Letter
from tests.factories import StaffFactory
from tests.journeys.conftest import DESK, PHONE
from tests.letters.letters import POST, case_of, write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/admin/cases/letterwording/"


@pytest.fixture
def lead(live_server):
    call_command("load_register", verbosity=0)
    return StaffFactory(staff_id="lead", role=Role.DATA_PROTECTION_LEAD)


@pytest.mark.parametrize(("width", "javascript"), [(PHONE, True), (DESK, False)])
def test_the_lead_changes_the_words_of_a_letter(lead, page_at, width, javascript):
    page = page_at(width, javascript=javascript, staff=lead)
    page.goto(LIST)
    page.get_by_role("link", name="Refusal").click()
    page.get_by_label("Opening").fill("{asked} Received on {recieved_on}.")
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.get_by_text("Did you mean {received_on}?").first).to_be_visible()
    page.get_by_label("Opening").fill("{asked} We received this on {received_on}.\n\nNo, sorry.")
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.locator(".letter-preview").get_by_text("No, sorry.")).to_be_visible()
    page.get_by_label("Why this change?").fill("Warmer.")
    page.get_by_role("button", name="Save as the next version").click()
    expect(page.get_by_text("Version 1 is saved")).to_be_visible()


def test_the_preview_as_pdf_is_a_file(lead, page_at):
    page = page_at(DESK, staff=lead)
    page.goto(f"{LIST}completion/words/")
    with page.expect_download() as file:
        page.get_by_role("button", name="Preview as PDF").click()
    assert file.value.suggested_filename == "preview-completion.pdf"


def test_the_pages_are_accessible(lead, page_at, width, sound):
    row = write(case_of(given=POST), Letter.ACKNOWLEDGEMENT)
    page = page_at(width, staff=lead)
    for url in (
        LIST,
        f"{LIST}refusal/words/",
        f"{LIST}{row.wording_id}/change/",
        "/admin/outbox/message/letters/",
        f"/admin/outbox/message/{row.message_id}/change/",
    ):
        page.goto(url)
        sound(page)
