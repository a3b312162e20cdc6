"""One gate before every use: what stops a purpose for whom, and who asks."""

import datetime
from dataclasses import replace

import pytest
import time_machine
from django.core.management import call_command

from audit.models import Entry
from compliance.cases.kinds import CaseKind
from compliance.preferences.actions import object_to
from compliance.preferences.channels import CHANNELS
from compliance.register import actions, checks, gate, shape, stop_lists
from compliance.register.models import StopList
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


def test_each_purpose_has_somebody_who_asks_or_a_system_that_is_told():
    """But for those that rest on a duty of law alone: nobody can object to them."""
    register = shape.shipped()
    asked = {purpose for purposes in gate.consumers().values() for purpose in purposes}
    for purpose in register.purposes:
        assert purpose.code in asked or purpose.systems or set(purpose.bases) == {"c"}
    odd = shape.PurposeRow("odd", ("order",), ("f",))
    faults = checks.faults(replace(register, purposes=(*register.purposes, odd)))
    assert [fault.id for fault in faults if "'odd'" in fault.msg] == ["register.E014"]


class TestStopList:
    """What the shop takes, so that it leaves people out when it chooses by habits."""

    @pytest.fixture(autouse=True)
    def _register(self, db):
        actions.load(by="job:test")

    def taken(self, folder, now=SOON) -> str:
        out = folder / "list.csv"
        stop_lists.write("tailoring", out, by="job:test", now=now)
        assert out.stat().st_mode & 0o777 == 0o600
        return out.read_text()

    def test_it_holds_those_who_object_and_nobody_else(self, tmp_path):
        objector, restricted = ada(), make.CustomerFactory(customer_number="B200")
        make.CustomerFactory(customer_number="C300")
        objects(objector, "online_profiling"), case_of(restricted, CaseKind.RESTRICTION)
        assert self.taken(tmp_path) == "customer_number\nA100\nB200\n"
        assert Entry.objects.filter(event="stop_list_written").count() == 1

    def test_only_a_list_taken_since_proves_that_it_reached_the_shop(self, tmp_path):
        objector = ada()
        self.taken(tmp_path, now=NOW - datetime.timedelta(minutes=1))
        objects(objector, "online_profiling")
        assert stop_lists.taken(objector, "tailoring", now=SOON) is None
        self.taken(tmp_path)
        assert stop_lists.taken(objector, "tailoring", now=SOON).written_at == SOON
        assert stop_lists.taken(make.CustomerFactory(), "tailoring", now=SOON) is None

    def test_one_that_nobody_takes_raises_an_alarm(self, tmp_path, lead, signed_in):
        objects(ada(), "online_profiling")
        with time_machine.travel(SOON, tick=False):
            assert "write_stop_list tailoring" in signed_in(lead).get("/admin/").content.decode()
            self.taken(tmp_path)
            assert "write_stop_list" not in signed_in(lead).get("/admin/").content.decode()
        assert stop_lists.late(now=SOON + stop_lists.OVERDUE)

    def test_the_command_says_what_is_wrong(self, tmp_path, capsys):
        call_command("write_stop_list", "tailoring", "--out", str(tmp_path / "list.csv"))
        with pytest.raises(SystemExit) as end:
            call_command("write_stop_list", "nothing", "--out", str(tmp_path / "list.csv"))
        assert end.value.code == 2
        with pytest.raises(SystemExit) as end:
            call_command("write_stop_list", "tailoring", "--out", str(tmp_path / "no" / "list.csv"))
        assert end.value.code == 2
        assert StopList.objects.count() == 1
