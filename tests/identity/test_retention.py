"""Codes and visits go a day after they are over, messages after three years; what runs still is
kept."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from compliance.retention import engine
from customers.identity.models import CustomerChallenge, CustomerVisit
from customers.models import Customer
from customers.outbox.models import Message
from tests import factories as make
from tests.retention.conftest import make_register

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NIGHT = datetime.datetime(
    2026, 3, 30, 1, 30, tzinfo=datetime.UTC
)  # the second night of summer time
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _register():
    make_register()


def purge():
    with time_machine.travel(NIGHT, tick=False):
        engine.run(as_of=timezone.localdate(), now=timezone.now(), by="job:test")


@pytest.mark.parametrize(("over", "kept"), [(NIGHT - 2 * DAY, 0), (NIGHT - DAY, 1), (NIGHT, 1)])
def test_proof_goes_a_day_after_it_is_over(over, kept):
    make.CustomerChallengeFactory(expires_at=over, customer=None)
    make.CustomerVisitFactory(expires_at=over)
    purge()
    assert (CustomerChallenge.objects.count(), CustomerVisit.objects.count()) == (kept, kept)


def test_a_message_with_a_code_goes_a_day_after_it_ran_out():
    for days in (1, 2):
        make.MessageFactory(
            kind="one_time_code", queued_at=NIGHT - days * DAY, send_before=NIGHT - days * DAY
        )
    make.MessageFactory(
        kind="one_time_code", queued_at=NIGHT - 10 * DAY, send_before=NIGHT + 4 * DAY
    )  # a letter
    purge()
    assert Message.objects.count() == 2


def test_other_messages_go_after_three_years():
    for day in (28, 29, 30):
        make.MessageFactory(queued_at=datetime.datetime(2023, 3, day, 12, tzinfo=datetime.UTC))
    purge()
    assert Message.objects.get().queued_at.day == 30


def test_a_message_keeps_its_reader_until_it_goes():
    long_gone = {"relationship_ended_on": datetime.date(2012, 1, 1)}
    make.MessageFactory(customer=make.CustomerFactory(**long_gone), queued_at=NIGHT - DAY)
    make.MessageFactory(customer=make.CustomerFactory(**long_gone))
    purge()
    assert Message.objects.get().customer == Customer.objects.get()
    assert Customer.objects.get().surname


def test_a_visit_that_lasts_leaves_a_nameless_stub():
    gone = make.CustomerFactory(relationship_ended_on=datetime.date(2012, 1, 1))
    make.CustomerVisitFactory(customer=gone, expires_at=NIGHT)
    purge()
    gone.refresh_from_db()
    assert gone.erased_at is not None
