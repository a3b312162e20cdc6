"""One gate before every use: what stops a purpose for whom, and who asks."""

import datetime

import pytest

from compliance.cases.kinds import CaseKind
from compliance.preferences.actions import object_to
from compliance.preferences.channels import CHANNELS
from compliance.register import gate, shape
from customers.models import Customer
from tests import factories as make
from tests.outcomes.effects import BY, NOW, ada, case_of

pytestmark = pytest.mark.django_db
SOON = NOW + datetime.timedelta(hours=1)


def stopped(purpose: str) -> set[Customer]:
    return set(Customer.objects.filter(pk__in=gate.stopped(purpose, now=SOON)))


def objects(customer: Customer, *channels: str, sender: str = "us") -> None:
    object_to(
        channels=channels, senders=[sender], source="letter", by=BY, now=NOW, customer=customer
    )


class TestGate:
    def test_a_restriction_and_an_objection_stop_marketing_for_their_own(self):
        restricted, objector, third = ada(), *make.CustomerFactory.create_batch(2)
        case_of(restricted, CaseKind.RESTRICTION, identified=False)
        objects(objector, *CHANNELS)
        assert stopped("marketing") == {restricted, objector}
        assert gate.may_use(third, "marketing", now=SOON)
        assert gate.may_use(restricted, "marketing", now=SOON).stop.code == "restricted"
        assert not gate.may_use(objector, "marketing", now=SOON)

    def test_one_channel_left_is_marketing_still(self):
        objector = ada()
        objects(objector, *list(CHANNELS)[1:])
        assert gate.may_use(objector, "marketing", now=SOON)

    def test_habits_are_stopped_by_their_own_channel(self):
        first, second = ada(), make.CustomerFactory()
        objects(first, "email"), objects(second, "online_profiling")
        assert stopped("tailoring") == {second}

    def test_a_stop_counts_from_its_moment(self):
        objector = ada()
        objects(objector, *CHANNELS)
        assert gate.may_use(objector, "tailoring", now=NOW - datetime.timedelta(seconds=1))


def test_whoever_asks_asks_about_purposes_of_the_register():
    known = {purpose.code for purpose in shape.shipped().purposes}
    asked = {purpose for purposes in gate.consumers().values() for purpose in purposes}
    assert asked <= known
