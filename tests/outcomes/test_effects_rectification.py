"""Correcting a record: what is different, who is told, at the old address and outside; and a
statement instead."""

import datetime

import pytest

from audit.actions import AlreadyDone, Refused
from audit.models import Entry
from compliance import outcomes
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Statement
from compliance.casework.actions import work
from compliance.disclosures import instructions
from compliance.disclosures.models import Instruction
from compliance.outcomes.corrections import Changes
from compliance.preferences import contact_digests, customer_contacts
from compliance.preferences.may_contact import may_contact
from customers import matching
from customers.models import ContactPoint
from customers.models.markers import KEEP
from customers.outbox.models import Message
from tests import factories as make
from tests.outcomes.effects import (
    BY,
    NOW,
    TODAY,
    ada,
    carry_out,
    case_of,
    named,
    received,
    register,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
SHOP = "The web shop, a system of our own"  # whose files would undo a correction


@pytest.fixture(autouse=True)
def _register(db):
    register()


@pytest.fixture
def case():
    return case_of(ada(), CaseKind.RECTIFICATION)


def point(case, kind="email") -> ContactPoint:
    return ContactPoint.objects.get(customer=case.customer, kind=kind, valid_to=None)


def correct(case, person=None, replace=None, add=(), **rest):
    return carry_out(case, "correct", changes=Changes(person or {}, replace or {}, add), **rest)


class TestTheRecord:
    def test_a_name_is_found_by_its_new_spelling(self, case):
        correct(case, person={"surname": "Loveless", "date_of_birth": datetime.date(1981, 1, 2)})
        case.customer.refresh_from_db()
        assert (case.customer.surname, case.customer.date_of_birth) == (
            "Loveless",
            datetime.date(1981, 1, 2),
        )
        assert (
            matching.match(matching.Given(name="Ada Loveless", customer_number="A100"))
            == case.customer
        )

    def test_an_old_address_stays_as_history(self, case):
        correct(case, replace={point(case).pk: "ada@example.net"})
        old, new = ContactPoint.objects.filter(kind="email").order_by("pk")
        assert (old.valid_to, new.valid_from, new.source) == (TODAY, TODAY, "customer")
        assert matching.match(matching.Given(email="ADA@example.net")) == case.customer
        assert matching.match(matching.Given(email="ada@example.org")) is None

    def test_a_detail_that_is_not_theirs_just_ends(self, case):
        correct(case, replace={point(case, "phone").pk: None})
        assert not ContactPoint.objects.filter(kind="phone", valid_to=None).exists()

    def test_an_objection_covers_the_new_address(self, case):
        case_of(case.customer, CaseKind.MARKETING)
        correct(case, replace={point(case).pk: "ada@example.net"})
        customer_contacts.suppress_pending(now=NOW)
        new = contact_digests.email("ada@example.net")
        assert may_contact(new, "email", "us", "marketing", NOW + DAY).reason == "objected"

    def test_nothing_different_is_nothing_done(self, case):
        with pytest.raises(Refused, match="Nothing would be different"):
            correct(case, replace={point(case).pk: "ada@example.org"}, person={"title": "Ms"})
        assert not outcomes.done(case)

    @pytest.mark.parametrize(
        ("kind", "value"), [("email", "no"), ("phone", "12"), ("address", "nowhere")]
    )
    def test_what_is_none_is_refused(self, case, kind, value):
        with pytest.raises(Refused, match="not a"):
            correct(case, replace={point(case, kind).pk: value})
        assert ContactPoint.objects.filter(valid_to=None).count() == 3

    def test_a_detail_changed_meanwhile_is_refused(self, case):
        old = point(case)
        correct(case, replace={old.pk: "ada@example.net"})
        with pytest.raises(Refused, match="changed meanwhile"):
            correct(case, replace={old.pk: "third@example.net"})

    def test_the_same_form_twice_is_once(self, case):
        done = correct(case, person={"title": "Dr"})
        with pytest.raises(AlreadyDone):
            correct(case, person={"title": "Prof"}, token=done.token)

    def test_the_trail_names_fields_alone(self, case, trail):
        correct(case, person={"surname": "Loveless"}, replace={point(case).pk: "ada@example.net"})
        assert trail("record_corrected").facts == {"fields": ["email", "surname"]}
        said = str(list(Entry.objects.values_list("facts", flat=True)))
        assert not any(word in said for word in ("oveless", "example"))


class TestWhoIsTold:
    def test_the_old_email_address(self, case):
        correct(case, replace={point(case).pk: "ada@example.net"})
        message = Message.objects.get(kind="contact_changed")
        assert (message.recipient, message.means) == ("ada@example.org", "email")
        assert "example.net" not in message.text

    def test_the_old_home_by_letter(self, case):
        correct(case, replace={point(case, "address").pk: "2 Mill Lane\nBradford\nBD1 1AB"})
        message = Message.objects.get(kind="contact_changed")
        assert (message.recipient.splitlines()[1], message.means) == ("1 Mill Lane", "letter")

    def test_everyone_who_received_the_data(self, case):
        (
            received(case.customer, "experian", kind="credit_search"),
            received(case.customer, "alpha", "beta"),
        )
        correct(case, person={"surname": "Loveless"})
        assert named(case) == ["Alpha", "Beta", "Experian", SHOP]
        about = Instruction.objects.first().about
        assert "Surname: it said “Lovelace” and says “Loveless” now" in about

    def test_a_partner_learns_no_more_than_it_had(self, case):
        received(case.customer, "experian", kind="credit_search"), received(case.customer, "alpha")
        correct(case, person={"date_of_birth": datetime.date(1981, 1, 2)})
        assert not Instruction.objects.filter(recipient="alpha").exists()
        correct(case, person={"surname": "Loveless", "title": "Dr"})
        partner = Instruction.objects.get(recipient="alpha")
        assert partner.parts == ["surname", "title"]
        assert not any(word in partner.about for word in ("1981", "+447700900123"))

    def test_an_agency_against_fraud_without_a_word(self, case, agent, lead, signed_in):
        make.DisclosureFactory(
            customer=case.customer,
            kind="fraud_filing",
            recipient="cifas",
            recipient_name="Cifas",
            negotiations_ended_on=None,
            occurred_on=datetime.date(2014, 5, 1),
        )
        make.FraudMarkerFactory(customer=case.customer)
        correct(case, person={"surname": "Loveless"})
        notice, its_list = (
            Instruction.objects.get(recipient="cifas"),
            "/admin/disclosures/instruction/",
        )
        assert notice.confidential
        assert named(case) == [SHOP]
        assert str(notice.pk) not in signed_in(agent).get(its_list).content.decode()
        assert signed_in(agent).get(f"{its_list}{notice.pk}/change/").status_code == 404
        assert str(notice.pk) in signed_in(lead).get(its_list).content.decode()

    def test_one_that_was_asked_at_application_is_named(self, case):
        """Also while a suspicion stands: it is so of everybody who applied."""
        received(case.customer, "experian", "national-hunter", kind="credit_search")
        make.FraudMarkerFactory(customer=case.customer)
        correct(case, person={"surname": "Loveless"})
        assert not Instruction.objects.filter(confidential=True).exists()
        assert named(case) == ["Experian", "National-Hunter", SHOP]

    def test_unless_two_people_decided_otherwise(self, case):
        received(case.customer, "experian", "national-hunter", kind="credit_search")
        make.ApprovalFactory(what=KEEP, person=case.customer_id, approved=True)
        correct(case, person={"surname": "Loveless"})
        assert Instruction.objects.get(recipient="national-hunter").confidential
        assert named(case) == ["Experian", SHOP]

    def test_a_victim_is_told_that_the_agency_is_told(self, case):
        received(case.customer, "cifas", kind="fraud_filing")
        make.FraudMarkerFactory(customer=case.customer, status="victim", closed_on=TODAY)
        correct(case, person={"surname": "Loveless"})
        assert named(case) == ["Cifas", SHOP]

    def test_a_correction_elsewhere_is_told_too(self, case):
        received(case.customer, "experian")
        correct(
            case,
            elsewhere="The payment of May 2026 was in time.",
            system=instructions.CREDIT_SYSTEM,
        )
        line = outcomes.letter_context(case)["lines"][0]
        assert (line.what, line.why) == (
            "The credit system",
            "The payment of May 2026 was in time.",
        )
        assert line.outcome.startswith("On our list of those to be told")
        assert "in time" in Instruction.objects.get(recipient="experian").about


class TestTheLetter:
    def said(self, case) -> list[str]:
        return [line.outcome for line in outcomes.letter_context(case)["recipients"]]

    def test_it_names_the_told_and_the_untold(self, case):
        received(case.customer, "alpha", "beta", "gamma")
        correct(case, person={"surname": "Loveless"})
        alpha, beta = Instruction.objects.order_by("recipient")[:2]
        instructions.told([alpha.pk], on=TODAY, by=BY, now=NOW)
        instructions.impossible([beta.pk], why="Wound up in 2024.", by=BY, now=NOW)
        assert self.said(case) == [
            "Told on 2 July 2026, not confirmed yet",
            "Could not be told: Wound up in 2024.",
            "On our list of those to be told, due by 9 July 2026",
            "On our list of those to be told, due by 9 July 2026",  # the shop
        ]

    def test_a_carrier_with_every_order_is_told_of_what_it_can_have_had(self, case):
        make.OrderLineFactory(order=make.OrderFactory(customer=case.customer))
        correct(case, person={"date_of_birth": datetime.date(1981, 1, 2)})
        assert not Instruction.objects.exclude(recipient="shop").exists()
        correct(case, person={"surname": "Loveless"})
        told = Instruction.objects.get(recipient="example-parcels")
        assert told.parts == ["surname"]
        assert "1981" not in told.about


class TestStatement:
    def test_it_is_kept_after_a_refusal(self, case, agent, signed_in):
        work.refuse(case, ground="accurate", text="We checked it.", by=BY, now=NOW)
        carry_out(case, "statement", statement="I never lived there.")
        assert Statement.objects.get().text == "I never lived there."
        page = (
            signed_in(agent)
            .get(f"/admin/customers/customer/{case.customer_id}/change/")
            .content.decode()
        )
        assert "I never lived there." in page

    def test_it_goes_with_the_person(self, case):
        carry_out(case, "statement", statement="I never lived there.")
        work.complete(case, text="Kept.", by=BY, now=NOW)
        register()
        carry_out(case_of(case.customer), "erase")
        assert Statement.objects.count() == 0
