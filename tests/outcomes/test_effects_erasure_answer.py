"""What an erasure is answered with: a refusal where nothing went, a part where something stays; a
selection as it was selected; and what other open requests need, which stays."""

import pytest

from audit.actions import Refused
from compliance import outcomes
from compliance.access.models import Pack
from compliance.cases.kinds import CaseKind, EventKind
from compliance.cases.models import Case
from compliance.cases.rights import RIGHTS
from compliance.casework.actions import work
from compliance.casework.desk import timeline
from compliance.mailbox.models import InboundMail
from compliance.outcomes import erasure
from compliance.preferences.models import Suppression
from compliance.register.models import DataCategory, RetentionRule
from compliance.retention import reasons
from customers.models import ContactNote, ContactPoint, Customer, Order, PaymentCard
from privacy import declarations
from tests import factories as make
from tests.outcomes.effects import BY, NOW, TODAY, ada, carry_out, case_of, register
from tests.outcomes.test_effects_erasure import DAY, bought, told

pytestmark = pytest.mark.django_db
EXTENT = outcomes.Extent
NOTES = "What we have said to each other"


@pytest.fixture(autouse=True)
def _register(db):
    register()


def owing():
    """A customer with a credit account that runs, two notes and two cards: nothing of it may go."""
    customer = ada()
    make.CreditAccountFactory(customer=customer)
    make.ContactNoteFactory.create_batch(2, customer=customer)
    make.PaymentCardFactory.create_batch(2, customer=customer, expires_on=DAY(2027, 6, 30))
    return customer


def letter_of(case) -> str:
    """The words of the last letter in a case."""
    return case.messages.latest("pk").message.text


class TestTheAnswer:
    def test_nothing_erased_is_a_refusal(self):
        customer = owing()
        case = case_of(customer)
        outcome = carry_out(case, "erase")
        assert (outcome.codes["erased"], outcomes.extent(case)) == (0, EXTENT.NOTHING)
        assert not outcomes.done(case)
        with pytest.raises(Refused, match="Refuse it"):
            work.complete(case, text="Done.", by=BY, now=NOW)
        with pytest.raises(Refused, match="Nothing was carried out"):
            work.refuse(case, ground="each-reason", text="No.", partly=True, by=BY, now=NOW)
        work.refuse(case, ground="each-reason", text="It all stays.", by=BY, now=NOW)
        said = letter_of(case)
        for kind in ("Credit account", NOTES, "Payment cards", "Who you are", "How to reach you"):
            assert kind in said
        assert "UK GDPR Article 17(1)(a)" in said
        assert all(word in said.lower() for word in ("complain", "court"))

    def test_some_erased_is_an_answer_in_part(self):
        customer = ada()
        bought(customer), make.ContactNoteFactory.create_batch(2, customer=customer)
        case = case_of(customer)
        carry_out(case, "erase")
        assert outcomes.extent(case) == EXTENT.PART
        with pytest.raises(Refused, match="Answer in part"):
            work.complete(case, text="Done.", by=BY, now=NOW)
        with pytest.raises(Refused, match="no refusal"):
            work.refuse(case, ground="each-reason", text="No.", by=BY, now=NOW)
        work.refuse(case, ground="each-reason", text="Some.", partly=True, by=BY, now=NOW)
        said = letter_of(case)
        assert f"{NOTES} (2 records): Erased." in said
        assert "17(3)(b)" in said
        assert "able to show that we answered" in said

    def test_all_erased_is_done(self):
        customer = ada()
        make.ContactNoteFactory.create_batch(2, customer=customer)
        case = case_of(customer)
        carry_out(case, "erase")
        assert outcomes.extent(case) == EXTENT.ALL
        work.complete(case, text="It is gone.", by=BY, now=NOW)

    def test_a_refusal_for_what_is_kept_says_it_line_by_line(self):
        case = case_of(owing())
        with pytest.raises(Refused, match="Carry it out first"):
            work.refuse(case, ground="each-reason", text="No.", by=BY, now=NOW)
        work.refuse(case, ground="excessive", text="The third this week.", by=BY, now=NOW)

    def test_each_line_that_stays_says_until_when(self):
        customer = owing()
        bought(customer), bought(customer, on=DAY(2018, 1, 5), safety_critical=True)
        make.LegalHoldFactory(customer=customer, kind="debt")
        case_of(customer, CaseKind.COMPLAINT)
        case = case_of(customer)
        carry_out(case, "erase")
        kept = [line for line in outcomes.letter_context(case)["lines"] if line.code == "kept"]
        assert len(kept) > 5
        assert all(line.until and "Article 17" in line.why for line in kept)

    def test_a_rule_that_nobody_confirmed_is_no_reason(self):
        customer = ada()
        bought(customer)
        RetentionRule.objects.filter(code="order-tax").update(confirmed_on=None, confirmed_by="")
        with pytest.raises(Refused, match="order-tax"):
            carry_out(case_of(customer), "erase")
        assert not Suppression.objects.exists()

    def test_a_second_erasure_tells_what_the_first_left(self):
        customer = ada()
        make.ContactNoteFactory.create_batch(2, customer=customer)
        access = case_of(customer, CaseKind.ACCESS)
        case = case_of(customer)
        carry_out(case, "erase")
        assert told(case)[NOTES].startswith("kept")
        work.withdraw(access, by=BY, now=NOW)
        carry_out(case, "erase")
        assert told(case)[NOTES] == "erased"


def test_what_was_written_about_a_complaint_stays_and_says_why_and_until_when():
    customer = ada()
    complaint = case_of(customer, CaseKind.COMPLAINT)
    carry_out(complaint, "complaint", outcome="upheld", findings="We were late.")
    work.complete(complaint, text="We were late.", write=True, by=BY, now=NOW)
    handled = {"customer": customer, "state": "done", "handled_at": NOW, "handled_by": BY}
    stays = make.InboundMailFactory(**handled, kind="complaint_ack", outcome="answered")
    make.InboundMailFactory(**handled, kind="order", outcome="answered")
    make.InboundMailFactory(**handled, kind="complaint_ack", outcome="nothing")
    carry_out(case := case_of(customer), "erase")
    assert InboundMail.objects.get() == stays
    assert Customer.objects.get().erased_at == NOW  # it needs nobody
    assert complaint.messages.count() == 2
    kept = {
        line.what.split(" (")[0]: (line.why, line.until)
        for line in outcomes.letter_context(case)["lines"]
        if "FCA DISP 1.9.1R" in line.why
    }
    assert {what: until for what, (_, until) in kept.items()} == {
        "Emails you sent us": DAY(2029, 7, 2),
        "Messages we sent you": DAY(2032, 7, 2),
        "Requests and complaints": DAY(2032, 7, 2),
    }
    assert "Article 17(3)(b)" in kept["Emails you sent us"][0]


def test_an_email_that_may_be_a_complaint_waits_to_be_read_with_its_person():
    customer = ada()
    make.InboundMailFactory(
        customer=customer, state="desk", kind="complaint_ack", reason="other_right"
    )
    carry_out(case := case_of(customer), "erase")
    assert InboundMail.objects.get().customer == Customer.objects.get(erased_at=None)
    assert told(case)["Emails you sent us"].startswith("kept 3 years after the day on which we")


class TestTheSuppressionList:
    def test_it_says_pseudonymous_and_without_a_condition(self):
        case = case_of(ada())
        carry_out(case, "erase")
        line = outcomes.letter_context(case)["lines"][-1]
        assert (line.what, line.outcome) == (erasure.LISTED, erasure.ON_IT)
        assert "pseudonymous" in line.why
        work.complete(case, text="It is gone.", by=BY, now=NOW)
        said = letter_of(case)
        assert "If you ever" not in said
        assert "cannot be turned back" not in said

    def test_who_has_no_address_is_told_nothing_of_it(self):
        customer = ada()
        ContactPoint.objects.all().delete()
        case = case_of(customer)
        carry_out(case, "erase")
        assert erasure.LISTED not in {one.what for one in outcomes.letter_context(case)["lines"]}


class TestASelection:
    def test_only_what_was_named_goes(self):
        customer = ada()
        cards = make.PaymentCardFactory.create_batch(2, customer=customer)
        make.ContactNoteFactory.create_batch(2, customer=customer)
        case = case_of(customer)
        carry_out(case, "erase", scope="some", chosen=[f"customers.PaymentCard:{cards[0].pk}"])
        assert list(PaymentCard.objects.all()) == [cards[1]]
        assert ContactNote.objects.count() == 2
        assert told(case) == {"Payment cards": "erased"}
        assert (outcomes.extent(case), Suppression.objects.count()) == (EXTENT.ALL, 0)
        customer.refresh_from_db()
        assert customer.surname

    def test_a_category_goes_whole_with_its_parts(self):
        customer = ada()
        bought(customer, on=DAY(2012, 5, 1)), bought(customer, on=DAY(2012, 6, 1))
        make.ContactNoteFactory(customer=customer)
        case = case_of(customer)
        carry_out(case, "erase", scope="some", chosen=["order"])
        assert (Order.objects.count(), ContactNote.objects.count()) == (0, 1)
        assert told(case) == {"Orders": "erased"}

    def test_what_was_named_and_must_stay_says_why(self):
        customer = ada()
        bought(customer), make.PaymentCardFactory(customer=customer)
        case = case_of(customer)
        carry_out(case, "erase", scope="some", chosen=["order", "payment_card"])
        assert told(case) == {"Payment cards": "erased", "Orders": "kept 2031-01-31"}
        assert outcomes.extent(case) == EXTENT.PART


class TestOtherOpenRequests:
    def asked(self, kind=CaseKind.ACCESS):
        customer = ada()
        make.ContactNoteFactory.create_batch(2, customer=customer)
        make.PaymentCardFactory(customer=customer)
        return customer, case_of(customer, kind), case_of(customer)

    def said(self, case) -> list[tuple[str, str]]:
        """What both timelines say of the erasure."""
        return [
            (one.detail, one.text)
            for one in timeline.entries(case.events.all(), letters_shown=False)
            if one.title == "An erasure for this person was carried out"
        ]

    def test_what_they_need_stays(self):
        _, _, case = self.asked()
        carry_out(case, "erase")
        assert (ContactNote.objects.count(), PaymentCard.objects.count()) == (2, 1)
        why = {one.what: one for one in outcomes.letter_context(case)["lines"]}
        line = why[f"{NOTES} (2 records)"]
        assert line.why == reasons.of_request("A copy of my data").why
        assert line.until == "we have answered that"

    def test_a_narrow_one_keeps_only_its_own(self):
        customer, agencies, case = self.asked(CaseKind.AGENCIES)
        make.DisclosureFactory(customer=customer, kind="partner_feed", negotiations_ended_on=None)
        carry_out(case, "erase")
        assert (ContactNote.objects.count(), customer.disclosures.count()) == (0, 1)
        for one, other in ((agencies, case), (case, agencies)):
            [(detail, text)] = self.said(one)
            assert detail.endswith(
                f"the other request: {other.reference}; what is needed for the open request stays"
            )
            assert text == ""

    def test_a_colleague_decides_otherwise_with_a_reason(self):
        customer, access, case = self.asked()
        pack = make.PackFactory(customer=customer, reference=access.reference)
        with pytest.raises(Refused, match="Write why"):
            carry_out(case, "erase", otherwise=[str(access.pk)])
        assert Pack.objects.filter(pk=pack.pk).exists()
        carry_out(
            case, "erase", otherwise=[str(access.pk)], reason="She told us to leave the copy."
        )
        assert (ContactNote.objects.count(), Pack.objects.count()) == (0, 0)
        for one in (access, case):
            [(detail, text)] = self.said(one)
            assert detail.endswith("goes too")
            assert text == "She told us to leave the copy."

    def test_a_finished_copy_is_not_destroyed(self):
        customer, access, case = self.asked()
        pack = make.PackFactory(customer=customer, reference=access.reference)
        carry_out(case, "erase")
        assert Pack.objects.get() == pack

    def test_nothing_is_noted_where_nothing_went(self):
        customer = owing()
        access, case = case_of(customer, CaseKind.ACCESS), case_of(customer)
        carry_out(case, "erase")
        assert self.said(access) == []
        assert not access.events.filter(kind=EventKind.NOTED).exists()


class TestWhatRightsNeed:
    def test_they_name_categories_of_the_register(self):
        known = set(DataCategory.objects.values_list("code", flat=True)) | {"everything"}
        for right in RIGHTS:
            assert set(right.needs) <= known, right.code

    def test_moving_data_needs_what_can_be_moved(self):
        movable = {one.category for one in declarations.declarations() if one.portable}
        right = next(one for one in RIGHTS if one.code == CaseKind.PORTABILITY)
        assert set(right.needs) == movable

    def test_somebody_unproven_keeps_nothing_past_the_day_to_answer(self):
        customer = ada()
        make.ContactNoteFactory(customer=customer)
        other = case_of(customer, CaseKind.ACCESS, identified=False)
        case = case_of(customer)
        assert erasure.other_requests(case, today=TODAY)
        Case.objects.filter(pk=other.pk).update(review_on=DAY(2026, 7, 1))
        assert erasure.other_requests(case, today=TODAY) == []
