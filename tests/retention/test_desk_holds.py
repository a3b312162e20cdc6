"""Legal holds on the desk: placed and released on the customer's page, reviewed in their list."""

import datetime

import pytest
import time_machine
from django.db import connection

from audit.actions import AlreadyDone, Refused
from compliance.retention import holds
from compliance.retention.models import LegalHold, PurgeProgress, PurgeRun
from customers import erasure_lock
from customers.desk import page_url
from tests import factories as make

DAY = datetime.date
NOW = datetime.datetime(2026, 6, 15, 12, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def ada():
    return make.CustomerFactory(given_names="Ada", surname="Okafor")


def placing(customer):
    return f"/admin/retention/legalhold/place/{customer.pk}/"


def releasing(hold):
    return f"/admin/retention/legalhold/{hold.pk}/release/"


CLAIM = {"kind": "litigation", "reason": "Claim about a kettle.", "review_on": "2026-09-01"}


class TestPlace:
    def test_places_and_records(self, ada, lead, signed_in, trail):
        page = signed_in(lead).post(placing(ada), CLAIM, follow=True)
        hold = ada.legal_holds.get()
        assert page.redirect_chain == [(page_url(ada.pk), 303)]
        assert (hold.kind, hold.reason, hold.owner, hold.review_on) == (
            "litigation",
            "Claim about a kettle.",
            lead.actor,
            DAY(2026, 9, 1),
        )
        assert trail("hold_placed").facts == {"hold": str(hold.pk), "review_on": "2026-09-01"}

    def test_double_click_is_one_hold(self, ada, lead, signed_in):
        for _ in range(2):
            page = signed_in(lead).post(placing(ada), CLAIM, follow=True).content.decode()
        assert "That hold is in place already." in page
        assert ada.legal_holds.count() == 1

    def test_another_claim_is_another_hold(self, ada, lead, signed_in):
        signed_in(lead).post(placing(ada), CLAIM)
        signed_in(lead).post(placing(ada), {**CLAIM, "reason": "Claim about a toaster."})
        assert ada.legal_holds.count() == 2

    def test_past_review_date_keeps_what_was_typed(self, ada, lead, signed_in):
        page = (
            signed_in(lead)
            .post(placing(ada), {**CLAIM, "review_on": "2026-06-14"})
            .content.decode()
        )
        assert "The review date has passed." in page
        assert "Claim about a kettle." in page
        assert not LegalHold.objects.exists()

    def test_review_today_is_allowed(self, ada):
        assert holds.place(
            ada, kind="debt", reason="Owes.", review_on=DAY(2026, 6, 15), by="staff:1", now=NOW
        )

    def test_one_that_is_still_needed_is_looked_at_again(self, ada, lead, signed_in, trail):
        client = signed_in(lead)
        client.post(placing(ada), CLAIM)
        hold = LegalHold.objects.get()
        with time_machine.travel(NOW + datetime.timedelta(days=400), tick=False):
            client = signed_in(lead)
            assert "passed the review date" in client.get("/admin/").content.decode()
            client.post(releasing(hold).replace("release", "review"), {"review_on": "2027-10-01"})
            assert trail("hold_reviewed").facts["review_on"] == "2027-10-01"
            assert "passed the review date" not in client.get("/admin/").content.decode()

    def test_nothing_left_to_hold(self):
        stub = make.CustomerFactory.build(
            customer_number=None,
            title=None,
            given_names=None,
            surname=None,
            date_of_birth=None,
            erased_at=NOW,
        )
        stub.save()
        with pytest.raises(Refused, match="nothing left to hold"):
            holds.place(
                stub, kind="debt", reason="Owes.", review_on=DAY(2027, 1, 1), by="staff:1", now=NOW
            )

    def test_waits_for_the_purge_under_way(self, ada):
        holds.place(
            ada, kind="debt", reason="Owes.", review_on=DAY(2027, 1, 1), by="staff:1", now=NOW
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = "
                "'ExclusiveLock' "
                "AND pid = pg_backend_pid() AND (classid::bigint << 32 | objid::bigint) = %s",
                [erasure_lock.KEY],
            )
            assert cursor.fetchone() == (1,)

    def test_undone_when_it_cannot_be_recorded(self, ada, monkeypatch):
        monkeypatch.setattr("audit.events.hold_placed", lambda **facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            holds.place(
                ada, kind="debt", reason="Owes.", review_on=DAY(2027, 1, 1), by="staff:1", now=NOW
            )
        assert not LegalHold.objects.exists()


class TestRelease:
    def test_releases_and_records(self, lead, signed_in, trail):
        hold = make.LegalHoldFactory()
        assert (
            "The hold is released."
            in signed_in(lead).post(releasing(hold), follow=True).content.decode()
        )
        hold.refresh_from_db()
        assert (hold.released_on, hold.released_by) == (DAY(2026, 6, 15), lead.actor)
        assert trail("hold_released").facts == {"hold": str(hold.pk)}

    def test_second_click_says_it_is_done(self, lead, signed_in):
        hold = make.LegalHoldFactory()
        holds.release(hold, by=lead.actor, now=NOW)
        with pytest.raises(AlreadyDone):
            holds.release(hold, by=lead.actor, now=NOW)
        assert (
            "released already"
            in signed_in(lead).post(releasing(hold), follow=True).content.decode()
        )

    def test_looking_at_the_form_releases_nothing(self, lead, signed_in):
        hold = make.LegalHoldFactory()
        for _ in range(2):
            assert signed_in(lead).get(releasing(hold)).status_code == 200
        hold.refresh_from_db()
        assert hold.released_on is None


class TestWhoMay:
    def test_only_the_lead(self, ada, agent, auditor, operator, signed_in):
        hold = make.LegalHoldFactory()
        for user in (agent, auditor, operator):
            client = signed_in(user)
            assert (
                client.post(placing(ada), CLAIM).status_code
                == client.post(releasing(hold)).status_code
                == 403
            )
        assert LegalHold.objects.filter(released_on__isnull=True).count() == 1

    def test_agent_sees_holds_without_buttons(self, ada, agent, signed_in):
        make.LegalHoldFactory(customer=ada)
        page = signed_in(agent).get(page_url(ada.pk)).content.decode()
        assert "Claim about a kettle." in page
        assert "/release/" not in page


def test_a_fraud_hold_reads_like_none_to_the_agent(register, agent, lead, signed_in):
    customer = make.CustomerFactory(
        relationship_began_on=DAY(2009, 1, 1), relationship_ended_on=DAY(2011, 1, 1)
    )
    make.OrderFactory.create_batch(2, customer=customer, placed_on=DAY(2010, 1, 1))

    def read(user):
        return signed_in(user).get(page_url(customer.pk)).content.decode().partition("<main")[2]

    before = {user: read(user) for user in (agent, lead)}
    make.LegalHoldFactory(customer=customer, kind="fraud")
    assert read(agent) == before[agent]
    assert read(lead) != before[lead]


class TestLists:
    def test_soonest_review_first_and_overdue_marked(self, lead, signed_in):
        for day in (DAY(2026, 9, 1), DAY(2026, 6, 14), DAY(2026, 6, 15)):
            make.LegalHoldFactory(review_on=day, placed_at=NOW - datetime.timedelta(days=90))
        page = signed_in(lead).get("/admin/retention/legalhold/").content.decode()
        assert page.index("14 Jun 2026") < page.index("15 Jun 2026") < page.index("1 Sep 2026")
        assert page.count("Review overdue") == 1

    def test_released_ones_on_demand(self, lead, signed_in):
        make.LegalHoldFactory()
        make.LegalHoldFactory(released_on=DAY(2026, 1, 1), released_by="staff:1")
        for query, count in (
            ("", 1),
            ("?state=released", 1),
            ("?state=all", 2),
            ("?kind=debt", 0),
        ):
            page = signed_in(lead).get(f"/admin/retention/legalhold/{query}").content.decode()
            assert page.count("field-kind") == count

    def test_purge_run_adds_up_its_batches(self, lead, signed_in):
        run = PurgeRun.objects.create(
            as_of=DAY(2026, 6, 14),
            started_at=NOW,
            finished_at=NOW,
            outcome="done",
            started_by="job:x",
        )
        for erased in (700, 523):
            PurgeProgress.objects.create(
                run=run, model="customers.Order", rule="order-tax", erased=erased, at=NOW
            )
        page = signed_in(lead).get(f"/admin/retention/purgerun/{run.pk}/change/").content.decode()
        assert "1,223" in page
