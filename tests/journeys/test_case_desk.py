"""Case work in a real browser: from the list to the answer, at a desk's width and a phone's."""

import datetime
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case
from compliance.casework.actions import intake, work
from customers.matching import Given
from customers.outbox.models import Message
from tests.casework.desk import STAFF, ada, opened
from tests.factories import OutcomeFactory, PackFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/admin/cases/case/"


def days_ago(days):
    return timezone.now() - datetime.timedelta(days=days)


@pytest.fixture
def customer():
    return ada(customer_number="C0000777")


@pytest.fixture
def cases(customer, agent):
    """One of each urgency, and some that wait or are closed."""
    late, fresh = (
        opened(at=days_ago(40)),
        opened(at=days_ago(1), words="Send me everything.\nAlso the notes."),
    )
    soon = opened(CaseKind.ERASURE, at=days_ago(26))
    (
        opened(CaseKind.COMPLAINT, at=days_ago(3)),
        opened(CaseKind.AGENCIES, at=days_ago(2), email="bob@example.org"),
    )
    waiting = work.ask(
        opened(CaseKind.PORTABILITY, at=days_ago(50)),
        what="identity",
        ground="details-differ",
        text="Who are you?",
        reason="Another name than on file.",
        by=STAFF,
        now=days_ago(45),
    )
    work.assign(late, to=agent, by=STAFF, now=days_ago(30))
    work.withdraw(
        opened(CaseKind.RESTRICTION, at=days_ago(20)), reason="Rang.", by=STAFF, now=days_ago(9)
    )
    return {"late": late, "fresh": fresh, "soon": soon, "waiting": waiting}


def test_from_the_list_to_the_answer(page_at, agent, cases, sound, width):
    page = page_at(width, staff=agent)
    case = cases["fresh"]
    page.goto("/admin/")
    sound(page, "first")
    page.get_by_role("link", name="is overdue").click()
    expect(page.get_by_role("heading", name="Requests")).to_be_visible()
    sound(page, "list-overdue")
    page.goto(LIST)
    sound(page, "list")
    page.get_by_role("link", name=case.reference).click()
    expect(page.get_by_role("heading", name="What they ask")).to_be_visible()
    sound(page, "case")
    page.get_by_role("link", name="Ask what they mean").click()
    expect(page.get_by_text("Goes to the person")).to_be_visible()
    sound(page, "ask")
    page.get_by_role("button", name="Ask, and stop the clock").click()
    expect(page.get_by_text("Write what the person reads.").first).to_be_visible()
    sound(page, "ask-error")
    page.get_by_label("What do you need to know?").fill("Which of your two accounts do you mean?")
    page.get_by_role("button", name="Ask, and stop the clock").click()
    expect(page.get_by_text("They are asked. The case waits for them.")).to_be_visible()
    sound(page, "waiting")
    page.get_by_role("link", name="They answered our question").click()
    page.get_by_label("What did they answer?").fill("The one of 2019.")
    page.get_by_role("button", name="Record that it came").click()
    expect(page.get_by_text("They said", exact=True)).to_be_visible()
    page.get_by_role("link", name="It is clear who asks").click()
    expect(page.get_by_text("Stays inside.")).to_be_visible()
    page.get_by_label("We called back on the number on file").check()
    sound(page, "identified")
    page.get_by_role("button", name="It is clear who asks").click()
    expect(page.get_by_role("link", name="Answer, and close")).to_have_count(0)
    PackFactory(customer=case.customer, reference=case.reference, released=True)
    OutcomeFactory(
        case=case, effect="release_copy"
    )  # it is prepared and released in a journey of its own (test_access)
    page.reload()
    page.get_by_role("link", name="Answer, and close").click()
    expect(page.get_by_label("What do we answer?")).to_be_visible()
    sound(page, "complete")
    page.get_by_label("What do we answer?").fill("Here is a copy of your data.")
    page.get_by_role("button", name="Answer, and close").click()
    expect(page.get_by_text("The answer is on its way, and the case is closed.")).to_be_visible()
    sound(page, "closed")
    case.refresh_from_db()
    assert case.status == "completed"
    assert [
        one.kind for one in Message.objects.filter(of_case__case=case).order_by("queued_at")
    ] == ["case_clarification", "case_completion"]


def test_logging_a_call_in_one_form(page_at, agent, customer, sound, width):
    page = page_at(width, staff=agent)
    page.goto(f"/admin/customers/customer/{customer.pk}/change/")
    sound(page, "customer")
    page.get_by_role("link", name="Erasure", exact=True).click()
    expect(page.get_by_label("In their words")).to_be_visible()
    sound(page, "log")
    page.get_by_label("In their words").fill("Please forget me.")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("The reference to read out")).to_be_visible()
    case = Case.objects.get()
    assert (case.kind, case.customer, case.received_on) == (
        "erasure",
        customer,
        timezone.localdate(),
    )
    sound(page, "logged")


def test_every_form_is_sound_and_says_where_it_goes(page_at, agent, cases, sound, width):
    page = page_at(width, staff=agent)
    for code in (
        "note",
        "write",
        "refuse",
        "partly",
        "extend",
        "withdraw",
        "reach",
        "assign",
        "match",
        "heard",
        "file",
        "ask-identity",
        "ask-fee",
        "identified",
    ):
        assert page.goto(f"{LIST}{cases['soon'].pk}/do/{code}/").ok, code
        sound(page, f"do-{code}")
        inside = page.locator(".goes-inside").count()
        assert inside + page.locator(".goes-outside").count() == 1, code
    for name in ("late", "waiting"):
        assert page.goto(f"{LIST}{cases[name].pk}/change/").ok
        sound(page, f"case-{name}")


def test_nothing_is_open(page_at, agent, sound, width):
    page = page_at(width, staff=agent)
    page.goto(LIST)
    sound(page, "list-empty")


def test_a_scan_is_added_and_comes_back(page_at, agent, cases, sound, tmp_path):
    scan = tmp_path / "letter.pdf"
    scan.write_bytes(b"%PDF-1.7 a scan")
    page = page_at(staff=agent)
    page.goto(f"{LIST}{cases['fresh'].pk}/do/file/")
    page.get_by_label("Which file?").set_input_files(scan)
    page.get_by_role("button", name="Add the file").click()
    sound(page, "file-added")
    with page.expect_download() as download:
        page.get_by_role("link", name="letter.pdf").click()
    assert Path(download.value.path()).read_bytes() == b"%PDF-1.7 a scan"


def test_whose_it_is_takes_one_click(page_at, agent, customer, sound):
    given = Given(name="A. Lovelace", address="12 Mill Lane\nBD1 1AA")
    case = intake.take(
        kind=CaseKind.ACCESS,
        channel="letter",
        given=given,
        token="0d9a7c3e-1c1f-4f55-9d3e-5a5f0f3b7a10",
        by=STAFF,
        now=days_ago(1),
    )
    case.customer = None
    case.save(update_fields=["customer"])
    page = page_at(staff=agent)
    page.goto(f"{LIST}{case.pk}/change/")
    sound(page, "proposals")
    page.get_by_role("button", name="This is the customer").first.click()
    expect(page.get_by_text("Matched to that customer.")).to_be_visible()
