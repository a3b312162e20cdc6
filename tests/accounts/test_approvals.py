"""What takes two people: asked by one, decided by another, looked at again on a day."""

import datetime

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts import approvals
from accounts.models import Approval
from audit.actions import AlreadyDone, Refused
from audit.models import Entry
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 10, 25, 0, 30, tzinfo=datetime.UTC)  # the hour that comes twice
REVIEW = datetime.date(2027, 1, 25)


@pytest.fixture(autouse=True)
def act(monkeypatch):
    """An act of this test's own, which those may know of who see fraud markers."""
    monkeypatch.setattr(approvals, "_acts", {})
    approvals.register(
        approvals.Act(
            "trial", "A trial", "Then it is tried.", "customers.view_fraudmarker", lambda one: "/x/"
        )
    )


@pytest.fixture
def ada():
    return make.CustomerFactory()


@pytest.fixture
def asked(ada, investigator):
    def ask(subject=None, by=investigator, review_on=REVIEW):
        subject = subject or ada
        return approvals.ask(
            "trial",
            subject,
            person=subject.pk,
            reason="It would warn them.",
            review_on=review_on,
            by=by.actor,
            now=NOW,
        )

    return ask


def changes():
    found = Entry.objects.filter(event="approval_changed").order_by("number")
    return [entry.facts["change"] for entry in found]


class TestTwoPeople:
    def test_one_asks_and_another_decides(self, asked, lead, ada):
        one = approvals.approve(asked(), by=lead.actor, now=NOW)
        assert list(Approval.objects.in_force()) == [one]
        assert changes() == ["asked", "approved"]
        assert {entry.subject for entry in Entry.objects.all()} == {ada.pk}
        assert "trial" not in str([entry.facts for entry in Entry.objects.all()])

    def test_never_by_who_asked(self, asked, investigator):
        one = asked()
        for decide in (approvals.approve, approvals.refuse):
            with pytest.raises(Refused):
                decide(one, by=investigator.actor, now=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            Approval.objects.update(verdict="approved", decided_by=one.asked_by, decided_at=NOW)

    def test_refused_is_over(self, asked, lead):
        approvals.refuse(asked(), by=lead.actor, now=NOW)
        assert not Approval.objects.in_force().exists()
        assert not Approval.objects.waiting().exists()
        asked()  # and can be asked again
        assert Approval.objects.waiting().count() == 1

    def test_asked_twice_is_asked_once(self, asked):
        asked()
        asked(make.CustomerFactory())
        with pytest.raises(AlreadyDone):
            asked()
        assert Approval.objects.count() == 2

    def test_a_new_one_takes_the_place_of_the_old(self, asked, lead):
        old = approvals.approve(asked(), by=lead.actor, now=NOW)
        others = approvals.approve(asked(make.CustomerFactory()), by=lead.actor, now=NOW)
        new = approvals.approve(asked(), by=lead.actor, now=NOW)
        assert set(Approval.objects.in_force()) == {new, others}
        old.refresh_from_db()
        assert old.ended_by == lead.actor

    def test_ended_by_one(self, asked, lead, investigator):
        one = approvals.approve(asked(), by=lead.actor, now=NOW)
        approvals.end(one, by=investigator.actor, now=NOW)
        assert not Approval.objects.in_force().exists()
        with pytest.raises(AlreadyDone):
            approvals.end(one, by=lead.actor, now=NOW)

    def test_what_was_decided_does_not_change(self, asked, lead):
        approvals.approve(asked(), by=lead.actor, now=NOW)
        for change in (
            {"verdict": "refused"},
            {"review_on": datetime.date(2099, 1, 1)},
            {"what": "other"},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                Approval.objects.update(**change)

    def test_the_day_of_review_is_to_come(self, asked):
        with pytest.raises(Refused):
            asked(review_on=datetime.date(2026, 10, 25))


class TestDesk:
    LIST = "/admin/accounts/approval/"

    def page(self, one):
        return reverse("admin:accounts_approval_change", args=[one.pk])

    def do(self, client, one, step):
        return client.post(reverse("admin:accounts_approval_do", args=[one.pk, step]))

    @time_machine.travel(NOW)
    def test_waits_on_a_list_with_an_alert_for_the_other(
        self, asked, lead, investigator, signed_in
    ):
        one = asked()
        for user, told in ((lead, True), (investigator, False)):
            client = signed_in(user)
            assert ("waits for a second person" in client.get("/admin/").content.decode()) == told
            page = client.get(self.page(one)).content.decode()
            assert "It would warn them." in page
            assert ("Approve it" in page) == told
        assert "A trial" in signed_in(lead).get(self.LIST).content.decode()
        self.do(signed_in(lead), one, "approve")
        assert list(Approval.objects.in_force()) == [one]
        assert "waits for a second person" not in signed_in(lead).get("/admin/").content.decode()

    def test_the_review_is_somebodys(self, asked, lead, signed_in):
        with time_machine.travel(NOW):
            approvals.approve(asked(), by=lead.actor, now=NOW)
            assert "day of review" not in signed_in(lead).get("/admin/").content.decode()
        with time_machine.travel(datetime.datetime(2027, 1, 25, 9, tzinfo=datetime.UTC)):
            client = signed_in(lead)
            assert "1 decision of two people has reached" in client.get("/admin/").content.decode()
            assert "A trial" in client.get(self.LIST, {"state": "review"}).content.decode()

    def test_who_may_not_know_finds_nothing(self, asked, agent, operator, signed_in):
        one = asked()
        for user in (agent, operator):
            client = signed_in(user)
            assert client.get(self.LIST).status_code == 403
            assert self.do(client, one, "approve").status_code == 403
        assert list(Approval.objects.waiting()) == [one]

    def test_an_auditor_reads_and_decides_nothing(self, asked, auditor, signed_in):
        one = asked()
        client = signed_in(auditor)
        page = client.get(self.page(one)).content.decode()
        assert "It would warn them." in page
        assert "Approve it" not in page
        assert self.do(client, one, "approve").status_code == 403

    def test_as_many_queries_for_one_as_for_thirty(
        self, asked, lead, signed_in, django_assert_num_queries
    ):
        client = signed_in(lead)
        client.get(self.LIST)
        asked()
        with django_assert_num_queries(4):
            client.get(self.LIST)
        for _ in range(29):
            asked(make.CustomerFactory())
        with django_assert_num_queries(4):
            client.get(self.LIST)
