"""Actions that meet: the trail is the last lock of each, so they wait for one another and never in a
circle; and what loses a race all the same is done again."""

import threading
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, transaction
from django.db.utils import InterfaceError
from django.http import HttpResponse
from django.test import RequestFactory
from psycopg2.errors import DeadlockDetected

from audit import chain
from audit.models import Entry
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Letter
from compliance.casework.actions import work
from compliance.letters import versions
from compliance.preferences.actions import object_to
from compliance.retention import engine, holds
from compliance.retention.models import LegalHold
from customers.models import Customer
from jobs import races
from jobs.races import TryAgainMiddleware, tried_again
from tests import factories as make
from tests.casework.desk import STAFF, ada, on, opened
from tests.casework.test_work_together import at_once


def ended(cause=DeadlockDetected):
    """A fault as PostgreSQL reports it."""

    class Told(cause):
        pgcode = "40P01"

    fault = OperationalError("ended")
    fault.__cause__ = Told() if cause is DeadlockDetected else cause()
    return fault


class TestTryingAgain:
    @pytest.fixture(autouse=True)
    def _no_pause(self, monkeypatch):
        monkeypatch.setattr(races.time, "sleep", lambda seconds: None)
        monkeypatch.setattr(races, "connection", type("Outside", (), {"in_atomic_block": False}))

    def test_what_lost_twice_is_done_the_third_time(self):
        faults = [ended(), ended()]

        def action():
            if faults:
                raise faults.pop()
            return "done"

        assert tried_again(action) == "done"

    def test_it_ends(self):
        tries = []

        def action():
            tries.append(1)
            raise ended()

        with pytest.raises(OperationalError):
            tried_again(action)
        assert len(tries) == races.TRIES

    def test_a_database_that_is_away_is_no_race(self):
        tries = []

        def action():
            tries.append(1)
            raise ended(InterfaceError)

        with pytest.raises(OperationalError):
            tried_again(action)
        assert len(tries) == 1

    def test_a_page_is_answered_anew_with_all_that_was_sent(self):
        read, faults = [], [ended()]

        def view(request):
            read.append(request.FILES["scan"].read())
            if faults:
                raise faults.pop()
            return HttpResponse(request.POST["words"])

        scan = SimpleUploadedFile("scan.pdf", b"%PDF-1.7")
        request = RequestFactory().post("/", {"words": "Please.", "scan": scan})
        answer = TryAgainMiddleware(view).process_view(request, view, (), {})
        assert (answer.content, read) == (b"Please.", [b"%PDF-1.7", b"%PDF-1.7"])

    def test_nobody_is_told_that_the_database_did_not_answer(self):
        assert "did not answer" not in races.in_words(ended())
        assert "did not answer" in races.in_words(ended(InterfaceError))


@pytest.mark.django_db(transaction=True)
class TestMeeting:
    def test_a_deadlock_is_done_again(self):
        one, other = make.CustomerFactory.create_batch(2)
        met = threading.Barrier(2)

        def change(first, second):
            def both():
                with transaction.atomic():
                    for number, who in enumerate((first, second)):
                        Customer.objects.select_for_update().get(pk=who.pk)
                        if not number:
                            with suppress(threading.BrokenBarrierError):
                                met.wait(3)  # only the first time does the other come too
                return "done"

            return lambda: tried_again(both, between=met.abort)

        assert at_once(change(one, other), change(other, one)) == ["done", "done"]

    def test_the_first_use_of_a_wording_and_its_editor(self, monkeypatch):
        """One writes an entry and then needs the letter's lock, the other has the lock and then writes an
        entry."""
        ada()
        case = opened(CaseKind.ACCESS)
        wait, met = versions._wait, threading.Barrier(2)
        texts = {**versions.texts_in_use(Letter.MESSAGE)}
        texts["words"] = "We write to you about this:\n\n{text}"

        def held(letter):
            wait(letter)
            if threading.current_thread().name == "editor":
                met.wait(10)

        monkeypatch.setattr(versions, "_wait", held)

        def writes():
            with transaction.atomic():
                work.note(case, text="Rang.", by=STAFF, now=on(9))
                met.wait(10)
                work.write(case, text="We are on it.", by=STAFF, now=on(9))
            return "done"

        def edits():
            threading.current_thread().name = "editor"
            versions.save(Letter.MESSAGE, texts, seen=0, why="Plainer.", by=STAFF, now=on(9))
            return "done"

        assert at_once(writes, edits) == ["done", "done"]
        assert list(chain.faults()) == []
        assert Entry.objects.filter(event="letter_wording_saved").count() >= 1

    @pytest.mark.slow
    def test_everybody_at_once(self):
        person = ada()
        cases = [opened(kind) for kind in (CaseKind.ACCESS, CaseKind.ERASURE)]

        def again(doing):
            def thrice():
                for number in range(3):
                    tried_again(lambda number=number: doing(number))
                return "done"

            return thrice

        doings = [
            *(
                again(
                    lambda number, case=case: work.write(
                        case, text=f"Number {number}.", by=STAFF, now=on(9 + number)
                    )
                )
                for case in cases
            ),
            again(
                lambda number: holds.place(
                    person,
                    kind=LegalHold.Kind.LITIGATION,
                    reason=f"Claim {number}",
                    by=STAFF,
                    now=on(9),
                    review_on=on(20).date(),
                )
            ),
            again(
                lambda number: object_to(
                    customer=person,
                    channels=["email"],
                    senders=["us"],
                    source="letter",
                    by=STAFF,
                    now=on(9 + number),
                )
            ),
            again(
                lambda number: engine.run(
                    as_of=on(9).date(), now=on(9), by="job:test", accept_defaults=True
                )
            ),
        ]
        assert at_once(*doings) == ["done"] * len(doings)
        assert list(chain.faults()) == []
