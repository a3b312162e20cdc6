"""What requests bring about, in a real browser: erased with every line told, corrected, restricted,
and a file."""

import datetime
import re
import zipfile

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from compliance import outcomes
from compliance.access.models import Pack
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Restriction
from compliance.disclosures.models import Instruction
from customers.outbox.models import Message
from tests import factories as make
from tests.jobs.working import work
from tests.journeys.conftest import DESK, PHONE
from tests.outcomes.effects import ada, case_of, received, register

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = datetime.date


@pytest.fixture(autouse=True)
def _register(db):
    register()


def opened(customer, kind, **rest):
    return case_of(customer, kind, now=timezone.now() - datetime.timedelta(days=2), **rest)


def test_erased_and_told_line_by_line(page_at, lead, sound, width):
    customer = ada()
    make.OrderLineFactory.create_batch(
        2,
        order=make.OrderFactory(customer=customer, placed_on=DAY(2024, 12, 1)),
        supplied_on=DAY(2024, 12, 3),
    )
    (
        make.PaymentCardFactory(customer=customer, expires_on=DAY(2028, 6, 30)),
        make.ContactNoteFactory(customer=customer),
    )
    make.FraudMarkerFactory(customer=customer)
    received(customer, "alpha", "beta")
    case, page = opened(customer, CaseKind.ERASURE), page_at(width, staff=lead)
    page.goto(f"/admin/cases/case/{case.pk}/change/")
    sound(page, "case")
    page.get_by_role("link", name="Erase what nothing keeps").click()
    expect(page.get_by_role("row", name="Payment cards")).to_contain_text("Erased")
    expect(page.get_by_role("row", name="Orders")).to_contain_text("until")
    expect(page.get_by_text("raud")).to_have_count(0)
    sound(page, "erase")
    page.get_by_role("button", name="Erase it for good").click()
    expect(page.get_by_role("link", name="Read the list, and tick this.")).to_be_visible()
    sound(page, "erase-fault")
    page.get_by_label("I have read").check()
    page.get_by_role("button", name="Erase it for good").click()
    expect(page.get_by_text("Done: erase what nothing keeps.")).to_be_visible()
    page.goto(f"/admin/cases/case/{case.pk}/do/partly/")
    page.get_by_label("Each kind of record has its own reason").check()
    page.locator("textarea").first.fill("We erased what we may.")
    page.get_by_role("button", name="Answer in part, and close").click()
    expect(page.get_by_text("The answer is on its way")).to_be_visible()
    answer = Message.objects.get(of_case__letter="partly").text
    assert "Payment cards (1 record)" in answer
    assert "Erased" in answer
    assert "Alpha" in answer
    assert "raud" not in answer


def test_an_erasure_leaves_what_two_other_requests_need(page_at, lead, sound, width):
    customer = ada()
    make.ContactNoteFactory.create_batch(2, customer=customer)
    make.PaymentCardFactory(customer=customer, expires_on=DAY(2028, 6, 30))
    access, moving = opened(customer, CaseKind.ACCESS), opened(customer, CaseKind.PORTABILITY)
    pack = make.PackFactory(customer=customer, reference=access.reference)
    case, page = opened(customer, CaseKind.ERASURE), page_at(width, staff=lead)
    page.goto(f"/admin/cases/outcome/case/{case.pk}/erase/")
    expect(page.get_by_text("what it needs stays until it is answered")).to_have_count(2)
    page.get_by_label(f"A copy of my data, {access.reference}").check()
    page.get_by_label("Why is that erased all the same?").fill("She no longer wants the copy.")
    page.get_by_label("I have read").check()
    page.get_by_role("button", name="Erase it for good").click()
    expect(page.get_by_text("with this choice stands above now").first).to_be_visible()
    sound(page, "erase-others")
    assert Pack.objects.filter(pk=pack.pk).exists()
    page.get_by_role("button", name="Erase it for good").click()
    expect(page.get_by_text("Done: erase what nothing keeps.")).to_be_visible()
    assert (customer.contact_notes.count(), customer.payment_cards.count()) == (0, 1)
    for one, says in ((access, "goes too"), (moving, "stays"), (case, "goes too")):
        page.goto(f"/admin/cases/case/{one.pk}/change/")
        expect(page.get_by_text("An erasure for this person was carried out").first).to_be_visible()
        expect(page.get_by_text(re.compile(says)).first).to_be_visible()


def test_three_rights_leave_a_copy_and_a_complaint_alone(page_at, lead, sound):
    """An objection, a restriction and a correction, while an access request with its copy and a
    complaint are open."""
    customer = ada()
    access, complaint = opened(customer, CaseKind.ACCESS), opened(customer, CaseKind.COMPLAINT)
    pack = make.PackFactory(customer=customer, reference=access.reference)
    others = [(one, one.status, one.due_on) for one in (access, complaint)]
    page, done = page_at(DESK, staff=lead), []
    for kind, effect, fills, ticks in (
        (
            CaseKind.OBJECTION,
            "objection",
            {"How were their reasons and ours weighed?": "Hers weigh more."},
            ("Upheld: we stop", "Debtor tracing"),
        ),
        (CaseKind.RESTRICTION, "restrict", {}, ("They need it for a legal claim",)),
        (CaseKind.RECTIFICATION, "correct", {"Surname": "Loveless"}, ()),
    ):
        case, label = opened(customer, kind), outcomes.EFFECTS[effect].label
        page.goto(f"/admin/cases/outcome/case/{case.pk}/{effect}/")
        for field, words in fills.items():
            page.get_by_label(field).fill(words)
        for tick in ticks:
            page.get_by_label(tick).check()
        page.locator("main form [type=submit]").last.click()
        expect(page.get_by_text(f"Done: {label[0].lower()}{label[1:]}.")).to_be_visible()
        expect(page.get_by_text(f"Carried out: {label}")).to_be_visible()
        done.append(f"Carried out in {case.reference}: {label}")
    assert Pack.objects.get().state == pack.state
    for one, status, due_on in others:
        one.refresh_from_db()
        assert (one.status, one.due_on) == (status, due_on)
        page.goto(f"/admin/cases/case/{one.pk}/change/")
        for words in done:
            expect(page.get_by_text(words)).to_be_visible()
        sound(page, f"beside-{one.kind}")


def test_a_recipient_is_told(page_at, agent, sound, width):
    customer = ada()
    received(customer, "alpha", "experian")
    case, page = opened(customer, CaseKind.RECTIFICATION), page_at(width, staff=agent)
    page.goto(f"/admin/cases/outcome/case/{case.pk}/correct/")
    sound(page, "correct")
    page.get_by_label("Surname").fill("Loveless")
    page.get_by_label("Email address", exact=True).fill("nonsense")
    page.get_by_role("button", name="Correct the record").click()
    expect(page.get_by_role("link", name="That is not a whole email address.")).to_be_visible()
    sound(page, "correct-fault")
    page.get_by_label("Email address", exact=True).fill("ada@example.net")
    page.get_by_role("button", name="Correct the record").click()
    expect(page.get_by_text("Done: correct the record.")).to_be_visible()
    page.goto("/admin/disclosures/instruction/")
    sound(page, "recipients")
    page.goto(f"/admin/disclosures/instruction/{Instruction.objects.first().pk}/change/")
    expect(page.get_by_text("says “Loveless” now")).to_be_visible()
    sound(page, "recipient")
    page.get_by_role("link", name="They were told").click()
    sound(page, "recipient-told")
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_role("link", name="They confirmed")).to_be_visible()


def test_a_restriction_from_its_beginning(page_at, agent, sound, width):
    customer = ada()
    case, page = (
        opened(customer, CaseKind.RESTRICTION, identified=False),
        page_at(width, staff=agent),
    )
    page.goto("/admin/")
    expect(page.get_by_text("marketing and erasure alone")).to_be_visible()
    sound(page, "first-page")
    page.goto(f"/admin/customers/customer/{customer.pk}/change/")
    expect(page.get_by_text("The use of their data is restricted")).to_be_visible()
    sound(page, "customer")
    page.goto(f"/admin/cases/outcome/case/{case.pk}/restrict/")
    sound(page, "restrict")
    page.get_by_label("They need it for a legal claim").check()
    page.get_by_role("button", name="Confirm the restriction").click()
    expect(page.get_by_text("Done: confirm the restriction.")).to_be_visible()
    page.goto("/admin/cases/restriction/")
    sound(page, "restrictions")
    page.goto(f"/admin/cases/restriction/{Restriction.objects.get().pk}/change/")
    sound(page, "restriction")
    page.get_by_role("link", name="Tell them that it will be lifted").click()
    sound(page, "warn")


@pytest.mark.parametrize(
    ("kind", "effect"),
    [
        (CaseKind.ACCESS, "prepare_copy"),
        (CaseKind.OBJECTION, "objection"),
        (CaseKind.REVIEW, "review"),
        (CaseKind.COMPLAINT, "complaint"),
        (CaseKind.PORTABILITY, "make_file"),
        (CaseKind.RECTIFICATION, "statement"),
        (CaseKind.MARKETING, "stop_marketing"),
    ],
)
def test_every_form_is_sound(page_at, agent, sound, kind, effect, width):
    case, page = opened(ada(), kind), page_at(width, staff=agent)
    page.goto(f"/admin/cases/outcome/case/{case.pk}/{effect}/")
    sound(page, effect)
    page.locator("form input[type=submit], form button[type=submit]").last.click()
    sound(page, f"{effect}-pressed")


def test_the_lists_when_there_is_nothing(page_at, agent, sound, width):
    page = page_at(width, staff=agent)
    for name in ("outcome", "restriction", "datacopy", "statement"):
        page.goto(f"/admin/cases/{name}/")
        sound(page, f"empty-{name}")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_customer_fetches_their_file(page_at, agent, sound, tmp_path, javascript):
    customer = ada()
    case = opened(customer, CaseKind.PORTABILITY)
    outcomes.carry_out(case, "make_file", {}, by=agent.actor, now=timezone.now())
    page = page_at(PHONE, javascript=javascript)
    page.goto(f"/prove/?next=/your-data/requests/{case.reference}/")
    page.get_by_label("Your email address or telephone number").fill("ada@example.org")
    page.get_by_role("button", name="Send me a code").click()
    work()
    code = re.search(r"\d{4} \d{4}", Message.objects.get(kind="one_time_code").text)[0]
    page.get_by_label("The code").fill(code)
    page.get_by_role("button", name="Go on").click()
    if javascript:
        sound(page, "my-file")
    with page.expect_download() as download:
        page.get_by_role("button", name="Fetch my file").click()
    download.value.save_as(tmp_path / "mine.zip")
    assert "data.json" in zipfile.ZipFile(tmp_path / "mine.zip").namelist()
