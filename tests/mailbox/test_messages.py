"""Every message in messages/ does exactly what expected.csv says, and nothing to anybody else."""

import pytest

from compliance.deadlines import bank_holidays
from compliance.mailbox import confirmation
from compliance.mailbox.models import InboundMail
from compliance.preferences import contact_digests, contact_forms
from compliance.preferences.models import ChoiceEvent, Suppression
from customers.models import ContactPoint
from customers.outbox.models import Message
from tests.mailbox.conftest import EXPECTED, HERE, message, receive
from tests.preferences.forms import raise_forms


def test_every_message_is_expected_and_there_are_many():
    assert {file.stem for file in (HERE / "messages").glob("*.eml")} == set(EXPECTED)
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("name", EXPECTED)
def test_a_message_does_what_is_expected(name, cast):
    expected, mail = EXPECTED[name], receive(message(name))
    who = next((name for name, customer in cast.items() if customer == mail.customer), "")
    said = {
        "message": name,
        "state": mail.state,
        "kind": mail.kind,
        "reason": mail.reason,
        "customer": who,
        "channels": " ".join(mail.channels),
        "senders": " ".join(mail.senders),
        "addresses": expected["addresses"],
        "answered": "yes" if Message.objects.exists() else "no",
    }
    assert said == expected
    assert mail.original == message(name)
    assert stopped() == due(expected, cast)
    events = ChoiceEvent.objects.filter(customer__isnull=False)
    assert set(events.values_list("customer", flat=True)) <= {cast[who].pk if who else None}


def stopped():
    """What stands on the suppression list."""
    return set(Suppression.objects.values_list("digest", "channel", "sender"))


NOTHING_IN_THE_WAY = ("", "exception", "other_right", "another", "beside")


def due(expected, cast):
    """What should stand there: the addresses named and, for a customer who is stopped, those on
    file."""
    channels, senders = expected["channels"].split(), expected["senders"].split()
    emails = expected["addresses"].split()
    if expected["customer"] and expected["reason"] in NOTHING_IN_THE_WAY:
        emails += [
            point.value
            for point in ContactPoint.objects.filter(customer=cast[expected["customer"]])
        ]
    found = {
        (contact_digests.digest(contact_digests.email(one)), "email", sender)
        for one in emails
        for sender in senders
        if "email" in channels
    }
    profiled = {
        (digest, "online_profiling", sender)
        for digest, _, sender in found
        if "online_profiling" in channels
    }
    number = contact_digests.phone("07700 900123")
    calls = {
        (contact_digests.digest(number), channel, sender)
        for channel in ("live_call", "automated_call")
        for sender in senders
        if expected["message"] == "stop-calling"
    }
    return found | profiled | calls


def test_one_read_twice_is_done_once(cast):
    first, second = receive(message("stop")), receive(message("stop"))
    assert first.pk == second.pk
    assert InboundMail.objects.count() == Message.objects.count() == 1
    assert ChoiceEvent.objects.count() == 2


def test_what_was_stopped_is_found_under_the_next_form_too(cast, monkeypatch):
    receive(message("stop"))
    earlier = set(Suppression.objects.values_list("digest", flat=True))
    form = contact_forms.current("email")
    raise_forms(monkeypatch)
    addresses = [contact_digests.email(one) for one in EXPECTED["stop"]["addresses"].split()]
    assert addresses
    for one in addresses:
        assert earlier & set(contact_digests.digests(one))
    receive(message("stop-calling"))
    assert set(Suppression.objects.values_list("form", flat=True)) == {form, form + 1}


def test_the_answer_names_the_day_only_where_somebody_reads_it(cast):
    receive(message("stop"))
    assert "colleague" not in Message.objects.get().text
    Message.objects.all().delete()
    mail = receive(message("stop-and-where-is-my-order"))
    day = bank_holidays.last_day(confirmation.READ_WITHIN, mail.received_at)
    said = " ".join(Message.objects.get().text.split())
    assert f"a colleague reads it by {day:%A %-d %B %Y}" in said
