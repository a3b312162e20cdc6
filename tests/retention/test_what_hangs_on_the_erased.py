"""What hangs on somebody who is erased ends with them, or stays for a reason: every table that can
point to a person, by a key or by a value, is named here with what becomes of it."""

import datetime
import uuid

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from compliance.access.models import PackPart
from compliance.access.tasks import build_pack
from compliance.breaches.models import BreachPerson
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case, CaseChallenge, CaseVisit, Restriction, Task
from compliance.disclosures import instructions
from compliance.disclosures.models import Instruction
from compliance.mailbox.models import InboundMail
from compliance.outcomes import erasure, recipients
from compliance.portal.tasks import follow_up
from compliance.preferences import intake, one_click
from compliance.preferences.models import (
    ChoiceEvent,
    MarketingPermission,
    MarketingRequest,
    PendingSuppression,
    Suppression,
)
from compliance.retention.models import ErasedSubject, LegalHold
from customers.draws.models import PrizeEntry
from customers.identity.tasks import deliver_code
from customers.models import ContactPoint, CreditAccount, Customer
from customers.outbox.models import Message
from customers.outbox.tasks import send_message
from privacy.declarations import declarations, declared
from tests import factories as make
from tests.access.people import of_everything
from tests.outcomes.effects import BY, NOW, TODAY, ada, carry_out, case_of, register
from tests.visiting import visiting

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
GOES, STUB = "goes", "stays, and is nobody's but a random id's"
PROOF = "stays as proof of what was asked and done (UK GDPR Article 5(2)), and needs nobody"
NOBODY = "bears no person: random numbers, which lead to nobody once the entry is gone"
HOURS = "a keyed hash that counts, and is over within a day"

FATE = {
    "customers.Customer": "blanked: the bare row carries what stays",
    "customers.ContactPoint": GOES,
    "customers.PaymentCard": GOES,
    "customers.CreditAccount": GOES,
    "customers.FinancialLink": GOES,
    "customers.FraudMarker": GOES,
    "customers.ContactNote": GOES,
    "customers.Order": GOES,
    "customers.OrderLine": GOES,
    "draws.PrizeEntry": GOES,
    "draws.DrawEvidence": NOBODY,
    "draws.PrizePass": NOBODY,
    "outbox.Message": GOES,
    "identity.CustomerChallenge": GOES,
    "identity.CustomerVisit": GOES,
    "identity.RateLimitHit": HOURS,
    "preferences.ChoiceEvent": GOES,
    "preferences.MarketingPermission": GOES,
    "preferences.PendingSuppression": GOES,
    "preferences.MarketingRequest": GOES,
    "preferences.Suppression": "stays for ever: a code that keeps the stop (told in the answer)",
    "preferences.ListedContact": "an outside list of digests; its next file replaces it",
    "mailbox.InboundMail": GOES,
    "cookies.CookieReceipt": PROOF,
    "cookies.LogPlace": "digests of lines without an address",
    "cases.Case": PROOF,
    "cases.CaseEvent": PROOF,
    "cases.Attachment": PROOF,
    "cases.Outcome": PROOF,
    "cases.Restriction": PROOF,
    "cases.ProcessingStop": GOES,
    "cases.Statement": GOES,
    "cases.DataCopy": GOES,
    "cases.CaseMessage": PROOF,
    "cases.Task": "stays until somebody has read what the person wrote; its case keeps the address",
    "cases.CaseChallenge": GOES,
    "cases.CaseVisit": GOES,
    "access.Pack": GOES,
    "access.PackPart": GOES,
    "access.Reading": GOES,
    "access.Redaction": GOES,
    "access.PackFetch": GOES,
    "breaches.Breach": "names nobody; whom it concerned is in a row of its own",
    "breaches.BreachPerson": PROOF,
    "disclosures.Disclosure": GOES,
    "disclosures.Instruction": "stays until those who are told have confirmed it, then as proof",
    "retention.LegalHold": PROOF,
    "retention.ErasedSubject": STUB,
    "accounts.Approval": "keeps the person too (below)",
    "accounts.SignInAttempt": "of colleagues",
    "audit.Entry": STUB,
    "audit.NewEntry": STUB,
    "django_tasks_database.DBTaskResult": "ids of rows: a job that finds none ends (below)",
    "pghistory.Context": "of the register; ids of staff",
}


def can_point_to_somebody(model) -> bool:
    """Whether rows may lead to a person: by a declaration, a key, or a number that can be a
    person's or a contact detail's."""
    if declared(model) is not None:
        return True
    for field in model._meta.concrete_fields:
        plain = field.base_field if isinstance(field, ArrayField) else field
        if isinstance(plain, models.UUIDField) and model._meta.managed:
            return True
        if field.related_model is not None and declared(field.related_model) is not None:
            return True
    return False


def test_every_table_is_named():
    found = {
        model._meta.label for model in apps.get_models() if can_point_to_somebody(model)
    } - PROXIES
    assert found == FATE.keys()


PROXIES = {"pghistory.Events", "pghistory.MiddlewareEvents"}  # no rows of their own


@pytest.fixture(autouse=True)
def _register(db):
    register()


def everything() -> Customer:
    """Somebody who is in every table, in none of which anything keeps who they are."""
    customer = of_everything(customer_number="A100", given_names="Ada", surname="Lovelace")
    past = {"ended_on": datetime.date(2015, 3, 1), "status": "settled"}
    CreditAccount.objects.update(**past)
    BreachPerson.objects.update(told_at=NOW, means="email")
    InboundMail.objects.update(state="done", handled_at=NOW, handled_by=BY)
    Case.objects.update(status="completed", closed_at=NOW, closed_on=TODAY)
    Restriction.objects.update(
        warned_on=TODAY - 9 * DAY, warned_by=BY, lifted_on=TODAY, lifted_by=BY
    )
    LegalHold.objects.update(released_on=TODAY, released_by=BY)
    case = Case.objects.get()
    make.CaseChallengeFactory(case=case)
    make.PackPartFactory(pack=customer.packs.get())
    make.RedactionFactory(reading=make.ReadingFactory(pack=customer.packs.get()))
    MarketingPermission.objects.create(
        customer=customer, digest=uuid.uuid4(), channel="email", sender="us", consented_at=NOW
    )
    PendingSuppression.objects.create(customer=customer)
    return customer


def rows_about(customer) -> dict[str, int]:
    """How many rows each table has about a person, by its label."""
    return {
        one.label: one.model._default_manager.filter(**{one.subject_path: customer.pk}).count()
        for one in declarations()
        if one.subject_path is not None
    }


KEEPS = {"accounts.Approval"}


def test_what_goes_goes_and_what_stays_is_as_it_says():
    customer = everything()
    before = rows_about(customer)
    assert [label for label, count in before.items() if not count and label not in KEEPS] == []
    case = case_of(customer)
    carry_out(case, "erase")
    after = rows_about(customer)
    assert Customer.objects.get(pk=customer.pk).erased_at == NOW
    letters = Message.objects.filter(of_case__isnull=False, customer=customer)
    assert after.pop("outbox.Message") == letters.count(), "a letter of a request stays with it"
    left = {label for label, count in after.items() if count}
    assert left == {one for one in after if FATE[one] != GOES} - KEEPS


# --- What keeps the person: each alone ----------------------------------------------------------


def _promised(customer, kind):
    case = make.CaseFactory(
        customer=customer,
        kind=CaseKind.ACCESS if kind == "new_copy" else CaseKind.RECTIFICATION,
        status="completed",
        closed_at=NOW,
        closed_on=TODAY,
        identified_at=NOW,
        identified_by=BY,
    )
    make.TaskFactory(case=case, kind=kind)


KEEPING = {
    "an open request": lambda one: case_of(one, CaseKind.ACCESS),
    "a promised new copy": lambda one: _promised(one, "new_copy"),
    "contact details to be put back": lambda one: _promised(one, "put_back"),
    "an email that nobody has dealt with": lambda one: make.InboundMailFactory(
        customer=one, state="desk", reason="unsure"
    ),
    "a breach of which they are to be told": lambda one: make.BreachPersonFactory(customer=one),
    "a hold": lambda one: make.LegalHoldFactory(customer=one, kind="complaint"),
    "money owed": lambda one: make.CreditAccountFactory(customer=one),
    "an order of late": lambda one: make.OrderFactory(customer=one, placed_on=TODAY - 9 * DAY),
    "what two people decided": lambda one: make.ApprovalFactory(person=one.pk),
    "fraud that was filed": lambda one: make.FraudMarkerFactory(
        customer=one, status="confirmed", closed_on=TODAY, filed_on=TODAY
    ),
}


@pytest.mark.parametrize("what", KEEPING)
def test_the_person_stays_with(what):
    customer = ada()
    made = KEEPING[what](customer)
    case = case_of(customer)
    plan = erasure.preview(case, today=TODAY)
    assert not plan.whole
    carry_out(case, "erase")
    assert Customer.objects.get(pk=customer.pk).erased_at is None
    if made is not None:
        made.refresh_from_db()


def test_an_email_that_waits_says_until_when():
    customer = ada()
    make.InboundMailFactory(customer=customer, state="desk", reason="unsure")
    lines = erasure.preview(case_of(customer), today=TODAY).lines()
    (line,) = [one for one in lines if one.category.startswith("Emails")]
    assert (line.erased, line.until) == (False, "the day on which we deal with it")


# --- Whatever still names the person finds nobody -----------------------------------------------


def erased(customer) -> Case:
    case = case_of(customer)
    carry_out(case, "erase")
    assert Customer.objects.get(pk=customer.pk).erased_at
    return case


def test_their_browser_is_nobodys(client):
    customer = ada()
    browser = visiting(customer)
    assert browser.get("/my-data/").status_code == 200
    erased(customer)
    assert browser.get("/my-data/").url.startswith(reverse("identity:prove"))


def test_jobs_that_wait_find_nothing_and_end():
    customer = ada()
    message = make.MessageFactory(customer=customer, state="queued", sent_at=None)
    challenge = make.CustomerChallengeFactory(customer=customer)
    pack = make.PackFactory(customer=customer)
    erased(customer)
    send_message.call(message_id=str(message.pk))
    deliver_code.call(challenge_id=str(challenge.pk))
    build_pack.call(pack_id=pack.pk)
    follow_up.call(case_id=0)
    assert not intake.match(0, by="job:test", now=NOW)
    assert not Message.objects.filter(pk=message.pk).exists()
    assert not PackPart.objects.exists()


def test_an_unsubscribe_link_still_stops_the_address():
    customer = ada()
    token = one_click.token_maker()("ada@example.org", customer.pk)
    erased(customer)
    before = Suppression.objects.count()
    one_click.stop(one_click.read(token), now=NOW + 2 * DAY, everything=True)
    assert Suppression.objects.count() >= before
    assert not ChoiceEvent.objects.filter(customer=customer).exists()


def test_what_nobody_was_matched_to_stays_nobodys():
    customer = ada()
    asked = make.MarketingRequestFactory()
    entry = make.PrizeEntryFactory(customer=None, email="ada@example.org")
    mail = make.InboundMailFactory(state="desk", reason="unsure")
    erased(customer)
    assert not intake.match(asked.pk, by="job:test", now=NOW)
    for row in (asked, entry, mail):
        row.refresh_from_db()
        assert row.customer is None
    assert MarketingRequest.objects.open().count() == 1
    assert PrizeEntry.objects.count() == 1


def test_what_they_wrote_waits_for_a_colleague_and_nothing_else():
    customer = ada()
    closed = case_of(customer, CaseKind.ACCESS)
    Case.objects.filter(pk=closed.pk).update(status="completed", closed_at=NOW, closed_on=TODAY)
    make.TaskFactory(case=closed)
    erased(customer)
    assert [task.kind for task in Task.objects.to_do()] == ["message"]
    assert not CaseVisit.objects.exists()
    assert not CaseChallenge.objects.filter(case__isnull=False).exists()


def test_nobody_is_told_to_correct_what_they_are_told_to_erase():
    customer = ada()
    row = make.InstructionFactory(customer=customer, recipient=instructions.SHOP, about="Surname")
    stop = make.InstructionFactory(customer=customer, what="no_marketing", about=None)
    erased(customer)
    row.refresh_from_db(), stop.refresh_from_db()
    assert (row.impossible_why, row.about) == (recipients.ERASED, None)
    assert stop.settled is False
    assert Instruction.objects.to_tell().filter(what="erase", recipient="shop").exists()


def test_they_can_still_follow_the_request_that_erased_them():
    customer = ada()
    case = erased(customer)
    assert ErasedSubject.objects.get().subject == customer.pk
    assert not ContactPoint.objects.filter(customer=customer).exists()
    case.refresh_from_db()
    assert case.email == "ada@example.org"
