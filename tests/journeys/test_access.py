"""Somebody asks for a copy on a telephone without JavaScript, two colleagues prepare it, and she
fetches it there.

What is looked for in the letter is what the law says that it must hold.
"""

import zipfile

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from compliance.access.models import Pack, PackFetch
from compliance.cases.models import Case
from compliance.register import actions as register
from customers.models import ContactNote
from tests import factories as make
from tests.access.copying import NOTE, asked, leave_out, prepared, released
from tests.jobs.working import work as run_jobs
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.test_requests_answered import REGULATOR, Story, ask, follow, told
from tests.journeys.test_requests_public import enter
from tests.letters.pdf import squeezed
from tests.portal.asking import make_ada

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COPY = Story("copy", "sar", {"Is there anything in particular?": "The note of March."}, (), ())
BOTH = (PHONE, DESK)


@pytest.fixture(autouse=True)
def _register(live_server):
    register.load(by="job:tests")


@pytest.fixture
def ada():
    ada = make_ada()
    make.OrderFactory(customer=ada)
    make.ContactNoteFactory(customer=ada, text=NOTE)
    make.FinancialLinkFactory(customer=ada, linked_person="Bertha Mason")
    return ada


def next_text(desk):
    """The text that is to be read now, in words."""
    expect(desk.get_by_role("heading", name="As they will read it")).to_be_visible()
    return desk.locator("#passage").inner_text()


def select_by_keyboard(desk, words):
    """Put the marks by keyboard alone: into the text, along its words, and Enter."""
    desk.locator("#passage").focus()
    desk.evaluate(
        "words => { const node = document.querySelector('#passage').lastChild;"
        "document.getSelection().collapse(node, node.data.indexOf(words)); }",
        words,
    )
    for _ in words.split():
        desk.keyboard.press("Shift+ArrowRight")
    desk.keyboard.press("Enter")


def test_from_the_question_to_the_download(ada, page_at, agent, lead, sound, mailoutbox, tmp_path):
    phone, reader, second = (
        page_at(PHONE, javascript=False),
        page_at(DESK, staff=agent),
        page_at(DESK, staff=lead),
    )
    case = Case.objects.get(reference=ask(phone, COPY))

    # The agent notes who it is, and reads.
    reader.goto(f"/admin/cases/case/{case.pk}/change/")
    reader.get_by_role("link", name="It is clear who asks").click()
    reader.get_by_label("They wrote from an email or postal address on file").check()
    reader.locator("form [type=submit]").last.click()
    reader.get_by_role("link", name="Prepare the copy").click()
    reader.get_by_role("button", name="Begin").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(
        f"Copy of data for {case.reference}"
    )
    sound(reader, "copy-begun")
    reader.get_by_role("link", name="Read the next text").click()
    while reader.get_by_role("heading", name="As they will read it").count():
        if NOTE in next_text(reader):
            expect(
                reader.get_by_text("The marks are proposed")
            ).to_be_visible()  # her link is known
            select_by_keyboard(reader, "about the parcel")
            expect(reader.locator(".passage-result")).to_contain_text("[redacted: other person]")
            sound(reader, "copy-text")
            reader.get_by_role("button", name="Take away the mark on about the parcel").click()
        reader.get_by_role("button", name="Note it as read, and go on").click()
        expect(reader.get_by_role("listitem").filter(has_text="Noted as read.")).to_be_visible()
    reader.get_by_role("button", name="Hand it to a second person").click()
    expect(reader.get_by_text("A colleague has to check it.")).to_be_visible()

    # The lead finds it on the desk's first page, sends it back once, and agrees.
    second.goto("/admin/")
    second.get_by_role("link", name="waits for a second person").click()
    second.get_by_role("link", name=case.reference).first.click()
    second.get_by_role("link", name="Check what was left out").click()
    expect(second.locator("mark").first).to_have_text("Bertha Mason")
    sound(second, "copy-check")
    second.get_by_label("What is to be changed?").fill("Look once more at the note.")
    second.get_by_role("button", name="Send it back").click()
    expect(second.get_by_text("It is with its reader again.")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("lead gave it back:")).to_be_visible()
    reader.get_by_role("button", name="Hand it to a second person").click()
    expect(reader.get_by_text("A colleague has to check it.")).to_be_visible()
    second.reload()
    second.get_by_role("link", name="Check what was left out").click()
    second.get_by_role("button", name="It is right: build it").click()
    expect(second.get_by_text("The copy is being built.").first).to_be_visible()
    run_jobs()

    # The agent releases it, and answers.
    reader.reload()
    sound(reader, "copy-built")
    reader.get_by_role("link", name="Release it").click()
    sound(reader, "copy-release")
    reader.get_by_role("button", name="Release it").click()
    reader.get_by_role("link", name="Answer, and close").click()
    reader.get_by_label("What do we answer?").fill("Here is your copy.")
    reader.get_by_role("button", name="Answer, and close").click()
    expect(reader.get_by_text("The answer is on its way")).to_be_visible()
    run_jobs()
    letter = told(case, mailoutbox)
    for words in (
        "Here is your copy.",
        "Ready for you until",
        "What is about other people",
        "every table of this portal",
        "erase it",
        "object to a use",
        *REGULATOR,
    ):
        assert squeezed(words) in letter

    # The reference alone shows that it is ready; a code of her own hands it out.
    follow(phone, case)
    expect(phone.get_by_role("heading", name="Your copy")).to_be_visible()
    expect(phone.get_by_role("button", name="Fetch my copy")).to_have_count(0)
    phone.get_by_role("button", name="End my visit").click()
    enter(phone, ada)
    phone.goto(f"/your-data/requests/{case.reference}/")
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Fetch my copy").click()
    download.value.save_as(tmp_path / "mine.zip")
    with zipfile.ZipFile(tmp_path / "mine.zip") as made:
        assert made.testzip() is None
        assert not any(b"Bertha" in made.read(name) for name in made.namelist())
    assert PackFetch.objects.get().by == f"customer:{ada.pk}"
    assert "Bertha Mason" in ContactNote.objects.get().text


def test_marking_without_javascript(ada, page_at, agent, sound):
    pack, desk = prepared(asked(ada)), page_at(DESK, staff=agent, javascript=False)
    desk.goto(f"/admin/access/pack/{pack.pk}/texts/customers.ContactNote/?left=1")
    expect(desk.get_by_text("Somebody else is named")).to_be_visible()
    desk.get_by_role("link", name="Mark words in it").click()
    expect(desk.get_by_role("button", name="Leave out what is selected")).to_have_count(0)
    desk.get_by_label("Or type the words to leave out").fill("the door")
    desk.get_by_role("button", name="Mark these").click()
    desk.get_by_text("Or choose whole sentences").click()
    desk.get_by_label("She wants it left at the door.").check()
    desk.get_by_label("Why is it left out?").select_option(
        label="Crime, fraud or tax: leaves no trace (paragraph 2)"
    )
    desk.get_by_role("button", name="Mark these").click()
    expect(desk.locator(".passage-result")).to_have_text(
        "Her neighbour [redacted: other person] called about the parcel."
    )
    desk.get_by_role("button", name="Note it as read, and go on").click()
    assert pack.readings.get(label="customers.ContactNote").redactions.count() == 2


def test_selecting_with_the_mouse(ada, page_at, agent):
    pack, desk = prepared(asked(ada)), page_at(DESK, staff=agent, strict=True)
    note = ContactNote.objects.get()
    desk.goto(f"/admin/access/pack/{pack.pk}/texts/customers.ContactNote/{note.pk}/text/")
    box = desk.locator("#passage").bounding_box()
    desk.mouse.dblclick(box["x"] + 25, box["y"] + 18)  # a double click selects the word
    desk.get_by_role("button", name="Leave out what is selected").click()
    expect(desk.locator(".passage-result")).to_contain_text("[redacted: other person] neighbour")
    assert desk.complaints == []


@pytest.mark.parametrize("width", BOTH)
def test_each_page_of_a_copy_is_sound(ada, page_at, agent, sound, width):
    desk = page_at(width, staff=agent)
    desk.goto("/admin/access/pack/")
    sound(desk, "copies-none")
    pack = prepared(case := asked(ada))
    leave_out(pack)
    start = f"/admin/access/pack/{pack.pk}"
    for path, name in (
        ("/texts/outbox.Message/", "copy-letters"),
        ("/texts/customers.ContactNote/", "copy-notes"),
        ("/records/customers.Order/", "copy-records"),
        ("/check/", "copy-check-early"),
    ):
        desk.goto(start + path)
        sound(desk, name)
    desk.goto(f"/admin/cases/outcome/case/{case.pk}/withdraw_copy/")
    sound(desk, "copy-withdraw")
    desk.get_by_label("What is wrong with it?").fill("A neighbour is in it.")
    desk.get_by_role("button", name="Withdraw it now").click()
    desk.goto(f"{start}/change/")
    sound(desk, "copy-withdrawn")
    released(case)
    desk.goto(f"/admin/access/pack/{Pack.objects.get(state='released').pk}/change/")
    sound(desk, "copy-released")
    desk.goto("/admin/access/pack/")
    sound(desk, "copies")
    desk.goto(f"/admin/cases/case/{case.pk}/change/")
    sound(desk, "case-with-copy")


@pytest.mark.parametrize("width", BOTH)
def test_the_customers_page_in_each_state(ada, page_at, sound, width):
    from tests.outcomes.effects import carry_out

    now = timezone.now()
    case, page = asked(ada, now=now), page_at(width)
    released(case, now=now)
    enter(page, ada)
    for name, change in (
        ("my-copy", lambda: None),
        ("my-copy-withdrawn", lambda: carry_out(case, "withdraw_copy", reason="A neighbour.")),
    ):
        change()
        page.goto(f"/your-data/requests/{case.reference}/")
        sound(page, name)
