"""Erasing one person who asks: what goes, what stays and why, told line by line, and nothing that
tips anybody off."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from audit.actions import AlreadyDone, Refused
from audit.models import Entry
from compliance import outcomes
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Outcome
from compliance.disclosures.models import Disclosure, Instruction
from compliance.outcomes import erasure
from compliance.preferences.may_contact import may_contact
from compliance.preferences.models import Suppression
from compliance.register.models import RetentionRule
from compliance.retention import reasons
from compliance.retention.models import ErasedSubject, PurgeProgress, PurgeRun
from customers.models import ContactNote, ContactPoint, Customer, Order, OrderLine, PaymentCard
from customers.models.person import contact_key
from tests import factories as make
from tests.outcomes.effects import (
    NOW,
    PROOF,
    TODAY,
    ada,
    carry_out,
    case_of,
    named,
    received,
    register,
)
from tests.retention.test_no_trace import dump

pytestmark = pytest.mark.django_db
DAY = datetime.date
LATELY = DAY(2024, 12, 1)
LIST = erasure.LISTED


@pytest.fixture(autouse=True)
def _register(db):
    register()


def told(case) -> dict[str, str]:
    """The lines of the letter by their category: outcome, with the last day."""
    return {
        f"{line.what.split(' (')[0]}": " ".join(filter(None, [line.code, str(line.until or "")]))
        for line in outcomes.letter_context(case)["lines"]
        if line.what != LIST
    }


def words(case) -> list[str]:
    """Every word of the lines, as the person reads them, without counts of their own request's
    events."""
    return [
        f"{line.what} {line.outcome} {line.until} {line.why}"
        for line in outcomes.letter_context(case)["lines"]
        if not line.what.startswith("Requests")
    ]


def bought(customer, on=LATELY, **line) -> Order:
    """An order of two lines."""
    order = make.OrderFactory(customer=customer, placed_on=on)
    make.OrderLineFactory.create_batch(2, order=order, supplied_on=on, **line)
    return order


class TestWhatGoes:
    def test_what_has_no_last_day_yet_says_how_long(self):
        case_of(customer := ada(), CaseKind.COMPLAINT)
        carry_out(case := case_of(customer), "erase")
        assert "Kept until 6 years after the day it was closed" in {
            line.outcome for line in outcomes.letter_context(case)["lines"]
        }

    def test_somebody_who_never_bought_goes_whole(self):
        customer = ada()
        make.ContactNoteFactory.create_batch(2, customer=customer)
        case = case_of(customer)
        carry_out(case, "erase")
        stub = Customer.objects.get()
        assert (stub.surname, stub.customer_number, stub.erased_at) == (None, None, NOW)
        assert ContactPoint.objects.count() == ContactNote.objects.count() == 0
        assert ErasedSubject.objects.get().subject == customer.pk
        assert told(case)["Who you are"] == told(case)["How to reach you"] == "erased"

    def test_an_order_that_claims_need_keeps_its_person(self):
        customer = ada()
        bought(customer)
        make.PaymentCardFactory.create_batch(
            2, customer=customer, expires_on=DAY(2027, 6, 30), last_used_on=DAY(2026, 6, 1)
        )
        case = case_of(customer)
        carry_out(case, "erase")
        assert PaymentCard.objects.count() == 0
        assert Order.objects.get().customer == Customer.objects.get(erased_at=None)
        assert told(case) == {
            "Who you are": "kept 2030-12-01",
            "How to reach you": "kept 2030-12-01",
            "Payment cards": "erased",
            "Orders": "kept 2031-01-31",
            "Your marketing choices": "kept 2030-12-01",
            "Messages we sent you": "kept 3 years after the day it was closed",
            "Requests and complaints": "kept 3 years after the day it was closed",
        }

    def test_a_total_for_the_tax_office_needs_nobody(self):
        customer = ada()
        order = bought(customer)
        RetentionRule.objects.filter(code="order-sale").update(on_request="erased")
        carry_out(case_of(customer), "erase")
        order.refresh_from_db()
        assert (order.customer.erased_at, order.lines.count()) == (NOW, 2)

    def test_what_no_rule_keeps_any_more_goes(self):
        customer = ada()
        bought(customer, on=DAY(2012, 5, 1)), bought(customer)
        case = case_of(customer)
        carry_out(case, "erase")
        assert Order.objects.count() == 1
        assert OrderLine.objects.count() == 2
        orders = [
            line.what
            for line in outcomes.letter_context(case)["lines"]
            if line.what.startswith("Orders")
        ]
        assert orders == ["Orders (3 records)", "Orders (3 records)"]

    def test_a_recall_keeps_the_line_and_its_order(self):
        customer = ada()
        order = bought(customer, on=DAY(2018, 5, 1))
        make.OrderLineFactory(order=order, supplied_on=DAY(2018, 5, 1), safety_critical=True)
        carry_out(case_of(customer), "erase")
        assert OrderLine.objects.get().safety_critical
        assert Customer.objects.get().erased_at is None

    def test_a_running_credit_account_keeps_what_it_needs(self):
        customer = ada()
        make.CreditAccountFactory(customer=customer)
        make.ContactNoteFactory(customer=customer), make.PrizeEntryFactory(customer=customer)
        case = case_of(customer)
        carry_out(case, "erase")
        line = next(
            line
            for line in outcomes.letter_context(case)["lines"]
            if line.what.startswith("What we have said")
        )
        assert (line.code, line.why) == ("kept", reasons.CONTRACT.why)
        assert (told(case)["Credit account"], told(case)["Prize draw entries"]) == (
            "kept 6 years after the day the account is settled, written off or sold",
            "erased",
        )
        assert told(case)["Who you are"] == "kept the last of these records goes"

    def test_money_owed_keeps_it_like_an_open_account(self):
        customer = ada()
        make.CreditAccountFactory(customer=customer, settled=True, balance=Decimal("3.00"))
        make.ContactNoteFactory(customer=customer)
        carry_out(case_of(customer), "erase")
        assert ContactNote.objects.count() == 1

    def test_a_settled_account_lets_the_notes_go(self):
        customer = ada()
        make.CreditAccountFactory(customer=customer, status="settled", ended_on=DAY(2024, 3, 1))
        make.ContactNoteFactory(customer=customer)
        case = case_of(customer)
        carry_out(case, "erase")
        assert ContactNote.objects.count() == 0
        assert told(case)["Credit account"] == told(case)["Who you are"] == "kept 2030-03-01"

    def test_another_open_request_keeps_the_person(self):
        customer = ada()
        case_of(customer, CaseKind.ACCESS)
        carry_out(case_of(customer), "erase")
        assert Customer.objects.get().erased_at is None

    def test_a_neighbour_loses_nothing(self):
        customer, other = ada(), make.CustomerFactory()
        (
            make.ContactNoteFactory(customer=other),
            make.ContactPointFactory(customer=other),
            bought(other),
        )
        carry_out(case_of(customer), "erase")
        assert (
            other.contact_notes.count(),
            other.contact_points.count(),
            other.orders.count(),
        ) == (1, 1, 1)
        other.refresh_from_db()
        assert other.surname


class TestMarketing:
    def test_every_address_stays_suppressed(self):
        case = case_of(ada())
        carry_out(case, "erase")
        assert Suppression.objects.count() > 10
        again = make.CustomerFactory(surname="Lovelace")
        make.ContactPointFactory(customer=again, value="Ada@Example.org")
        assert (
            may_contact(again, "email", "us", "marketing", NOW + datetime.timedelta(days=1)).reason
            == "objected"
        )
        assert outcomes.letter_context(case)["lines"][-1].what == LIST

    def test_partners_who_had_it_are_to_be_told(self):
        customer = ada()
        received(customer, "alpha", "beta")
        case = case_of(customer)
        carry_out(case, "erase")
        assert Disclosure.objects.count() == 0
        assert named(case) == ["Alpha", "Beta", "The web shop, a system of our own"]
        notice = Instruction.objects.filter(what="erase").first()
        assert "ada@example.org" in notice.about
        assert (notice.what, notice.due_on) == ("erase", TODAY + datetime.timedelta(days=7))

    def test_agencies_are_not_told_of_what_is_kept(self):
        customer = ada()
        received(customer, "experian", kind="credit_search"), received(customer, "alpha")
        carry_out(case_of(customer), "erase")
        assert set(Instruction.objects.values_list("recipient", "what")) == {
            ("alpha", "erase"),
            ("alpha", "no_marketing"),
        }


class TestEvidence:
    def test_it_leaves_what_a_purge_leaves(self, trail):
        customer = ada()
        make.ContactNoteFactory.create_batch(3, customer=customer)
        carry_out(case_of(customer), "erase")
        run = PurgeRun.objects.get()
        counts = dict(PurgeProgress.objects.filter(run=run).values_list("model", "erased"))
        assert (run.category, run.outcome) == ("on-request", "done")
        assert (counts["customers.ContactNote"], counts["customers.Customer"]) == (3, 1)
        assert trail("erased_on_request").facts["erased"] == counts

    def test_the_answer_still_finds_its_way(self):
        customer = ada()
        case = case_of(customer)
        carry_out(case, "erase")
        case.refresh_from_db()
        assert (case.name, case.email) == ("Ada Lovelace", "ada@example.org")

    def test_twice_is_done_once(self):
        case = case_of(ada())
        outcome = carry_out(case, "erase")
        with pytest.raises(AlreadyDone):
            carry_out(case, "erase", token=outcome.token)
        with pytest.raises(Refused, match="erased"):
            carry_out(case, "erase")
        assert PurgeRun.objects.count() == 1

    def test_a_fault_half_way_undoes_all(self, monkeypatch):
        customer = ada()
        make.ContactNoteFactory(customer=customer)
        case = case_of(customer)
        before = dump()

        def break_down(**facts):
            raise IntegrityError("the machine went away")

        monkeypatch.setattr("compliance.retention.erasing.events.erased_on_request", break_down)
        with pytest.raises(Refused, match="nothing was done"):
            carry_out(case, "erase")
        assert sorted(dump().splitlines()) == sorted(before.splitlines())

    def test_who_asks_must_be_clear(self):
        case = case_of(ada(), identified=False)
        with pytest.raises(Refused, match="who asks"):
            carry_out(case, "erase")
        assert Outcome.objects.count() == 0


def test_the_preview_is_what_happens():
    customer = ada()
    bought(customer), make.ContactNoteFactory(customer=customer)
    case = case_of(customer)
    shown = [
        (line.what, line.sentences)
        for fate in erasure.preview(case, today=TODAY).lines()
        if fate.category not in ("Requests and complaints", "Your marketing choices")
        for line in [erasure.told(fate, PROOF)]
    ]
    carry_out(case, "erase")
    done = [
        (line.what, line.sentences)
        for line in outcomes.letter_context(case)["lines"]
        if not line.what.startswith(("Requests", "Your marketing", LIST))
    ]
    assert done == shown


def test_the_trail_holds_no_personal_value():
    carry_out(case_of(ada()), "erase")
    said = str(list(Entry.objects.values_list("facts", flat=True)))
    assert not any(
        word in said
        for word in ("Ada", "Lovelace", "example.org", contact_key("phone", "+447700900123"))
    )
