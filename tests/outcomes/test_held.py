"""A correction survives the shop's next file: what was corrected stays, until the shop has it right
too."""

import datetime
import io

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.actions import Refused
from audit.models import Entry
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Outcome
from compliance.disclosures import instructions
from compliance.disclosures.models import Instruction
from compliance.outcomes.corrections import Changes
from compliance.register import actions as register_actions
from compliance.register.models import RetentionRule
from customers.importing import load, merge
from customers.models import ContactPoint, Customer
from tests import factories as make
from tests.outcomes.effects import BY, NOW, carry_out, case_of

pytestmark = pytest.mark.django_db
HOME, NEW_HOME = "1 Mill Lane\nBradford\nBD1 1AA", "2 Mill Lane\nBradford\nBD1 1AB"
LATER = NOW + datetime.timedelta(days=3)
HEADER = "customer_number,title,surname,date_of_birth,email,address_1,address_2,postcode"
ORDERS = "order_number,customer_number,placed_on,total\nN1,A100,2026-05-01,10.00\n"
SHOP = "A100,Ms,Lovelase,1990-02-03,ada@example.org,1 Mill Lane,Bradford,BD1 1AA"
OTHER = "B200,Mr,Babbage,1980-02-03,charles@example.org,5 Mill Lane,Bradford,BD1 1AA"


@pytest.fixture(autouse=True)
def _register(db):
    register_actions.load(by="job:test")
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def file(tmp_path):
    def send(*lines, header=HEADER, now=LATER):
        path = tmp_path / "customers.csv"
        path.write_text("\n".join((header, *lines)) + "\n")
        outcome = load.import_file("customers", path, by="job:import_data", now=now)
        assert not outcome.rejects
        return outcome

    return send


@pytest.fixture
def ada(file):
    file(SHOP, OTHER, now=NOW)
    return Customer.objects.get(customer_number="A100")


def correct(customer, person=None, replace=None, add=()):
    case = case_of(customer, CaseKind.RECTIFICATION)
    points = {point.kind: point.pk for point in customer.contact_points.in_use()}
    changes = Changes(
        person or {}, {points[kind]: value for kind, value in (replace or {}).items()}, add
    )
    carry_out(case, "correct", changes=changes)
    return Instruction.objects.get(reference=case.reference, recipient="shop")


def surname():
    return Customer.objects.get(customer_number="A100").surname


def addresses(customer, kind="address"):
    return sorted(
        point.value for point in ContactPoint.objects.in_use().filter(customer=customer, kind=kind)
    )


class TestTheErased:
    def erased(self, customer) -> Instruction:
        RetentionRule.objects.update(confirmed_on=NOW.date(), confirmed_by=BY)
        case = case_of(customer)
        carry_out(case, "erase")
        return Instruction.objects.get(reference=case.reference, recipient="shop", what="erase")

    def test_nobody_can_say_that_the_shop_cannot_be_told(self, ada, file):
        row = self.erased(ada)
        with pytest.raises(Refused, match="data protection lead"):
            instructions.impossible([row.pk], why="Its system is closed.", by=BY, now=LATER)
        file(SHOP, OTHER)
        assert not Customer.objects.filter(customer_number="A100").exists()

    def test_nobody_comes_back_with_the_next_file(self, ada, file):
        self.erased(ada)
        outcome = file(SHOP, OTHER)
        assert not Customer.objects.filter(customer_number="A100").exists()
        assert "ada@example.org" not in [one.value for one in ContactPoint.objects.all()]
        assert outcome.held.counts() == [(merge.ERASED, 1)]
        assert outcome.counts.unchanged == 1

    def test_nor_do_their_orders(self, ada, file, tmp_path):
        self.erased(ada)
        path = tmp_path / "orders.csv"
        path.write_text(ORDERS)
        outcome = load.import_file("orders", path, by="job:import_data", now=LATER)
        assert (len(outcome.rejects), outcome.held.counts()) == (0, [(merge.ERASED, 1)])

    def test_once_the_shop_confirmed_its_files_count_again(self, ada, file):
        row = self.erased(ada)
        on = timezone.localdate(LATER)
        instructions.told([row.pk], on=on, by=BY, now=LATER)
        instructions.acknowledge([row.pk], on=on, by=BY, now=LATER)
        file(SHOP, OTHER)
        again = Customer.objects.get(customer_number="A100")
        assert (again.pk == ada.pk, again.erased_at) == (False, None)


class TestAFieldIsHeld:
    def test_a_name_survives_the_next_file(self, ada, file):
        correct(ada, {"surname": "Lovelace"})
        outcome = file(SHOP.replace("Ms", "Dr"), OTHER)
        assert surname() == "Lovelace"
        assert Customer.objects.get(pk=ada.pk).title == "Dr"  # what was not corrected goes in
        assert outcome.held.counts() == [
            ("surname: corrected here, and held until the shop has it right too", 1)
        ]

    def test_every_field_of_one_line(self, ada, file):
        correct(
            ada,
            {"surname": "Lovelace", "title": "Prof", "date_of_birth": datetime.date(1991, 2, 3)},
            {"email": "ada@example.net", "address": NEW_HOME},
        )
        outcome = file(SHOP.replace("1990-02-03", "03/02/1990"), OTHER)
        assert len(outcome.held) == 5
        fresh = Customer.objects.get(pk=ada.pk)
        assert (fresh.surname, fresh.title, fresh.date_of_birth.year) == ("Lovelace", "Prof", 1991)
        assert addresses(ada) == [NEW_HOME]
        assert addresses(ada, "email") == ["ada@example.net"]

    def test_a_third_value_is_held_too_and_said(self, ada, file):
        correct(ada, replace={"address": NEW_HOME})
        third = SHOP.replace("1 Mill", "3 Mill")
        for _ in range(2):  # it is looked at with every file
            assert len(file(third).held) == 1
            assert addresses(ada) == [NEW_HOME]

    def test_what_was_removed_does_not_come_back(self, ada, file):
        correct(ada, replace={"email": None})
        file(SHOP.replace("ada@example.org", "ada@example.com"))
        assert addresses(ada, "email") == []

    def test_somebody_else_s_line_goes_in(self, ada, file):
        correct(ada, {"surname": "Lovelace"})
        file(SHOP, OTHER.replace("Babbage", "Cabbage"))
        assert Customer.objects.get(customer_number="B200").surname == "Cabbage"

    def test_a_further_address_holds_nothing(self, ada, file):
        correct(ada, add=[("email", "second@example.org")])
        assert not file(SHOP.replace("Ms", "Dr")).held
        assert Instruction.objects.get().acknowledged_on is None

    def test_who_reads_the_summary_learns_of_it(self, ada, tmp_path):
        correct(ada, {"surname": "Lovelace"})
        path, out = tmp_path / "next.csv", io.StringIO()
        path.write_text(f"{HEADER}\n{OTHER}\n{SHOP}\n")
        call_command("import_data", "customers", str(path), stdout=out)
        assert "1 held: surname: corrected here" in out.getvalue()
        listed = (tmp_path / "next.csv.held.csv").read_text().splitlines()
        assert listed[1].startswith("3,")
        facts = Entry.objects.get(event="corrected_fields_held").facts
        assert (facts["fields"], facts["confirmed"]) == (1, 0)


class TestUntilTheShopHasItRight:
    def test_a_file_that_brings_it_confirms_by_itself(self, ada, file):
        row = correct(ada, {"surname": "Lovelace"}, {"address": NEW_HOME})
        file(SHOP.replace("Lovelase", "LOVELACE"))
        row.refresh_from_db()
        assert row.acknowledged_on is None  # one of two
        right = "A100,Ms,Lovelace,1990-02-03,ada@example.org,2 Mill Lane,Bradford,BD1 1AB"
        assert not file(right).held
        row.refresh_from_db()
        assert (row.acknowledged_on, row.about) == (datetime.date(2026, 7, 5), None)

    def test_a_removal_is_confirmed_by_a_blank(self, ada, file):
        row = correct(ada, replace={"email": None})
        file(SHOP.replace("ada@example.org", ""))
        row.refresh_from_db()
        assert row.acknowledged_on is not None

    def test_then_its_files_count_again(self, ada, file):
        row = correct(ada, {"surname": "Lovelace"})
        instructions.told([row.pk], on=datetime.date(2026, 7, 5), by=BY, now=LATER)
        instructions.acknowledge([row.pk], on=datetime.date(2026, 7, 5), by=BY, now=LATER)
        assert not file(SHOP.replace("Lovelase", "King")).held
        assert surname() == "King"

    def test_what_the_shop_cannot_do_is_held_for_good(self, ada, file):
        row = correct(ada, {"surname": "Lovelace"})
        instructions.impossible([row.pk], why="Its system is closed.", by=BY, now=LATER)
        assert len(file(SHOP.replace("Ms", "Dr")).held) == 1

    def test_a_held_line_counts_as_soon_as_it_is_held_no_more(self, ada, file):
        row = correct(ada, {"surname": "Lovelace"})
        king = SHOP.replace("Lovelase", "King")
        file(king)
        instructions.told([row.pk], on=datetime.date(2026, 7, 5), by=BY, now=LATER)
        instructions.acknowledge([row.pk], on=datetime.date(2026, 7, 5), by=BY, now=LATER)
        file(king)
        assert surname() == "King"


class TestAnotherSystem:
    def test_it_gets_an_instruction_and_the_line_says_how_far_it_is(self, ada):
        case = case_of(ada, CaseKind.RECTIFICATION)
        given = {"elsewhere": "The payment of May was in time.", "system": "credit-system"}
        carry_out(case, "correct", changes=Changes({}, {}, ()), **given)
        row = Instruction.objects.get(recipient="credit-system", what="correct")
        assert "The payment of May was in time." in row.about
        (line,) = Outcome.objects.get(case=case).told
        assert line.outcome.startswith("On our list of those to be told")
        assert not Instruction.objects.filter(recipient="shop").exists()


def test_it_costs_two_queries_more_while_nothing_is_held(ada, file):
    with CaptureQueriesContext(connection) as without:
        file(SHOP, OTHER)
    asked = [one["sql"] for one in without if "disclosures_instruction" in one["sql"]]
    assert len(asked) == 2  # what was corrected, who was erased
    correct(ada, {"surname": "Lovelace"})
    counts = []
    for extra in (0, 8):
        for number in range(extra):
            person = make.CustomerFactory(customer_number=f"M{number}", surname="Rao")
            correct(person, {"surname": f"Rao{number}"})
        lines = [f"M{number},,Wrong,,,,," for number in range(extra)]
        with CaptureQueriesContext(connection) as with_it:
            assert len(file(SHOP.replace("Ms", "Dr"), *lines).held) == 1 + extra
        counts.append(len(with_it))
    assert counts[1] <= counts[0] + 1
