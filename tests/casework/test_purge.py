"""What is left of a closed case when its time has come: nothing of the person, and the line of the
log."""

import datetime
import uuid

import pytest
import time_machine

from audit.models import Entry
from compliance.cases.actions.files import attach
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Attachment, Case, CaseChallenge, CaseEvent, CaseMessage
from compliance.casework.actions import intake, work
from compliance.register import actions as register_actions
from compliance.retention import engine
from customers.matching import Given
from customers.outbox.models import Message
from tests.casework.desk import STAFF, ada, carried_out, on
from tests.portal.asking import follow
from tests.retention.test_no_trace import dump

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
PLANTED = ("Zebedee", "zebedee@example.org", "Dougal", "Florence", "Brian", "Ermintrude", "Dylan")


@pytest.fixture(autouse=True)
def _in_july():
    register_actions.load(by="job:test")
    with time_machine.travel(on(2), tick=False) as clock:
        yield clock


def worked(customer=None):
    """A case with something in every table, closed on 20 July 2026."""
    case = intake.take(
        kind=CaseKind.ACCESS,
        channel="letter",
        given=Given(name="Zebedee", email="zebedee@example.org"),
        words="All about Dougal.",
        token=uuid.uuid4(),
        by=STAFF,
        now=on(2),
        customer=customer,
    )
    follow(case.reference)
    attach(case, purpose="letter", name="Florence.txt", content=b"Dear Brian", by=STAFF, now=on(3))
    work.note(case, text="Ermintrude knows.", by=STAFF, now=on(3))
    work.identify(case, how=["called_back"], by=STAFF, now=on(3))
    return work.complete(carried_out(case), text="Here it is, Dylan.", by=STAFF, now=on(20))


def purge(day):
    now = datetime.datetime.combine(day, datetime.time(3), datetime.UTC)
    with time_machine.travel(now, tick=False):
        engine.run(as_of=day, now=now, by="job:test", accept_defaults=True)


@pytest.mark.parametrize("matched", [True, False])
def test_nothing_is_left_but_the_log(matched):
    cases = [worked(ada() if matched else None), worked()]
    found = dump()
    assert [word for word in PLANTED if word not in found] == []
    purge(datetime.date(2029, 7, 20))
    assert Case.objects.count() == 2
    purge(datetime.date(2029, 7, 21))
    for model in (Case, CaseEvent, CaseMessage, Attachment, CaseChallenge, Message):
        assert not model.objects.exists(), model
    left = dump()
    assert [word for word in PLANTED if word in left] == []
    for case in cases:
        assert Entry.objects.filter(
            event="case_step", facts__case=case.pk, facts__step="completed"
        ).exists()
