"""Two agents at once: one carries it out, the other is told so; and a row that comes in meanwhile
undoes everything."""

import datetime
import threading
import time
import uuid

import pytest
from django.db import connection, transaction

from audit.actions import Refused
from compliance import outcomes
from compliance.cases.kinds import CaseKind, EventKind
from compliance.cases.models import Case, CaseEvent, Outcome, Restriction
from compliance.casework.actions import work
from compliance.outcomes.corrections import Changes
from compliance.retention.models import PurgeRun
from customers.models import ContactPoint, Customer
from tests import factories as make
from tests.outcomes.effects import NOW, ada, case_of, register

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(case, effect, *given) -> list[str]:
    """Press in as many threads as there are forms; what each was told, sorted."""
    said, gate = [], threading.Barrier(len(given))

    def press(number, one):
        gate.wait()
        try:
            outcomes.carry_out(
                case,
                effect,
                one,
                by=f"staff:{number}",
                now=NOW,
                token=one.get("token") or uuid.uuid4(),
            )
            said.append("done")
        except Refused as refused:
            said.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=pair) for pair in enumerate(given)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def test_two_agents_erase_once():
    register()
    case = case_of(ada())
    assert at_once(case, "erase", {}, {}) == ["Refused", "done"]
    assert (PurgeRun.objects.count(), Customer.objects.get().erased_at) == (1, NOW)


def test_one_form_pressed_twice_is_one_outcome():
    register()
    case, token = case_of(ada(), CaseKind.RECTIFICATION), uuid.uuid4()
    form = {"token": token, "changes": Changes({"title": "Dr"})}
    assert at_once(case, "correct", form, form) == ["AlreadyDone", "done"]
    assert Outcome.objects.count() == 1


def test_two_agents_correct_one_address():
    register()
    case = case_of(ada(), CaseKind.RECTIFICATION)
    point = ContactPoint.objects.get(kind="email")
    forms = [
        {"changes": Changes(replace={point.pk: f"ada{number}@example.net"})} for number in (1, 2)
    ]
    assert at_once(case, "correct", *forms) == ["Refused", "done"]
    assert ContactPoint.objects.filter(kind="email", valid_to=None).count() == 1


def test_two_requests_of_one_person_are_noted_in_each_other():
    """Each writes into the other's timeline, at the same time: they lock both in one order."""
    register()
    customer = ada()
    objection, correction = (
        case_of(customer, CaseKind.OBJECTION),
        case_of(customer, CaseKind.RECTIFICATION),
    )
    work.withdraw(case_of(customer, CaseKind.PORTABILITY), by="staff:1", now=NOW)
    weighed = {"outcome": "upheld", "purposes": ["debtor-tracing"], "reasons": "Hers."}
    thread = threading.Thread(target=at_once, args=(objection, "objection", weighed))
    thread.start()
    said = at_once(correction, "correct", {"changes": Changes({"title": "Dr"})})
    thread.join()
    assert (said, Outcome.objects.count()) == (["done"], 2)
    noted = {(case, codes["effect"], codes["elsewhere"]) for case, codes in _noted()}
    assert noted == {
        (objection.pk, "correct", correction.reference),
        (correction.pk, "objection", objection.reference),
    }


def _noted():
    """What was noted in a case of what was carried out in another."""
    rows = CaseEvent.objects.filter(kind=EventKind.NOTED, codes__has_key="elsewhere")
    return rows.values_list("case", "codes")


def test_a_restriction_and_an_erasure_do_not_wait_for_each_other():
    register()
    customer = ada()
    make.ContactNoteFactory(customer=customer)
    erasure, other = case_of(customer), case_of(customer, CaseKind.RESTRICTION, identified=False)
    said: list[str] = []

    def confirm():
        try:
            outcomes.carry_out(other, "restrict", {"ground": "claim"}, by="staff:2", now=NOW)
            said.append("restricted")
        finally:
            connection.close()

    thread = threading.Thread(target=confirm)
    thread.start()
    outcomes.carry_out(erasure, "erase", {}, by="staff:1", now=NOW)
    thread.join()
    assert (said, Restriction.objects.count()) == (["restricted"], 1)
    assert Customer.objects.get().erased_at is None  # the restriction was in place: it won


def test_an_erasure_and_a_letter_do_not_wait_for_each_other():
    """Who works on another request of the person has the trail, and needs to name the person in a
    message."""
    register()
    customer, said = ada(), []
    erasure, other = case_of(customer), case_of(customer, CaseKind.ACCESS)

    def erase():
        try:
            said.append(outcomes.carry_out(erasure, "erase", {}, by="staff:1", now=NOW).effect)
        finally:
            connection.close()

    thread = threading.Thread(target=erase)
    with transaction.atomic():
        work.note(other, text="I write to her.", by="staff:2", now=NOW)
        thread.start()
        _until_it_waits()
        work.write(other, text="We are on it.", by="staff:2", now=NOW)
    thread.join(30)
    assert said == ["erase"]


def _until_it_waits():
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("nothing ever waited")


@pytest.mark.slow
def test_a_letter_in_a_closed_case_and_erasure_do_not_wait_for_each_other():
    register()
    customer = ada()
    then = NOW - datetime.timedelta(days=4 * 366)  # so long ago that nothing keeps it
    closed = work.withdraw(
        case_of(customer, CaseKind.PORTABILITY, now=then), by="staff:1", now=then
    )
    case, said, gate = case_of(customer), [], threading.Barrier(2)

    def write():
        try:
            with transaction.atomic():
                Case.objects.select_for_update().get(pk=closed.pk)
                gate.wait()
                time.sleep(1)  # the other erases meanwhile
                work.write(closed, text="One more thing.", by="staff:2", now=NOW)
            said.append("written")
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    gate.wait()
    outcomes.carry_out(case, "erase", {}, by="staff:1", now=NOW, token=uuid.uuid4())
    thread.join()
    assert said == ["written"]
    assert Customer.objects.get().erased_at == NOW
