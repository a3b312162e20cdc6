"""Taking a request in: what is stopped at once, what waits, and the same request twice."""

import datetime
import threading
import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django_tasks_db.models import DBTaskResult

from audit.actions import Refused
from compliance.preferences import contact_digests, intake, may_contact
from compliance.preferences.models import ChoiceEvent, MarketingRequest, Suppression
from customers.lenient_fields import LONGEST
from customers.matching import Given
from tests.factories import ContactPointFactory, CustomerFactory
from tests.preferences.conftest import NOON

ADA = Given(name="Ada Lovelace", email="ada@example.org")


def take(given=ADA, **changes):
    return intake.take(
        **{
            "source": "email",
            "given": given,
            "channels": ["email"],
            "senders": ["us", "third_parties"],
            "token": uuid.uuid4(),
            "by": "job:tests",
            "now": NOON,
            **changes,
        }
    )


def may(who, channel="email", sender="us"):
    return may_contact.may_contact(who, channel, sender, "marketing", NOON).reason


def test_a_customer_is_found_and_stopped(ada):
    ContactPointFactory(customer=ada, value="second@example.org")
    request = take()
    assert (request.state, request.customer, request.handled_at) == ("done", ada, NOON)
    assert may(contact_digests.email("second@example.org")) == may(ada) == "objected"
    assert set(ChoiceEvent.objects.values_list("reference", flat=True)) == {request.reference}


def test_a_stranger_is_stopped_and_waits_for_the_desk(db):
    request = take()
    assert (request.state, request.customer, request.handled_at) == ("open", None, None)
    assert may(contact_digests.email("ada@example.org")) == "objected"


def test_what_cannot_be_read_stops_nothing_else(db):
    request = take(
        Given(name="Ada", email="ada@example.org", phone="none of yours"), channels=["email", "sms"]
    )
    assert may(contact_digests.email("ada@example.org")) == "objected"
    assert request.phone == "none of yours"


def test_nothing_readable_waits_with_its_words(db):
    request = take(Given(name="Ada"), words="Stop this.\x00 My card is 4111 1111 1111 1111")
    assert request.state == "open"
    assert MarketingRequest.objects.get().words == "Stop this.  My card is [card ending 1111]"
    assert not Suppression.objects.exists()


def test_a_detail_of_no_use_to_the_channel_is_left_alone(db):
    take(Given(phone="07700 900123"))
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("name", "filed"),
    [
        ("Ada Lovelace", "Lovelace"),
        ("Ada de la Cruz", "de la Cruz"),
        ("Lovelace", "Lovelace"),
        ("Lovelace, Ada", "Lovelace"),
        ("De la Cruz, Maria Ana", "de la Cruz"),
        ("Mr Ada Lovelace Esq.", "Lovelace"),
    ],
)
def test_a_house_is_stopped_for_every_surname_that_a_name_may_hold(db, name, filed):
    take(Given(name=name, address="1 Mill Lane\nBradford\nBD1 1AA"), channels=["post"])
    assert (
        may(contact_digests.address(filed, "1 Mill Lane\nBradford\nbd11aa"), "post") == "objected"
    )
    assert (
        may(contact_digests.address("Neighbour", "1 Mill Lane\nBradford\nBD1 1AA"), "post")
        != "objected"
    )


def test_the_same_token_is_one_request(ada, trail):
    token = uuid.uuid4()
    assert take(token=token) == take(token=token, given=Given(email="other@example.org"))
    assert trail("marketing_stopped").subject == ada.pk


def test_it_counts_from_the_moment_of_its_arrival(ada, consented):
    consented(ada, at=NOON)
    take(received_at=NOON - datetime.timedelta(hours=1))
    assert may(ada) == "consent"


def test_a_job_may_look_for_the_customer(ada):
    request = take(match_later=True)
    assert (request.state, may(contact_digests.email("ada@example.org"))) == ("open", "objected")
    assert intake.match(request.pk, by="job:tests", now=NOON)
    assert not intake.match(request.pk, by="job:tests", now=NOON)
    request.refresh_from_db()
    assert (request.state, request.customer) == ("done", ada)
    assert set(ada.choice_events.values_list("reference", flat=True)) == {request.reference}


def test_a_job_that_was_lost_is_made_up_for(ada, time_machine, capsys):
    ContactPointFactory(customer=ada, value="second@example.org")
    form = take(match_later=True, source="web_form")
    DBTaskResult.objects.all().delete()
    at_once, late = NOON + datetime.timedelta(minutes=1), NOON + datetime.timedelta(minutes=3)
    assert intake.retry_lost_jobs(by="job:tests", now=at_once) == 0  # the job is given its time
    time_machine.move_to(late, tick=False)
    call_command("catch_up_suppression")
    form.refresh_from_db()
    assert (form.state, form.customer, may(contact_digests.email("second@example.org"))) == (
        "done",
        ada,
        "objected",
    )
    assert "1 requests were matched" in capsys.readouterr().out


def test_what_came_by_another_road_waits_for_a_person(ada):
    letter = take(match_later=True, source="letter")
    assert intake.retry_lost_jobs(by="job:tests", now=NOON + datetime.timedelta(days=1)) == 0
    letter.refresh_from_db()
    assert letter.state == "open"


def test_one_who_was_erased_meanwhile_is_a_stranger(ada, monkeypatch):
    gone = CustomerFactory()
    type(gone).objects.filter(pk=gone.pk).update(
        erased_at=NOON,
        customer_number=None,
        title=None,
        given_names=None,
        surname=None,
        surname_lookup=None,
        date_of_birth=None,
    )
    monkeypatch.setattr(intake.matching, "match", lambda given: gone)
    assert take().state == "open"
    assert may(contact_digests.email("ada@example.org")) == "objected"


def test_nothing_named_is_refused(db):
    for missing in ({"channels": []}, {"senders": []}):
        with pytest.raises(Refused):
            take(**missing)


@pytest.mark.django_db(transaction=True)
def test_two_that_arrive_together_are_one():
    token, gate, found = uuid.uuid4(), threading.Barrier(2), []

    def send():
        gate.wait()
        found.append(take(token=token).reference)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 2
    assert ChoiceEvent.objects.count() == 2  # one for each sender


def test_odd_text_is_kept_as_far_as_it_is_text(db):
    request = take(Given(name="\ud800\x00‮ Ada " + "x" * 9000, email="ada@example.org"))
    assert len(request.name) <= LONGEST
    assert may(contact_digests.email("ada@example.org")) == "objected"
