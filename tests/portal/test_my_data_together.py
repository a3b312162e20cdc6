"""Two windows at once, and a customer beside a colleague: each with real commits."""

import uuid

import pytest
import time_machine

from audit.actions import Refused
from compliance import outcomes
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case
from compliance.outcomes.corrections import Changes
from compliance.portal.my_data import contact
from compliance.portal.my_data.contact import ContactWish
from compliance.register import actions as register_actions
from customers.models import ContactPoint
from customers.outbox.models import Message
from tests import factories as make
from tests.casework.test_work_together import at_once
from tests.outcomes.effects import BY, case_of
from tests.portal.asking import MINUTE, NIGHT, make_ada

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada():
    register_actions.load(by="job:test")
    with time_machine.travel(NIGHT, tick=False):
        yield make_ada()


@pytest.fixture
def visit(ada):
    return make.CustomerVisitFactory(customer=ada, expires_at=NIGHT + 60 * MINUTE)


def moves(visit, street, form):
    old = ContactPoint.objects.get(kind="address", valid_to=None).pk
    wish = ContactWish("address", f"{street}\nBradford\nBD1 1AB", old)
    return lambda: contact.change(visit.customer, wish, form=form, visit=visit, now=NIGHT)


def test_two_presses_at_once_are_one_change(visit):
    form = uuid.uuid4()
    first, second = at_once(*[moves(visit, "2 Mill Lane", form)] * 2)
    assert first == second == Case.objects.get()
    assert Message.objects.filter(means="letter").count() == 1


def test_two_windows_at_once_are_told_plainly(visit):
    results = at_once(
        *(moves(visit, street, uuid.uuid4()) for street in ("2 Mill Lane", "3 Mill Lane"))
    )
    assert [str(one) for one in results if isinstance(one, Refused)] == [
        "A contact detail was changed meanwhile. Look at the record again."
    ]
    assert (
        Case.objects.count(),
        ContactPoint.objects.filter(kind="address", valid_to=None).count(),
    ) == (1, 1)


def test_a_colleague_at_the_same_moment(ada, visit):
    case, old = case_of(ada, CaseKind.RECTIFICATION), ContactPoint.objects.get(kind="address").pk
    changes = Changes(replace={old: "4 Mill Lane\nBradford\nBD1 1AB"})
    results = at_once(
        moves(visit, "2 Mill Lane", uuid.uuid4()),
        lambda: outcomes.carry_out(case, "correct", {"changes": changes}, by=BY, now=NIGHT),
    )
    assert len([one for one in results if isinstance(one, Refused)]) == 1
    assert ContactPoint.objects.filter(kind="address", valid_to=None).count() == 1
