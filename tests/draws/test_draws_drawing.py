"""Drawing: once, from all entries, so that anybody can check it; and what remains when the entries
are gone."""

import datetime
import io
import json
import threading
import uuid

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import events
from audit.actions import AlreadyDone, Refused
from audit.models import Entry
from compliance.register import actions as register
from compliance.register.models import RetentionRule
from customers.draws import draw_actions, fairness, published
from customers.draws import entries as entering
from customers.draws.entries import Entrant
from customers.draws.models import DrawEvidence, PrizeDraw, PrizeEntry, PrizePass
from customers.outbox.models import Message
from tests import factories as make
from tests.retention.conftest import make_register
from tests.strength import examples

DAY = datetime.date
pytestmark = pytest.mark.django_db
CLOSED = datetime.datetime(
    2026, 6, 30, 23, 0, tzinfo=datetime.UTC
)  # midnight in London: July has begun
OPEN = CLOSED - datetime.timedelta(microseconds=1)
BY = "job:tests"


def draw_of(entries, **values) -> PrizeDraw:
    draw = make.PrizeDrawFactory(
        **{
            "published": True,
            "code": "hamper",
            "name": "Summer hamper",
            "opens_on": DAY(2026, 6, 1),
            "closes_on": DAY(2026, 6, 30),
            "winner_count": 2,
            **values,
        }
    )
    make.PrizeEntryFactory.create_batch(entries, draw=draw, entered_on=DAY(2026, 6, 2))
    return draw


@pytest.fixture
def hamper():
    return draw_of(9)


def command(name, *arguments, at=CLOSED):
    """The exit code and all that was printed."""
    out = io.StringIO()
    try:
        with time_machine.travel(at, tick=False):
            call_command(name, *arguments, stdout=out, stderr=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


class TestRunning:
    def test_winners_are_those_of_the_seed(self, hamper):
        seed, tickets = hamper.seed, set(hamper.entries.values_list("ticket", flat=True))
        code, printed = command("run_prize_draw", "hamper")
        evidence = DrawEvidence.objects.get()
        order = fairness.ranking(seed, tickets)
        assert (code, evidence.winners, evidence.reserves) == (0, order[:2], order[2:5])
        assert (evidence.seed, set(evidence.tickets), evidence.by) == (
            seed,
            tickets,
            "job:run_prize_draw",
        )
        assert all(
            str(text) in printed
            for text in (*order[:5], seed, hamper.commitment, evidence.entries_digest)
        )
        won = dict(hamper.entries.exclude(awarded_on=None).values_list("ticket", "awarded_on"))
        assert won == dict.fromkeys(order[:2], DAY(2026, 7, 1))

    def test_second_run_prints_the_same_and_changes_nothing(self, hamper):
        first = command("run_prize_draw", "hamper")
        entries = Entry.objects.count()
        assert (
            command(
                "run_prize_draw", "hamper", "--winners", "7", at=CLOSED + datetime.timedelta(days=9)
            )
            == first
        )
        assert (Entry.objects.count(), DrawEvidence.objects.count(), Message.objects.count()) == (
            entries,
            1,
            2,
        )

    def test_winners_are_written_to(self, hamper):
        command("run_prize_draw", "hamper")
        winners = hamper.entries.exclude(awarded_on=None)
        assert {message.recipient for message in Message.objects.filter(kind="prize_won")} == {
            one.email for one in winners
        }
        assert all(
            str(one.ticket) in "".join(message.text for message in Message.objects.all())
            for one in winners
        )

    def test_list_is_fixed_in_the_trail_before_the_seed_is_told(self, hamper, trail):
        command("run_prize_draw", "hamper")
        fixed, made = trail("draw_list_fixed"), trail("draw_made")
        assert fixed.number < made.number
        assert fixed.facts == {
            "draw": hamper.pk,
            "entries": 9,
            "digest": DrawEvidence.objects.get().entries_digest,
        }
        assert made.facts["commitment"] == hamper.commitment

    def test_dry_run_tells_no_winner_and_changes_nothing(self, hamper):
        code, printed = command("run_prize_draw", "hamper", "--dry-run")
        assert (code, DrawEvidence.objects.count(), Entry.objects.count()) == (0, 0, 0)
        assert f"{fairness.list_digest(hamper.entries.values_list('ticket', flat=True))}" in printed
        assert not [
            ticket
            for ticket in hamper.entries.values_list("ticket", flat=True)
            if str(ticket) in printed
        ]
        assert hamper.seed not in printed

    @pytest.mark.parametrize(
        ("arguments", "at", "expected", "says"),
        [
            (["hamper"], OPEN, 2, "can be entered until the end of 30 June 2026"),
            (["nothing"], CLOSED, 2, "There is no prize draw 'nothing'. On record: hamper"),
            (["hamper", "--winners", "3"], CLOSED, 2, "The published terms say 2"),
            (["hamper", "--dry-run"], OPEN, 2, "can be entered until"),
        ],
    )
    def test_refusals(self, hamper, arguments, at, expected, says):
        code, printed = command("run_prize_draw", *arguments, at=at)
        assert code == expected
        assert says in printed
        assert not DrawEvidence.objects.exists()

    def test_nobody_entered(self):
        draw_of(0)
        assert command("run_prize_draw", "hamper") == (
            1,
            "Nobody is in this draw, so there is no winner.",
        )

    def test_unpublished_terms_leave_the_number_open(self):
        draw_of(9, published=False)
        command("run_prize_draw", "hamper", "--winners", "4")
        assert len(DrawEvidence.objects.get().winners) == 4

    def test_awarded_elsewhere_is_not_drawn_again(self, hamper):
        hamper.entries.filter(pk=hamper.entries.first().pk).update(awarded_on=DAY(2026, 7, 1))
        assert command("run_prize_draw", "hamper")[0] == 2

    def test_another_seed_is_refused(self, hamper):
        PrizeDraw.objects.filter(pk=hamper.pk).update(seed="ab" * 32)
        code, printed = command("run_prize_draw", "hamper")
        assert code == 2
        assert "not the one that was fixed in advance" in printed

    def test_broken_trail_leaves_nothing(self, hamper, monkeypatch):
        monkeypatch.setattr(events, "draw_made", lambda **facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            draw_actions.run(hamper, by=BY, now=CLOSED)
        assert not DrawEvidence.objects.exists()
        assert not hamper.entries.filter(awarded_on__isnull=False).exists()
        assert not Message.objects.exists()

    @settings(
        max_examples=examples(12),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(entries=st.integers(1, 8), winners=st.integers(1, 10))
    def test_as_many_winners_as_there_can_be(self, entries, winners):
        draw = draw_of(entries, code=uuid.uuid4().hex, winner_count=winners)
        evidence = draw_actions.run(draw, by=BY, now=CLOSED)
        assert len(set(evidence.winners)) == len(evidence.winners) == min(winners, entries)
        won = len(evidence.winners)
        assert len({*evidence.winners, *evidence.reserves}) == min(entries, won + max(won, 3))
        assert published.faults(evidence) == []


class TestEvidence:
    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE draws_drawevidence SET seed = repeat('0', 64)",
            "DELETE FROM draws_drawevidence",
            "UPDATE draws_prizedraw SET commitment = repeat('0', 64)",
            "UPDATE draws_prizedraw SET code = 'other'",
            "UPDATE draws_prizedraw SET closes_on = closes_on + 1",
            "UPDATE draws_prizedraw SET terms = 'Other'",
            "UPDATE draws_prizedraw SET published_at = NULL",
            "UPDATE draws_prizeentry SET ticket = gen_random_uuid()",
        ],
    )
    def test_database_refuses_to_change_it(self, hamper, change):
        draw_actions.run(hamper, by=BY, now=CLOSED)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    def test_terms_stand_from_publication_on(self, hamper):
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            PrizeDraw.objects.filter(pk=hamper.pk).update(winner_count=1)

    def test_verify_agrees(self, hamper):
        command("run_prize_draw", "hamper")
        assert command("verify_prize_draw", "hamper") == (
            0,
            "9 entries were drawn from; 9 are still held, the others erased.\nEverything agrees.\n",
        )

    def test_verify_notices_a_loser_marked_as_winner(self, hamper):
        evidence = draw_actions.run(hamper, by=BY, now=CLOSED)
        hamper.entries.filter(ticket=evidence.reserves[0]).update(awarded_on=DAY(2026, 7, 1))
        code, printed = command("verify_prize_draw", "hamper")
        assert code == 1
        assert "not those of the winners: 1 differ" in printed

    def test_verify_knows_what_is_not_there(self, hamper):
        assert (
            command("verify_prize_draw", "hamper")[0]
            == command("verify_prize_draw", "nothing")[0]
            == 2
        )

    def test_a_new_number_of_reserves_changes_no_earlier_draw(self, hamper, tmp_path, monkeypatch):
        command("run_prize_draw", "hamper")
        file = tmp_path / "draw.json"
        monkeypatch.setattr(fairness, "FEWEST_RESERVES", 5)
        file.write_bytes(Client().get("/prize-draws/hamper/draw.json").content)
        earlier = json.loads(file.read_text())
        assert (earlier["reserve_count"], len(earlier["reserves"])) == (3, 3)
        for way in ((), ("--file", str(file))):
            assert command("verify_prize_draw", "hamper", *way)[0] == 0
        del earlier["reserve_count"]
        file.write_text(json.dumps(earlier))
        assert command("verify_prize_draw", "hamper", "--file", str(file))[0] == 0

    def test_published_file_can_be_checked_by_itself(self, hamper, tmp_path):
        draw_actions.run(hamper, by=BY, now=CLOSED)
        response = Client().get("/prize-draws/hamper/draw.json")
        file = tmp_path / "draw.json"
        file.write_bytes(response.content)
        assert command("verify_prize_draw", "hamper", "--file", str(file)) == (
            0,
            "Everything agrees.\n",
        )
        given = json.loads(file.read_text())
        given["tickets"].pop()
        file.write_text(json.dumps(given))
        assert command("verify_prize_draw", "hamper", "--file", str(file))[0] == 1
        assert command("verify_prize_draw", "other", "--file", str(file))[0] == 2
        assert command("verify_prize_draw", "hamper", "--file", str(tmp_path / "none"))[0] == 2

    def test_nothing_is_published_before_the_draw(self, hamper, client):
        assert client.get("/prize-draws/hamper/draw.json").status_code == 404
        page = client.get("/prize-draws/hamper/").content.decode()
        assert hamper.commitment in page
        assert hamper.seed not in page

    def test_page_shows_how_it_ended(self, hamper, client):
        evidence = draw_actions.run(hamper, by=BY, now=CLOSED)
        page = client.get("/prize-draws/hamper/").content.decode()
        shown = (*evidence.winners, *evidence.reserves, evidence.seed, evidence.commitment)
        assert all(str(one) in page for one in shown)
        assert "How to check the draw" in page
        assert not [
            entry for entry in hamper.entries.all() if entry.name in page or entry.email in page
        ]


class TestPassingOn:
    def test_prize_goes_to_the_first_reserve(self, hamper, trail):
        evidence = draw_actions.run(hamper, by=BY, now=CLOSED)
        draw_actions.pass_on(hamper, evidence.winners[0], by="staff:1", now=CLOSED)
        draw_actions.pass_on(
            hamper, evidence.reserves[0], by="staff:1", now=CLOSED
        )  # who does not answer either
        assert draw_actions.holders(evidence) == [evidence.reserves[1], evidence.winners[1]]
        assert hamper.entries.get(ticket=evidence.reserves[1]).awarded_on == DAY(2026, 7, 1)
        assert Message.objects.filter(kind="prize_won").count() == 4
        assert published.faults(evidence) == []

    def test_twice_is_once(self, hamper):
        evidence = draw_actions.run(hamper, by=BY, now=CLOSED)
        draw_actions.pass_on(hamper, evidence.winners[0], by="staff:1", now=CLOSED)
        with pytest.raises(AlreadyDone):
            draw_actions.pass_on(hamper, evidence.winners[0], by="staff:1", now=CLOSED)
        assert PrizePass.objects.count() == 1

    def test_reserve_who_is_gone_is_left_out(self, hamper):
        evidence = draw_actions.run(hamper, by=BY, now=CLOSED)
        hamper.entries.filter(ticket=evidence.reserves[0]).delete()
        assert (
            draw_actions.pass_on(hamper, evidence.winners[0], by="staff:1", now=CLOSED).reserve
            == evidence.reserves[1]
        )

    def test_refused_without_a_prize_or_a_reserve(self):
        draw = draw_of(1)
        evidence = draw_actions.run(draw, by=BY, now=CLOSED)
        with pytest.raises(Refused, match="No reserve is left"):
            draw_actions.pass_on(draw, evidence.winners[0], by="staff:1", now=CLOSED)
        with pytest.raises(Refused, match="holds no prize"):
            draw_actions.pass_on(draw, uuid.uuid4(), by="staff:1", now=CLOSED)


@pytest.mark.slow
class TestRetention:
    def test_entries_go_and_the_evidence_stays(self, hamper, client):
        make_register()
        evidence = draw_actions.run(hamper, by=BY, now=CLOSED)
        with time_machine.travel(
            datetime.datetime(2026, 12, 31, 3, tzinfo=datetime.UTC), tick=False
        ):
            self.purge(
                DAY(2026, 12, 31)
            )  # six months after the closing day: the next day is the first that is too long
            assert set(hamper.entries.values_list("ticket", flat=True)) == set(evidence.winners)
            assert "2 are still held" in command("verify_prize_draw", "hamper")[1]
        with time_machine.travel(datetime.datetime(2028, 7, 2, 3, tzinfo=datetime.UTC), tick=False):
            self.purge(DAY(2028, 7, 2))  # two years after the award
        assert not PrizeEntry.objects.exists()
        assert command("verify_prize_draw", "hamper") == (
            0,
            "9 entries were drawn from; 0 are still held, the others erased.\nEverything agrees.\n",
        )
        assert str(evidence.winners[0]) in client.get("/prize-draws/hamper/").content.decode()

    def test_emails_about_a_draw_go_like_its_entries(self, hamper):
        register.load(by=BY)
        RetentionRule.objects.update(confirmed_on=DAY(2026, 1, 1), confirmed_by="staff:1")
        with time_machine.travel(OPEN, tick=False):
            entering.enter(
                hamper,
                Entrant("Ann", "1 Mill Lane\nBD1 1AA", "ann@example.org"),
                ticket=uuid.uuid4(),
                by="customer:visitor",
                now=OPEN,
            )
        draw_actions.run(hamper, by=BY, now=CLOSED)
        for day, kinds in (
            (DAY(2026, 12, 30), {"prize_entered", "prize_won"}),
            (DAY(2027, 1, 1), {"prize_won"}),
            (DAY(2028, 7, 1), {"prize_won"}),
            (DAY(2028, 7, 2), set()),
        ):
            with time_machine.travel(
                datetime.datetime.combine(day, datetime.time(3), datetime.UTC), tick=False
            ):
                self.purge(day)
            assert set(Message.objects.values_list("kind", flat=True)) == kinds, day

    def test_nothing_goes_a_day_too_soon(self, hamper):
        make_register()
        with time_machine.travel(
            datetime.datetime(2026, 12, 30, 3, tzinfo=datetime.UTC), tick=False
        ):
            self.purge(DAY(2026, 12, 30))
        assert hamper.entries.count() == 9

    def purge(self, day):
        call_command(
            "retention_purge",
            "--as-of",
            day.isoformat(),
            stdout=io.StringIO(),
            stderr=io.StringIO(),
        )


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_runs_are_one_draw(self, hamper):
        found = []

        def run():
            try:
                found.append(draw_actions.run(hamper, by=BY, now=CLOSED).winners)
            finally:
                connection.close()

        runs = [threading.Thread(target=run) for _ in range(4)]
        for one in runs:
            one.start()
        for one in runs:
            one.join()
        assert found == [DrawEvidence.objects.get().winners] * 4
        assert Message.objects.filter(kind="prize_won").count() == 2

    def test_entry_under_way_is_waited_for(self, hamper):
        """An entry received in time whose transaction is still open when the draw begins is in
        it."""
        begun, waiting = threading.Event(), threading.Event()

        def enter():
            try:
                with transaction.atomic():
                    make.PrizeEntryFactory(
                        draw=hamper, entered_on=DAY(2026, 6, 30), received_at=OPEN
                    )
                    begun.set()
                    waiting.wait(0.3)
            finally:
                connection.close()

        entering = threading.Thread(target=enter)
        entering.start()
        begun.wait(10)
        assert draw_actions.run(hamper, by=BY, now=CLOSED).entries == 10
        entering.join()
