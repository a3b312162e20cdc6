"""Building, releasing, fetching and withdrawing a copy; what changed meanwhile; and that it goes in
the end."""

import datetime
import hashlib
import io
import zipfile
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from audit.actions import AlreadyDone, Refused
from compliance import outcomes
from compliance.access import actions, archive
from compliance.access.models import Pack, PackFetch, PackPart
from compliance.access.parts import Opened
from compliance.cases.kinds import EventKind
from compliance.cases.models import Task
from compliance.casework.actions import work
from compliance.outcomes import copies
from compliance.register import actions as register_actions
from compliance.register.models import RetentionRule
from compliance.retention import engine
from customers.matching import Given
from tests import factories as make
from tests.access.copying import (
    CHECKER,
    MINUTE,
    NOW,
    READER,
    asked,
    built,
    checked,
    leave_out,
    prepared,
    read_all,
    released,
    run_jobs,
    with_notes,
)
from tests.outcomes.effects import TODAY, carry_out
from tests.preferences.test_choices import visiting

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _register(db):
    register_actions.load(by="job:test")


@pytest.fixture(autouse=True)
def night():
    with time_machine.travel(NOW, tick=False) as night:
        yield night


@pytest.fixture
def case():
    return asked()


def fetched(pack, now=NOW) -> bytes:
    return b"".join(actions.fetch(pack, by=f"customer:{pack.customer_id}", now=now))


def written(case) -> str:
    """The last letter of a case."""
    return case.messages.order_by("-pk").first().message.text


def page(case) -> str:
    return reverse("portal:case", args=[case.reference])


class TestBuilding:
    def test_it_is_what_was_read_and_nothing_else(self, case):
        with zipfile.ZipFile(Opened(built(case))) as made:
            text = "".join(
                made.read(name).decode()
                for name in made.namelist()
                if name.endswith(("csv", "json"))
            )
        assert "[redacted: other person] called about the parcel" in text
        assert "Bertha" not in text
        assert "not yet read" not in text

    def test_it_does_not_tell_of_itself(self, case):
        with zipfile.ZipFile(Opened(built(case))) as files:
            assert "copies_of_your_data.csv" not in files.namelist()

    def test_it_is_sealed_in_parts(self, case, monkeypatch):
        monkeypatch.setattr("compliance.access.parts.PIECE", 5_000)
        pack = built(case)
        assert PackPart.objects.count() == -(-pack.size // 5_000) > 2
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM access_packpart ORDER BY number LIMIT 1")
            assert b"PK" not in bytes(cursor.fetchone()[0])[:4]
        carry_out(case, "release_copy")
        content = fetched(pack)
        assert hashlib.sha256(content).hexdigest() == pack.digest
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None

    def test_a_job_that_runs_twice_builds_once(self, case):
        pack = built(case)
        with pytest.raises(AlreadyDone):
            actions.build(pack, by="job:build_pack", now=NOW)
        assert Pack.objects.get().digest == pack.digest

    def test_a_worker_killed_half_way_leaves_nothing(self, case):
        pack = checked(case)

        def killed(target, *args, **kwargs):
            target.write(b"x" * 2_000_000)
            raise KeyboardInterrupt

        with patch.object(archive, "write", killed), pytest.raises(KeyboardInterrupt):
            actions.build(pack, by="job:build_pack", now=NOW)
        assert (PackPart.objects.count(), Pack.objects.get().state) == (0, "checked")
        run_jobs()
        assert Pack.objects.get().state == "built"

    def test_a_fault_is_told_and_can_be_tried_again(self, case, agent, signed_in):
        pack = checked(case)
        with patch.object(archive, "write", side_effect=ValueError("Bertha Mason")):
            run_jobs()
        assert Pack.objects.get().state == "failed"
        assert "could not be built" in signed_in(agent).get("/admin/").content.decode()
        actions.rebuild(pack, by=READER, now=NOW)
        run_jobs()
        assert Pack.objects.get().state == "built"

    def test_a_lost_job_is_found(self, case):
        checked(case)
        from compliance.access.actions.builds import retry_lost_jobs

        assert retry_lost_jobs(now=NOW + 30 * MINUTE) == 0
        assert retry_lost_jobs(now=NOW + 61 * MINUTE) == 1
        assert Pack.objects.get().state == "built"

    def test_a_lost_one_that_cannot_be_built_keeps_nobody_waiting(self, case, monkeypatch):
        from compliance.access.actions.builds import retry_lost_jobs

        bad, good = checked(case), checked(asked(with_notes(customer_number="A200")))
        real = archive.write
        monkeypatch.setattr(
            archive,
            "write",
            lambda target, customer, **rest: (
                1 / 0 if customer == bad.customer else real(target, customer, **rest)
            ),
        )
        assert retry_lost_jobs(now=NOW + 61 * MINUTE) == 2
        assert [Pack.objects.get(pk=one.pk).state for one in (bad, good)] == ["failed", "built"]

    def test_a_text_that_came_after_the_check_is_read_first(self, case):
        checked(case)
        make.ContactNoteFactory(customer=case.customer, text="Grace Poole called.")
        run_jobs()
        assert Pack.objects.get().state == "in_review"


class TestChanges:
    def test_our_own_work_is_no_change(self, case, night):
        pack = built(case)
        night.shift(DAY)
        visiting(case.customer).get(page(case))
        work.write(case, text="It comes soon.", by=READER, now=NOW + DAY)
        carry_out(case, "release_copy", now=NOW + DAY)
        work.complete(case, text="Here it is.", by=READER, now=NOW + DAY)
        assert actions.changed(pack) == []

    def test_a_new_order_is_told_by_its_name(self, case):
        pack = built(case)
        make.OrderFactory(customer=case.customer)
        assert actions.changed(pack) == ["Orders"]
        with pytest.raises(Refused, match="Orders"):
            carry_out(case, "release_copy")

    def test_it_may_go_as_it_was_built(self, case):
        built(case), make.OrderFactory(customer=case.customer)
        carry_out(case, "release_copy", as_built=True)
        assert Pack.objects.get().state == "released"

    def test_built_again_without_reading_again(self, case):
        pack = built(case)
        make.OrderFactory(customer=case.customer)
        actions.rebuild(pack, by=READER, now=NOW)
        run_jobs()
        assert (Pack.objects.get().state, actions.changed(Pack.objects.get())) == ("built", [])

    def test_decisions_stay_for_texts_that_did_not_change(self, case):
        pack = built(case)
        make.ContactNoteFactory(customer=case.customer, text="Grace Poole called.")
        fresh = actions.rebuild(pack, by=READER, now=NOW + MINUTE)
        assert (fresh.number, fresh.state) == (2, "in_review")
        with pytest.raises(Refused, match="One text"):
            actions.finish_review(fresh, by=READER, now=NOW + MINUTE)


class TestReleasing:
    def test_it_keeps_the_promise_of_the_case(self, case):
        built(case)
        assert not outcomes.done(case)
        carry_out(case, "release_copy")
        assert outcomes.done(case)

    def test_the_letter_says_where_and_until_when(self, case):
        released(case)
        work.complete(case, text="Here is your copy.", by=READER, now=NOW)
        text = written(case)
        assert "1 August 2026" in text
        assert "the page that follows your request" in text

    def test_not_before_it_is_clear_who_asks(self):
        with pytest.raises(Refused, match="who asks"):
            released(asked(identified=False))

    def test_not_before_it_is_built(self, case):
        prepared(case)
        with pytest.raises(Refused, match="not read, checked and built"):
            carry_out(case, "release_copy")

    def test_by_post_only_when_it_was_printed(self, case):
        pack = built(case)
        with pytest.raises(Refused, match="Print it first"):
            carry_out(case, "release_copy", means="post")
        name, content = actions.print_out(pack, by=READER, now=NOW)
        assert (name, content[:5]) == (f"copy-{case.reference}.pdf", b"%PDF-")
        carry_out(case, "release_copy", means="post")
        assert copies.latest(case, now=NOW).state == "posted"
        with pytest.raises(Refused):
            fetched(pack)

    def test_after_thirty_days_it_is_released_again(self, case):
        pack = released(case)
        work.complete(case, text="Here is your copy.", by=READER, now=NOW)
        assert copies.latest(case, now=NOW + 31 * DAY).state == "over"
        with pytest.raises(Refused, match="ask for it again"):
            fetched(pack, now=NOW + 31 * DAY)
        with time_machine.travel(NOW + 31 * DAY, tick=False):
            carry_out(case, "release_copy", now=NOW + 31 * DAY)
        assert copies.latest(case, now=NOW + 32 * DAY).state == "ready"
        assert "ready again" in written(case)

    def test_the_day_that_the_letter_names_is_whole(self, case):
        pack = released(case)
        evening = datetime.datetime(
            2026, 8, 1, 22, 59, tzinfo=datetime.UTC
        )  # one minute to midnight in London
        assert copies.latest(case, now=evening).state == "ready"
        assert copies.latest(case, now=evening + MINUTE).state == "over"
        assert (
            timezone.localdate(pack.expires_at)
            == case.outcomes.get(effect="release_copy").told[0].until
        )

    def test_nothing_held_needs_no_copy(self):
        case = asked()
        case.customer = None
        case.save()
        carry_out(case, "nothing_held", searched="By name and address.")
        assert (outcomes.done(case), outcomes.letter_context(case)["lines"][0].outcome) == (
            True,
            "We found none in the records of this portal",
        )

    def test_it_is_not_said_of_what_a_customer_gave(self):
        case = asked(given=Given(name="Ada Lovelace", email="ada@example.org"))
        case.customer = None
        case.save()
        with pytest.raises(Refused, match="that of a customer"):
            carry_out(case, "nothing_held", searched="By name.")


class TestWithdrawing:
    def test_the_download_stops_at_once(self, case):
        pack = released(case)
        carry_out(case, "withdraw_copy", reason="A neighbour is in it.")
        with pytest.raises(Refused, match="not there"):
            fetched(pack)
        assert not outcomes.done(case)
        assert case.events.filter(kind=EventKind.EFFECT, codes__effect="withdraw_copy").exists()

    def test_even_for_who_is_fetching_it(self, case, monkeypatch):
        monkeypatch.setattr("compliance.access.parts.PIECE", 5_000)
        stream = actions.fetch(released(case), by="customer:x", now=NOW)
        next(stream)
        carry_out(case, "withdraw_copy", reason="A neighbour is in it.")
        with pytest.raises(ConnectionAbortedError):
            next(stream)

    def test_a_new_one_takes_its_place(self, case):
        pack = released(case)
        work.complete(case, text="Here is your copy.", by=READER, now=NOW)
        carry_out(case, "withdraw_copy", reason="A neighbour is in it.", now=NOW + MINUTE)
        fresh = prepared(case, now=NOW + 2 * MINUTE)
        assert copies.latest(case, now=NOW + 2 * MINUTE).state == "withdrawn"
        leave_out(fresh, words="She wants it left at the door.", now=NOW + 3 * MINUTE)
        read_all(fresh, now=NOW + 3 * MINUTE)
        actions.check(fresh, by=CHECKER, now=NOW + 4 * MINUTE)
        run_jobs()
        carry_out(case, "release_copy", now=NOW + 5 * MINUTE)
        assert (fresh.number, pack.number) == (2, 1)
        assert "takes the place of the one before" in written(case)

    def test_a_case_that_was_somebody_elses_loses_its_copy(self, case):
        pack = released(case)
        case.customer = make.CustomerFactory()
        case.save()
        prepared(case)
        pack.refresh_from_db()
        assert (pack.state, Pack.objects.exclude(pk=pack.pk).get().customer) == (
            "withdrawn",
            case.customer,
        )


class TestTheCustomersPage:
    def test_ready_then_counted_then_over(self, case, night, trail):
        released(case)
        browser = visiting(case.customer)
        assert "Fetch my copy" in browser.get(page(case)).content.decode()
        response = browser.post(f"{page(case)}file/")
        assert zipfile.ZipFile(io.BytesIO(response.getvalue())).testzip() is None
        assert ("no-store" in response["Cache-Control"], response["Content-Disposition"]) == (
            True,
            f'attachment; filename="copy-of-my-data-{case.reference}.zip"',
        )
        assert "It was fetched 1 time so far" in browser.get(page(case)).content.decode()
        assert (trail("pack_fetched").actor, PackFetch.objects.get().how) == (
            f"customer:{case.customer_id}",
            "download",
        )
        night.shift(31 * DAY)
        browser = visiting(case.customer)
        said = browser.get(page(case)).content.decode()
        assert "Those 30 days are over" in said
        assert "You get it within seven days" in said
        assert browser.post(f"{page(case)}file/").url == page(case)

    def test_over_it_is_asked_for_with_a_button_that_makes_a_task(self, case, night):
        released(case)
        browser = visiting(case.customer)
        browser.post(f"{page(case)}again/")  # while it can be fetched there is nothing to ask for
        assert not Task.objects.filter(kind="new_copy").exists()
        night.shift(31 * DAY)
        browser = visiting(case.customer)
        browser.post(f"{page(case)}again/")
        for _ in range(2):
            said = browser.post(f"{page(case)}again/", follow=True).content.decode()
        task = Task.objects.get(kind="new_copy")
        assert f"again by {task.due_on:%A %-d %B %Y}" in said
        assert "Ask for it again" not in said
        carry_out(case, "release_copy", now=timezone.now())
        assert Task.objects.get(kind="new_copy").how == "fulfilled"

    def test_withdrawn_it_says_that_a_new_one_comes(self, case):
        released(case)
        carry_out(case, "withdraw_copy", reason="A neighbour is in it.")
        said = visiting(case.customer).get(page(case)).content.decode()
        task = Task.objects.get(kind="new_copy")
        assert f"A new one is coming by {task.due_on:%A %-d %B %Y}" in said
        assert "neighbour" not in said

    def test_one_that_never_left_is_not_told_of(self, case):
        built(case)
        carry_out(case, "withdraw_copy", reason="A neighbour is in it.")
        assert "A new one is coming" not in visiting(case.customer).get(page(case)).content.decode()

    def test_looking_hands_out_nothing(self, case):
        released(case)
        assert visiting(case.customer).get(f"{page(case)}file/").status_code == 405


class TestItsEnd:
    @pytest.mark.parametrize(("begun", "left"), [(370, 0), (360, 1)])
    def test_twelve_months_after_it_was_sent(self, case, begun, left):
        RetentionRule.objects.filter(category__code="access_pack").update(
            confirmed_on=TODAY, confirmed_by=READER
        )
        with time_machine.travel(NOW - begun * DAY, tick=False):
            pack = released(case, now=NOW - begun * DAY)
            fetched(pack, now=NOW - begun * DAY)
            work.complete(case, text="Here is your copy.", by=READER, now=NOW - begun * DAY)
        engine.run(as_of=TODAY, now=NOW, by="job:test", category="access_pack")
        assert (Pack.objects.count(), PackPart.objects.exists(), PackFetch.objects.exists()) == (
            left,
            bool(left),
            bool(left),
        )
