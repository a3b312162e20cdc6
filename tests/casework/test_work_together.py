"""Several at once: two agents, an agent and the calendar, two merges; each with real commits. And
what the purge takes."""

import datetime
import io
import threading

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from audit.actions import AlreadyDone, Refused
from compliance.cases.actions.files import attach
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Attachment, Case, CaseEvent
from compliance.casework.actions import intake, recalculation, work
from customers.matching import Given
from customers.outbox.models import Message
from tests.casework.desk import STAFF, ada, carried_out, date, on, opened

PDF = b"%PDF-1.7 a passport"


def at_once(*doings):
    """Do several things at the same moment, each on a connection of its own; what came of each."""
    start, results = threading.Barrier(len(doings)), [None] * len(doings)

    def run(number, doing):
        try:
            start.wait(10)
            results[number] = doing()
        except Refused as refused:
            results[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return results


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture
    def case(self):
        ada()
        return carried_out(opened())

    @pytest.mark.parametrize(
        "doing",
        [
            lambda case, by: work.complete(case, text="Here is your data.", by=by, now=on(9)),
            lambda case, by: work.ask(
                case,
                what="identity",
                text="Who?",
                ground="warning",
                reason="Odd.",
                by=by,
                now=on(9),
            ),
            lambda case, by: work.extend(case, reason="Six accounts.", by=by, now=on(9)),
            lambda case, by: work.write(case, text="We are on it.", number=1, by=by, now=on(9)),
        ],
    )
    def test_two_agents_get_one_result_and_one_plain_message(self, case, doing):
        results = at_once(*(lambda by=by: doing(case, by) for by in ("staff:1", "staff:2")))
        assert [type(one) for one in sorted(results, key=str)].count(AlreadyDone) == 1, results
        assert Message.objects.count() == 1
        assert CaseEvent.objects.filter(kind="written").count() == 1

    def test_one_answers_while_the_other_refuses(self, case):
        results = at_once(
            lambda: work.complete(case, text="Here.", by="staff:1", now=on(9)),
            lambda: work.refuse(case, ground="excessive", text="No.", by="staff:2", now=on(9)),
        )
        refused = [one for one in results if isinstance(one, Refused)]
        assert len(refused) == 1
        assert "Open it again first." in str(refused[0])
        assert Message.objects.count() == 1

    def test_the_same_call_logged_twice_is_one_case(self):
        customer, token = ada(), "0d9a7c3e-1c1f-4f55-9d3e-5a5f0f3b7a10"
        results = at_once(
            *[
                lambda: intake.take(
                    kind=CaseKind.ACCESS,
                    channel="telephone",
                    given=Given(),
                    token=token,
                    by=STAFF,
                    now=on(9),
                    customer=customer,
                )
            ]
            * 3
        )
        assert (
            len({one.pk for one in results}) == Case.objects.count() == Message.objects.count() == 1
        )

    def test_two_merges_into_each_other_do_not_wait_for_ever(self, case):
        other = opened()
        results = at_once(
            lambda: work.merge(other, into=case, by=STAFF, now=on(9)),
            lambda: work.merge(case, into=other, by=STAFF, now=on(9)),
        )
        assert sum(isinstance(one, Refused) for one in results) == 1
        assert Case.objects.filter(status="merged").count() == 1

    def test_an_agent_and_a_proclamation_do_not_wait_for_each_other(self, case):
        def proclaim():
            return recalculation.proclaim(
                jurisdictions=["england-and-wales"],
                day=date(3, 8),
                name="A day of thanks",
                change="added",
                proclaimed_on=date(9),
                source="x",
                why="x",
                by="staff:2",
                now=on(9),
            )

        at_once(
            proclaim,
            *[
                lambda one=one: work.note(one, text="Busy.", by=STAFF, now=on(9))
                for one in (case, *(opened() for _ in range(4)))
            ],
        )
        recalculation.recalculate_open(why="recalculated", by="job:sweep", now=on(9))
        assert set(Case.objects.values_list("due_on", flat=True)) == {date(4, 8)}


@pytest.mark.django_db
class TestThePurge:
    @pytest.fixture(autouse=True)
    def _register(self):
        call_command("load_register", confirm_defaults=True, verbosity=0)

    def purge(self, day, category="rights_request"):
        with time_machine.travel(
            datetime.datetime(day.year, day.month, day.day, 3, tzinfo=datetime.UTC), tick=False
        ):
            call_command("retention_purge", category=category, verbosity=0, stdout=io.StringIO())

    def test_a_passport_goes_thirty_days_after_it_was_checked(self):
        ada()
        case = work.ask(
            opened(),
            what="identity",
            text="Who?",
            ground="warning",
            reason="Odd.",
            by=STAFF,
            now=on(3),
        )
        attach(case, purpose="identity", name="passport.pdf", content=PDF, by=STAFF, now=on(6))
        attach(case, purpose="letter", name="letter.pdf", content=PDF, by=STAFF, now=on(6))
        work.received(case, what="identity", on=date(6), how=["document"], by=STAFF, now=on(7))
        self.purge(date(6, 8), "request_file")
        assert Attachment.objects.count() == 2
        self.purge(date(7, 8), "request_file")
        assert [row.purpose for row in Attachment.objects.all()] == ["letter"]

    @pytest.mark.parametrize(
        "end",
        [
            lambda case: work.refuse(
                case, ground="identity", text="That is not you.", by=STAFF, now=on(7)
            ),
            lambda case: work.withdraw(case, by=STAFF, now=on(7)),
        ],
    )
    def test_one_that_did_not_convince_goes_thirty_days_after_the_end(self, end):
        case = work.ask(
            opened(),
            what="identity",
            text="Who?",
            ground="warning",
            reason="Odd.",
            by=STAFF,
            now=on(3),
        )
        attach(case, purpose="identity", name="passport.pdf", content=PDF, by=STAFF, now=on(6))
        end(case)
        attach(case, purpose="identity", name="again.pdf", content=PDF + b"2", by=STAFF, now=on(7))
        self.purge(date(6, 8), "request_file")
        assert Attachment.objects.count() == 2
        self.purge(date(7, 8), "request_file")
        assert not Attachment.objects.exists()

    def test_a_merged_case_and_its_words_go_with_time(self):
        ada()
        first = opened()
        work.merge(opened(at=on(9)), into=first, by=STAFF, now=on(10))
        work.withdraw(first, by=STAFF, now=on(20), write=False)
        self.purge(date(9, 7, 2029))
        assert Case.objects.count() == 2
        self.purge(date(11, 7, 2029))
        assert Case.objects.get() == first
        self.purge(date(21, 7, 2029))
        assert not Case.objects.exists()
        assert not CaseEvent.objects.exists()

    def test_an_open_case_stays_however_old(self):
        opened()
        self.purge(date(1, 1, 2034))
        assert Case.objects.count() == 1
