"""Whatever arrives: the command ends with 0, nothing is lost, nobody else is touched, nothing takes
long."""

import io
import random
import sys
import time

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from compliance.mailbox import (
    candidates,
    charsets,
    classify,
    headers,
    intent,
    markup,
    quotations,
)
from compliance.mailbox.message_id import identify
from compliance.mailbox.models import InboundMail
from compliance.preferences.models import ChoiceEvent, Suppression
from customers.outbox import carriers
from customers.outbox.models import Message
from tests.mailbox.conftest import EXPECTED, message, receive
from tests.strength import examples

US = "privacy@hartwell.example"
ALL = [message(name) for name in EXPECTED]
QUICK = settings(max_examples=examples(120), deadline=None, suppress_health_check=list(HealthCheck))
PIECES = [
    b"From: ",
    b"ada@example.org",
    b"<",
    b">",
    b"\r\n",
    b"\n\n",
    b"=?utf-8?B?",
    b"?=",
    b"> ",
    b"=",
    b"\t",
    b"--b\n",
    b"Content-Type: multipart/mixed; boundary=b\n",
    b"--b--",
    b"\xff\xfe",
    b"\0",
    b"stop emailing me",
    b"Subject: ",
    b"A100 Lovelace",
    b"message/rfc822",
    b"Content-Transfer-Encoding: base64\n",
    b"charset=",
    b"<html><blockquote>",
    b"<!--",
    "don’t unsubscribe".encode(),
]


@given(
    st.one_of(st.binary(max_size=400), st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join))
)
@example(b"")
@example(b"\n\n\n")
@example(b"From: \n\n")
@QUICK
def test_anything_is_understood_without_a_fault(raw):
    seen = classify.classify(raw, US)
    assert isinstance(seen.text, str)
    assert seen.intent.channels if seen.intent.stops else not seen.intent.channels
    seen.text.encode()


@given(st.text(max_size=300))
@QUICK
def test_any_text_goes_through_every_reader(text):
    for read in (
        headers.words,
        markup.to_text,
        charsets.plain,
        quotations.split_parts,
        quotations.forwarded,
        candidates.telephone,
    ):
        read(text)
    headers.people([text])
    intent.decide(text, text)
    candidates.candidates(
        subject=text, own=text, signature=text, quoted=text, senders=[(text, text)]
    )


@given(st.sampled_from(list(range(len(ALL)))), st.integers(0, 2**32))
@QUICK
def test_a_damaged_message_is_understood_without_a_fault(number, seed):
    classify.classify(damaged(ALL[number], random.Random(seed)), US)


def damaged(raw, chance):
    """A message with bytes changed, cut out, doubled or put in."""
    data = bytearray(raw)
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(9)))
            case 1:
                del data[at : at + chance.randrange(30)]
            case 2:
                data[at:at] = data[at : at + chance.randrange(60)]
            case 3 if data:
                data[at % len(data)] = chance.randrange(256)
            case _:
                data[at:at] = chance.choice(PIECES)
    return bytes(data)


@pytest.mark.slow
def test_the_command_takes_a_hundred_damaged_messages_and_loses_none(cast, monkeypatch):
    chance = random.Random(2007)
    seen = set()
    messages = [damaged(chance.choice(ALL), chance) for _ in range(90)]
    for raw in messages + [chance.randbytes(chance.randrange(900)) for _ in range(10)]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        call_command("receive_mail")
        seen.add(raw)
    kept = {mail.original for mail in InboundMail.objects.all()}
    assert len(kept) == InboundMail.objects.count()
    assert all(raw in kept or any(same(raw, other) for other in kept) for raw in seen)
    assert not InboundMail.objects.filter(state="received").exists()
    untouched = {cast["namesake"].pk}
    assert not untouched & set(ChoiceEvent.objects.values_list("customer", flat=True))
    for mail in InboundMail.objects.filter(state="ignored"):
        assert mail.reference == ""


def same(one, other):
    return identify(one) == identify(other)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"<" * 50_000,
        b"Subject: " + b"=?utf-8?Q?" * 9_000,
        b"\n" + b"<div>" * 60_000,
        b"\n" + b"> " * 200_000,
        b"\n" + b"On a b wrote\n" * 20_000,
        b"\n" + b"From: x\n" * 30_000,
        b"\n" + b"do not want " * 30_000,
        b"\n" + b"my name is " * 20_000,
        b"\n" + b"customer number " * 20_000,
        b"\n" + b"0 " * 150_000,
        b"Subject: x\n" * 20_000,
        b"Content-Type: text/html\n\n" + b"<!--" * 90_000,
        b"Content-Type: text/html\n\n" + b"<a href=" * 40_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 60_000,
        b"From: " + b'"' * 80_000,
        b"From: " + b"(" * 80_000,
        b"From: " + b"a@b," * 20_000,
        b"X: " + b"a" * 100_000 + b"\n" * 100_000,
    ],
    ids=range(18),
)
def test_hostile_messages_take_no_long_time(raw, benchmark_seconds):
    benchmark_seconds(lambda: classify.classify(raw, US))


@pytest.fixture
def benchmark_seconds():
    """Run something that must not take seconds, by the time that this process has worked, whatever
    else the machine does."""

    def run(work):
        begun = time.process_time()
        work()
        assert time.process_time() - begun < 2

    return run


class TestWhoIsAnswered:
    @given(
        st.sampled_from(["auto-replied", "auto-generated", "AUTO-NOTIFIED; x=y"]),
        st.sampled_from(range(len(ALL))),
    )
    @QUICK
    def test_never_what_says_that_a_program_wrote_it(self, how, number):
        assert not classify.classify(
            f"Auto-Submitted: {how}\n".encode() + ALL[number], US
        ).answerable

    def test_our_own_answers_are_never_answered(self, cast):
        receive(message("stop"))
        # The second one is sent back in the customer's name.
        ours = carriers.as_email(Message.objects.get()).message().as_bytes()
        bounced = ours.replace(b"From: ", b"X-From: ").replace(b"To: ", b"From: ", 1)
        for raw in (ours, bounced):
            assert not classify.classify(raw, US).answerable
            receive(raw)
        assert Message.objects.count() == 1
        assert Suppression.objects.count() == 4
