"""Support needs: once a year somebody looks whether they are still so; what is over goes soon."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from audit.actions import AlreadyDone, Refused
from compliance.register import actions as register
from compliance.register.models import RetentionRule
from compliance.retention import engine
from customers import actions
from customers.desk import page_url
from customers.models import ContactNote
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 6, 15, 12, tzinfo=datetime.UTC)
BY = {"by": "staff:1", "now": NOW}
LIST = reverse("admin:customers_contactnote_changelist")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def need(days: int, **rest) -> ContactNote:
    """A support need that was noted so many days ago."""
    at = NOW - datetime.timedelta(days=days)
    return make.ContactNoteFactory(kind="vulnerability", at=at, text="Large print.", **rest)


def first(client) -> str:
    return client.get("/admin/").content.decode()


def test_what_nobody_looked_at_for_long_is_on_the_first_page(agent, auditor, signed_in):
    old, _ = need(335), need(334)
    make.ContactNoteFactory(kind="call", at=NOW - datetime.timedelta(days=900))
    need(900, looked_at_on=NOW.date() - datetime.timedelta(days=335))
    need(900, looked_at_on=NOW.date() - datetime.timedelta(days=334))
    need(900, support_ended_on=NOW.date())
    client = signed_in(agent)
    assert "2 support needs were not looked at for almost a year." in first(client)
    listed = client.get(f"{LIST}?support=due").content.decode()
    assert f"/contactnote/{old.pk}/" in listed
    assert "2 contact notes" in listed
    assert "support need" not in first(signed_in(auditor))


def test_it_is_still_so(agent, signed_in):
    note, client = need(400), signed_in(agent)
    page = client.get(page_url(note.customer_id)).content.decode()
    address = reverse("admin:customers_contactnote_support", args=[note.pk])
    assert address in page
    client.post(address, {"still": "yes"})
    note.refresh_from_db()
    assert (note.looked_at_on, note.support_ended_on) == (NOW.date(), None)
    assert "not looked at" not in first(client)
    with pytest.raises(AlreadyDone):
        actions.look_at_support_need(note, still=True, **BY)


def test_what_is_over_goes_after_three_months(agent, signed_in, trail):
    note = need(400, customer=make.CustomerFactory(relationship_ended_on=None))
    client = signed_in(agent)
    client.post(reverse("admin:customers_contactnote_support", args=[note.pk]), {"still": "no"})
    note.refresh_from_db()
    assert note.support_ended_on == NOW.date()
    assert trail("note_looked_at").facts == {"note": note.pk, "still": False}
    assert "Over since" in client.get(page_url(note.customer_id)).content.decode()
    with pytest.raises(Refused):
        actions.look_at_support_need(note, still=True, **BY)
    register.load(by="job:test")
    register.confirm(RetentionRule.objects.all(), by="staff:1", why="Tests.", now=NOW)
    for day, left in ((15, 1), (16, 0)):
        as_of = datetime.date(2026, 9, day)
        with time_machine.travel(datetime.datetime.combine(as_of, NOW.timetz()), tick=False):
            engine.run(as_of=as_of, now=datetime.datetime.now(datetime.UTC), by="job:test")
        assert ContactNote.objects.count() == left


def test_only_a_support_need_is_asked_about(agent, signed_in):
    note = make.ContactNoteFactory(kind="call")
    with pytest.raises(Refused):
        actions.look_at_support_need(note, still=True, **BY)
    address = reverse("admin:customers_contactnote_support", args=[note.pk])
    assert signed_in(agent).get(address).status_code == 404
