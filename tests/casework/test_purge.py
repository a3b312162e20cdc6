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
from compliance.retention.explain import explain
from compliance.retention.rules import PurgePlan
from customers.matching import Given
from customers.outbox.models import Message
from tests import factories as make
from tests.casework.desk import STAFF, ada, carried_out, on
from tests.portal.asking import follow
from tests.register.ready import confirmed
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


class TestOpenRequestsKeepWhatTheyNeed:
    """What an open request needs is not purged, whatever its period; what is kept for days alone
    is, and so is everything once the request is answered."""

    LATER = datetime.date(2034, 1, 1)

    def had(self, kind, **rest):
        """A customer whose notes, orders and former proof are past their time, with an open
        request."""
        customer = ada()
        for _ in range(2):
            make.ContactNoteFactory(customer=customer, thread_closed_on=datetime.date(2026, 7, 1))
            make.OrderLineFactory(
                order=make.OrderFactory(customer=customer, placed_on=datetime.date(2026, 6, 1)),
                supplied_on=datetime.date(2026, 6, 1),
            )
        make.CustomerVisitFactory(customer=customer)
        case = intake.take(
            kind=kind,
            channel="letter",
            given=Given(name="Ada"),
            token=uuid.uuid4(),
            by=STAFF,
            now=on(2),
            customer=customer,
            **{"identified": True, **rest},
        )
        return customer, case

    def left(self, customer) -> tuple[int, int, int]:
        purge(self.LATER)
        return (
            customer.contact_notes.count(),
            customer.orders.count(),
            customer.visits.count(),
        )

    def test_a_copy_needs_everything_but_what_lasts_for_days(self):
        customer, case = self.had(CaseKind.ACCESS)
        assert self.left(customer) == (2, 2, 0)
        line = next(
            one for one in engine.survey(PurgePlan(self.LATER)) if one.kept.get("open request")
        )
        assert line.due == 0
        assert line.held == line.kept["open request"] == 2
        work.withdraw(case, by=STAFF, now=on(20))
        assert self.left(customer) == (0, 0, 0)

    def test_a_question_about_agencies_needs_no_note(self):
        customer, _ = self.had(CaseKind.AGENCIES)
        make.DisclosureFactory(
            customer=customer,
            kind="credit_search",
            recipient="experian",
            recipient_name="Experian",
            occurred_on=datetime.date(2026, 6, 1),
            negotiations_ended_on=None,
        )
        assert self.left(customer) == (0, 0, 0)
        assert customer.disclosures.count() == 1

    def test_nobody_proven_keeps_nothing_past_the_day_to_answer(self):
        customer, case = self.had(CaseKind.ACCESS, identified=False)
        work.ask(
            case, what="identity", text="Who?", ground="warning", reason="Odd.", by=STAFF, now=on(3)
        )
        assert self.left(customer) == (0, 0, 0)

    def test_the_page_says_what_keeps_it(self):
        customer, _ = self.had(CaseKind.ACCESS)
        confirmed("contact_note")
        said = [
            one.sentence
            for one in explain(customer, today=self.LATER)
            if one.label == "customers.ContactNote"
        ]
        assert said == [
            "Kept until a request that is open and needs it is answered: "
            "its period ended on 1 July 2029."
        ]
