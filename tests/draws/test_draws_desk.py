"""Prize draws on the desk: written, published, drawn, passed on."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from customers.draws import draw_actions, fairness
from customers.draws.models import DrawEvidence, PrizeDraw, PrizeEntry
from tests import factories as make

DAY = datetime.date
pytestmark = pytest.mark.django_db
MAY = datetime.datetime(2026, 5, 15, 9, tzinfo=datetime.UTC)
JUNE = datetime.datetime(2026, 6, 15, 9, tzinfo=datetime.UTC)
JULY = datetime.datetime(2026, 7, 1, 9, tzinfo=datetime.UTC)
GIVEN = {
    "name": "Summer hamper",
    "code": "hamper",
    "opens_on": "2026-06-01",
    "closes_on": "2026-06-30",
    "prize": "A hamper",
    "winner_count": "1",
    "terms": "For adults.",
    "promoter": "Hartwell",
}


@pytest.fixture
def hamper():
    return make.PrizeDrawFactory(
        **{**GIVEN, "opens_on": DAY(2026, 6, 1), "closes_on": DAY(2026, 6, 30), "winner_count": 1}
    )


@pytest.fixture
def press(signed_in, hamper):
    """`press(lead, "publish", at=MAY)`: the answer to pressing the button of an action's page."""

    def send(user, action, *, at):
        with time_machine.travel(at):
            return signed_in(user).post(
                f"/admin/draws/prizedraw/{hamper.pk}/{action}/", {"do": "do"}, follow=True
            )

    return send


def change(draw):
    return reverse("admin:draws_prizedraw_change", args=[draw.pk])


class TestWriting:
    def test_new_draw_is_bound_to_a_seed(self, lead, signed_in, trail):
        signed_in(lead).post(reverse("admin:draws_prizedraw_add"), GIVEN)
        draw = PrizeDraw.objects.get()
        assert draw.commitment == fairness.commitment(draw.seed)
        assert (draw.published_at, trail("draw_changed").facts["change"]) == (None, "added")

    def test_draft_is_corrected(self, lead, signed_in, hamper):
        signed_in(lead).post(
            change(hamper), {**GIVEN, "terms": "For adults in the United Kingdom."}
        )
        hamper.refresh_from_db()
        assert hamper.terms == "For adults in the United Kingdom."

    def test_published_draw_is_only_looked_at(self, lead, signed_in, hamper):
        draw_actions.publish(hamper, by="staff:1", now=MAY)
        assert signed_in(lead).post(change(hamper), {**GIVEN, "terms": "Other"}).status_code == 403
        assert b'name="terms"' not in signed_in(lead).get(change(hamper)).content

    def test_published_while_it_was_being_written(self, lead, signed_in, hamper, monkeypatch):
        """The page was opened before a colleague published the draw: nothing is changed, and it
        stays published."""
        monkeypatch.setattr(
            "customers.draws.admin.PrizeDrawAdmin.has_change_permission", lambda *args: True
        )
        draw_actions.publish(hamper, by="staff:1", now=MAY)
        page = signed_in(lead).post(change(hamper), {**GIVEN, "terms": "Other"})
        hamper.refresh_from_db()
        assert "was published meanwhile" in page.content.decode()
        assert (hamper.terms, hamper.published_at) == ("For adults.", MAY)

    def test_seed_is_shown_to_nobody(self, lead, signed_in, hamper):
        page = signed_in(lead).get(change(hamper)).content.decode()
        assert hamper.commitment in page
        assert hamper.seed not in page

    def test_seed_is_encrypted_and_on_no_public_page(self, client, hamper):
        draw_actions.publish(hamper, by="staff:1", now=MAY)
        page = client.get(f"/prize-draws/{hamper.code}/").content.decode()
        assert "We hold it encrypted" in page
        assert hamper.seed not in page
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {PrizeDraw._meta.db_table}")
            assert hamper.seed not in str(row := cursor.fetchone())
            assert hamper.commitment in str(row)


class TestPublishing:
    def test_publishes_and_records(self, lead, press, hamper, trail):
        page = press(lead, "publish", at=MAY)
        hamper.refresh_from_db()
        assert hamper.published_at
        assert "The draw is published." in page.content.decode()
        assert trail("draw_changed").facts == {
            "draw": hamper.pk,
            "change": "published",
            "fields": [],
        }
        assert "is published already" in press(lead, "publish", at=MAY).content.decode()

    def test_half_written_draw_is_not_published(self, lead, press, hamper):
        PrizeDraw.objects.filter(pk=hamper.pk).update(terms="", promoter=" ")
        assert (
            "Write these first: terms, promoter." in press(lead, "publish", at=MAY).content.decode()
        )

    def test_closed_draw_is_not_published(self, lead, press):
        assert (
            "closing day of this draw is over" in press(lead, "publish", at=JULY).content.decode()
        )

    def test_taken_back_before_it_opens(self, lead, press, hamper):
        press(lead, "publish", at=MAY)
        press(lead, "take-back", at=MAY)
        hamper.refresh_from_db()
        assert hamper.published_at is None

    def test_not_taken_back_once_open(self, lead, press, hamper):
        press(lead, "publish", at=MAY)
        assert "its terms and dates stand" in press(lead, "take-back", at=JUNE).content.decode()


class TestDrawing:
    def test_lead_draws_and_passes_on(self, lead, press, hamper, signed_in):
        make.PrizeEntryFactory.create_batch(5, draw=hamper)
        assert "can be entered until" in press(lead, "draw", at=JUNE).content.decode()
        page = press(lead, "draw", at=JULY)
        assert "1 drawn from 5 entries. The winners are written to." in page.content.decode()
        evidence = DrawEvidence.objects.get()
        assert (evidence.by, draw_actions.holders(evidence)) == (lead.actor, evidence.winners)
        page = press(lead, f"pass-on/{evidence.winners[0]}", at=JULY)
        assert (
            f"The prize went to the reserve with the ticket {evidence.reserves[0]}"
            in page.content.decode()
        )
        assert draw_actions.holders(evidence) == evidence.reserves[:1]

    def test_a_reserve_whose_entry_was_erased_waits_no_longer(self, lead, press, hamper, signed_in):
        make.PrizeEntryFactory.create_batch(5, draw=hamper)
        press(lead, "draw", at=JULY)
        evidence = DrawEvidence.objects.get()
        page = signed_in(lead).get(change(hamper)).content.decode()
        assert page.count("Waiting") == len(evidence.reserves)
        PrizeEntry.objects.filter(ticket=evidence.reserves[0]).delete()
        page = signed_in(lead).get(change(hamper)).content.decode()
        assert page.count("Waiting") == len(evidence.reserves) - 1
        assert "Out: the entry was erased" in page
        press(lead, f"pass-on/{evidence.winners[0]}", at=JULY)
        assert draw_actions.holders(evidence) == evidence.reserves[1:2]

    def test_page_tells_who_holds_the_prizes(self, lead, signed_in, hamper):
        make.PrizeEntryFactory.create_batch(5, draw=hamper)
        evidence = draw_actions.run(hamper, by="job:tests", now=JULY)
        page = signed_in(lead).get(change(hamper)).content.decode()
        winner = hamper.entries.get(ticket=evidence.winners[0])
        assert reverse("admin:draws_prizeentry_change", args=[winner.pk]) in page
        assert "No answer: pass it on" in page
        assert winner.name not in page

    @pytest.mark.parametrize(
        "action", ["publish", "take-back", "draw", "pass-on/6f2c3c52-8f3b-4c9d-9f55-2f8f2f1d7b11"]
    )
    def test_others_may_not(self, agent, auditor, operator, press, action):
        for user in (agent, auditor, operator):
            assert press(user, action, at=JULY).status_code == 403

    def test_first_page_asks_for_the_draw(self, lead, agent, signed_in, hamper):
        with time_machine.travel(JULY):
            assert (
                "is not drawn" not in signed_in(lead).get("/admin/").content.decode()
            )  # nobody entered
            make.PrizeEntryFactory(draw=hamper)
            text = "The prize draw Summer hamper closed on 30 Jun 2026 and is not drawn."
            assert text in signed_in(lead).get("/admin/").content.decode()
            assert text not in signed_in(agent).get("/admin/").content.decode()
            draw_actions.run(hamper, by="job:tests", now=JULY)
            assert text not in signed_in(lead).get("/admin/").content.decode()


class TestStates:
    @pytest.mark.parametrize(
        ("at", "published", "entries", "won", "state"),
        [
            (MAY, False, 0, False, "draft"),
            (MAY, True, 0, False, "coming"),
            (JUNE, True, 1, False, "open"),
            (JUNE, False, 1, False, "draft"),
            (JULY, True, 0, False, "empty"),
            (JULY, True, 1, False, "to_draw"),
            (JULY, False, 1, True, "elsewhere"),
        ],
    )
    def test_state(self, hamper, at, published, entries, won, state):
        make.PrizeEntryFactory.create_batch(
            entries, draw=hamper, awarded_on=DAY(2026, 7, 1) if won else None
        )
        if published:
            PrizeDraw.objects.filter(pk=hamper.pk).update(published_at=MAY)
        assert PrizeDraw.objects.with_state().get().state(at.date()) == state

    def test_list_shows_them_in_one_query(
        self, lead, signed_in, hamper, django_assert_max_num_queries
    ):
        make.PrizeEntryFactory.create_batch(3, draw=hamper)
        make.PrizeDrawFactory.create_batch(5)
        client = signed_in(lead)
        with time_machine.travel(JULY), django_assert_max_num_queries(6):
            page = client.get(reverse("admin:draws_prizedraw_changelist")).content.decode()
        assert "Closed: to draw" in page
        assert "draw__id__exact" in page


class TestEntries:
    def test_objection_to_being_named_is_noted(self, agent, signed_in, trail):
        entry, client = make.PrizeEntryFactory(), signed_in(agent)
        url = reverse("admin:draws_prizeentry_object", args=[entry.pk])
        assert (
            url
            in client.get(
                reverse("admin:draws_prizeentry_change", args=[entry.pk])
            ).content.decode()
        )
        client.post(url, {"do": "do"})
        client.post(url, {"do": "do"})
        entry.refresh_from_db()
        assert entry.no_publicity
        assert trail("publicity_refused").subject == entry.customer_id

    def test_whoever_asks_is_told_surnames_and_towns_but_of_those_who_object(
        self, lead, signed_in, hamper, trail
    ):
        for name in ("Ada Lovelace", "Mary Ann Evans", "Zoe Hall"):
            make.PrizeEntryFactory(
                draw=hamper, name=name, address=f"1 Mill Lane\n{name[:3]}ford\nBD1 1AA"
            )
        with time_machine.travel(JULY):
            draw_actions.run(hamper, winners=3, by=lead.actor, now=JULY)
            draw_actions.leave_unnamed(_of("Zoe Hall"), by=lead.actor)
            url, client = (
                reverse("admin:draws_prizedraw_names", args=[hamper.pk]),
                signed_in(lead),
            )
            assert "Lovelace" not in client.get(url).content.decode()
            page = client.post(url, {"asker": "public"}).content.decode()
        assert "<li>Lovelace, Adaford</li>" in page
        assert "<li>Evans, Marford</li>" in page
        assert "Hall" not in page
        facts = trail("winners_named").facts
        assert (facts["asker"], facts["named"], facts["left_out"]) == ("public", 2, 1)

    def test_auditor_changes_nothing(self, auditor, signed_in):
        entry = make.PrizeEntryFactory()
        assert (
            signed_in(auditor)
            .post(reverse("admin:draws_prizeentry_object", args=[entry.pk]))
            .status_code
            == 403
        )

    def test_entry_is_found_by_its_ticket(self, agent, signed_in):
        entry, other = make.PrizeEntryFactory(), make.PrizeEntryFactory()
        found = signed_in(agent).get(
            reverse("admin:draws_prizeentry_changelist"), {"q": str(entry.ticket)}
        )
        page = found.content.decode()
        assert str(entry.ticket) in page
        assert str(other.ticket) not in page


def _of(name):
    return next(entry for entry in PrizeEntry.objects.all() if entry.name == name)
