"""Asking on a telephone without JavaScript, and following what was asked; each page as everybody
can use it."""

import datetime
import re
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case
from compliance.casework.actions import work
from compliance.register import actions as register
from customers.identity import visits
from customers.outbox.models import Message
from tests.jobs.working import work as run_jobs
from tests.journeys.conftest import DESK, PHONE
from tests.portal.asking import code, make_ada
from tests.visiting import visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STAFF, BOTH = "staff:1", (PHONE, DESK)


@pytest.fixture(autouse=True)
def _register(live_server):
    register.load(by="job:tests")


@pytest.fixture
def ada():
    return make_ada()


# What somebody fills in on each form.
ANSWERS = {
    "copy": {"Is there anything in particular?": "The kettle."},
    "agencies": {"Reference of the application": "APP-7"},
    "correct": {"What is wrong?": "My old house.", "What should it be?": "2 Mill Lane"},
    "delete": {"What, and why?": "Everything, please."},
    "object": {"What about you makes this a problem?": "I am in hiding."},
    "restrict": {"Which data, and what should you not do with it?": "My balance."},
    "move": {"Anything else?": "As soon as you can."},
    "decision": {"What should the person who looks at it know?": "I have a new job."},
    "complain": {"What happened?": "My statement went astray."},
}


def fill(page, answers, email="ada@example.org"):
    for label, answer in answers.items():
        page.get_by_label(label).fill(answer)
    page.get_by_label("Your full name").fill("Ada Lovelace")
    page.get_by_label("Your email address").fill(email)


def asked(page, slug, answers):
    """Send a form, and return the reference that the answer shows."""
    page.goto(f"/your-data/{slug}/")
    if slug == "complain":
        page.get_by_label("How you handle my personal data").check()
    fill(page, answers)
    page.locator("form.card-form button.button").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("We have your")
    run_jobs()
    return page.locator(".reference-number").inner_text()


def followed(page, reference):
    """Ask for the code of a request, and type it."""
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="Follow a request").click()
    page.get_by_label("The reference of your request").fill(reference.lower())
    page.get_by_role("button", name="Send me a code").click()
    run_jobs()
    page.get_by_label("The code").fill(code(reference))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Request {reference}")


def test_a_question_answered_and_a_request_taken_back(ada, page_at):
    page = page_at(PHONE, javascript=False)
    reference = asked(page, "copy", {})
    followed(page, reference)
    case = Case.objects.get()
    work.ask(
        case, what="clarification", text="Which kettle do you mean?", by=STAFF, now=timezone.now()
    )
    page.reload()
    expect(page.get_by_text("Which kettle do you mean?")).to_be_visible()
    expect(page.get_by_role("heading", name="Answer us")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Write something")
    page.get_by_label("Your message").fill("The red one.")
    page.get_by_label("Files").set_input_files(
        {"name": "kettle.png", "mimeType": "", "buffer": b"\x89PNG\r\n\x1a\n"}
    )
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("We have it.")
    expect(page.get_by_text("You sent a file: kettle.png")).to_be_visible()
    case.refresh_from_db()
    assert (case.status, case.paused) == ("open", False)
    page.get_by_role("link", name="Take this request back").click()
    page.get_by_role("button", name="Yes, take it back").click()
    expect(page.get_by_role("status")).to_contain_text("You took the request back.")


def test_faults_are_told_and_nothing_is_lost(page_at):
    page = page_at(PHONE, javascript=False)
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Complain", exact=True).click()
    page.get_by_label("What happened?").fill("You wrote to my neighbour.\nTwice.")
    page.get_by_label("Your email address").fill("ada at example")
    page.get_by_text("Add files").click()
    page.get_by_label("Files").set_input_files(
        {"name": "a.txt", "mimeType": "", "buffer": b"plain"}
    )
    page.get_by_role("button", name="Send my complaint").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Tick what your complaint is about")
    expect(summary).to_contain_text("Please choose your files once more")
    summary.get_by_role("link", name="That is not a whole email address").click()
    expect(page.get_by_label("Your email address")).to_be_in_viewport()
    expect(page.get_by_label("What happened?")).to_have_value("You wrote to my neighbour.\nTwice.")
    page.get_by_label("Credit:").check()
    page.get_by_role("button", name="Send my complaint").click()
    page.get_by_role("button", name="Send it as it is").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your complaint")
    expect(page.get_by_text("We could not read the email address as typed.")).to_be_visible()


def test_a_browser_without_cookies_loses_nothing(page_at):
    page = page_at(DESK)
    page.goto("/your-data/delete/")
    fill(page, {})
    page.context.clear_cookies()
    page.get_by_role("button", name="Ask to delete my data").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your request")
    assert page.context.cookies() == []


def enter(page, customer):
    """Let the browser of `page` be that of a customer who gave a code."""
    page.goto("/your-data/")
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


def test_a_customer_with_a_code_sees_all_in_one_place(ada, page_at, sound):
    page = page_at(DESK)
    asked(page, "copy", {})
    enter(page, ada)
    page.goto("/your-data/delete/")
    expect(page.get_by_label("Your full name")).to_have_count(0)
    sound(page, "proven-form")
    page.get_by_role("button", name="Ask to delete my data").click()
    sound(page, "proven-received")
    page.get_by_role("link", name="See your requests").click()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(2)
    sound(page, "mine")
    page.get_by_role("link", name="You asked us for a copy").click()
    sound(page, "claim")
    page.get_by_role("button", name="Yes, it is mine").click()
    expect(page.get_by_role("status")).to_contain_text("only to the address that we have on file")
    assert Case.objects.get(kind=CaseKind.ACCESS).identified_by == f"customer:{ada.pk}"


def test_every_page_can_be_used_by_everybody(ada, page_at, sound):
    page = page_at(DESK)
    for address in ("", "received/x/", "status/", "status/?ended=1", "status/code/"):
        page.goto(f"/your-data/{address}")
        sound(page, f"page-{address.replace('/', '-').strip('-')}")
    for slug in ANSWERS:
        page.goto(f"/your-data/{slug}/")
        for fold in page.locator("summary").all():
            fold.click()
        sound(page, f"form-{slug}", widths=[DESK] if slug == "copy" else [PHONE])
    page.get_by_label("Your email address").fill("ada at")
    page.get_by_role("button", name="Send my complaint").click()
    sound(page, "faults")
    reference = asked(page, "restrict", ANSWERS["restrict"])
    sound(page, "received")
    followed(page, reference)
    sound(page, "case")
    work.write(
        Case.objects.get(), text="Could you send us the envelope?", by=STAFF, now=timezone.now()
    )
    page.get_by_role("button", name="Send").click()
    sound(page, "case-faults")
    page.get_by_role("link", name="Take this request back").click()
    sound(page, "withdraw")
    Case.objects.update(due_on=timezone.localdate() - datetime.timedelta(days=3))
    page.goto(f"/your-data/requests/{reference}/")
    expect(page.get_by_text("Late: we are sorry")).to_be_visible()
    sound(page, "case-late")


def test_in_the_dark_it_reads_as_well(page_at, sound):
    page = page_at(PHONE)
    page.emulate_media(color_scheme="dark")
    for address in ("/", "/your-data/complain/", "/marketing/", "/prove/", "/privacy/"):
        page.goto(address)
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert max(int(part) for part in re.findall(r"\d+", ground)) < 64, ground
        sound(page)
    page.goto("/your-data/complain/")
    page.get_by_role("button", name="Send my complaint").click()
    expect(page.get_by_role("alert")).to_be_visible()
    sound(page)


def test_nothing_offends_the_security_policy(ada, page_at):
    page = page_at(DESK, strict=True)
    reference = asked(page, "copy", {})
    followed(page, reference)
    page.get_by_role("button", name="Send").click()
    enter(page, ada)
    for address in ("", "copy/", "requests/", "status/"):
        page.goto(f"/your-data/{address}")
    assert page.complaints == []


def test_following_every_link_of_every_email_changes_nothing(ada, page_at):
    page = page_at(DESK, javascript=False)
    reference = asked(page, "restrict", ANSWERS["restrict"])
    followed(page, reference)
    before = Case.objects.get().events.count()
    texts = "".join(f"{message.text}{message.html}" for message in Message.objects.all())
    links = set(re.findall(r"http://127.0.0.1:8000(/[^\s\"<.,]*)", texts))
    assert "/your-data/status/" in links
    for link in [*links, *links]:
        page.goto(link)
    assert Case.objects.get().events.count() == before
