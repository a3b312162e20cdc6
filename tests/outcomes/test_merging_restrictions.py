"""Two requests put together: what the second one restricted goes on in the restriction of the first."""

import datetime

import pytest

from audit.models import Entry
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Restriction
from compliance.casework.actions import work
from compliance.disclosures.models import Instruction
from compliance.outcomes import restriction
from compliance.register import actions as register_actions
from compliance.register import gate
from compliance.retention.models import LegalHold
from tests.outcomes.effects import BY, NOW, TODAY, ada, case_of

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(hours=1)
SOON = NOW + datetime.timedelta(hours=2)


@pytest.fixture(autouse=True)
def _register(db):
    register_actions.load(by="job:test")


def twice(customer, *purposes: str, identified: bool = True):
    """The same kind of request twice, each about one use, put together an hour later."""
    first, second = (
        case_of(
            customer,
            CaseKind.OBJECTION,
            identified=identified,
            codes={"purposes": [purpose] if purpose else []},
        )
        for purpose in purposes
    )
    work.merge(second, into=first, by=BY, now=LATER)
    return first


def test_what_either_stopped_stays_stopped():
    customer = ada()
    first = twice(customer, "fraud-prevention", "tailoring")
    one = Restriction.objects.in_force().get()
    assert (one.case, one.purposes) == (first, ["fraud-prevention", "tailoring"])
    assert not gate.may_use(customer, "fraud-prevention", now=SOON)
    assert not gate.may_use(customer, "tailoring", now=SOON)
    assert gate.may_use(customer, "agency-reports", now=SOON)
    assert not restriction.stranded(Restriction.objects.in_force()).exists()


def test_nothing_named_is_everything_but_what_the_other_names_stops_too():
    customer = ada()
    twice(customer, "", "fraud-prevention")
    assert Restriction.objects.in_force().get().purposes == []
    assert not gate.may_use(customer, "fraud-prevention", now=SOON)
    assert not gate.may_use(customer, "agency-reports", now=SOON)
    assert gate.may_use(customer, "payment-recovery", now=SOON)


def test_the_second_ends_as_a_part_of_the_first_with_one_hold_left():
    customer = ada()
    first = twice(customer, "fraud-prevention", "agency-reports")
    ended = Restriction.objects.get(lifted_on__isnull=False)
    assert (ended.joined_to.case, ended.mistaken, ended.lifted_on) == (first, False, TODAY)
    assert LegalHold.objects.standing().get() == ended.joined_to.hold
    entries = Entry.objects.filter(event="restriction_changed")
    assert [one.facts["change"] for one in entries].count("joined") == 1
    assert not ended.case.events.filter(codes__effect="lift").exists()


def test_our_systems_are_told_the_scope_of_both_and_nothing_twice():
    twice(ada(), "credit-decision", "agency-reports")
    open_ones = Instruction.objects.unsettled().filter(recipient="credit-system")
    assert [sorted(row.parts) for row in open_ones] == [["agency-reports", "credit-decision"]]
    overtaken = Instruction.objects.filter(impossible_on__isnull=False)
    assert {row.impossible_why for row in overtaken} == {restriction.OVERTAKEN}


def test_unproved_it_lasts_as_long_as_the_later_one():
    first = twice(ada(), "fraud-prevention", "tailoring", identified=False)
    row = Restriction.objects.in_force().get()
    assert (row.case, row.confirmed_at) == (first, None)
    assert row.expires_on == TODAY + restriction.UNPROVED
    assert row.purposes == ["fraud-prevention", "tailoring"]


def test_where_the_first_has_ended_the_second_takes_its_place():
    customer = ada()
    first = case_of(customer, CaseKind.RESTRICTION)
    Restriction.objects.update(
        warned_on=TODAY - datetime.timedelta(days=9),
        warned_by=BY,
        lifted_on=TODAY - datetime.timedelta(days=1),
        lifted_by=BY,
    )
    second = case_of(customer, CaseKind.RESTRICTION)
    work.merge(second, into=first, by=BY, now=LATER)
    assert Restriction.objects.in_force().get().case == first
    assert not gate.may_use(customer, "agency-reports", now=SOON)
