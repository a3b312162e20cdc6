"""An email about somebody who died: an enquiry with a day, a kind answer, and no marketing to what it
names of them; and no such answer to words about anything else."""

import datetime
import time

import pytest

from compliance.cases.models import Case
from compliance.mailbox import deaths, intent
from compliance.mailbox.request_words import pattern
from compliance.preferences import contact_digests
from compliance.preferences.models import Suppression
from customers.lenient_fields import LONGEST_WORDS
from customers.models import ContactPoint
from customers.outbox.models import Message
from tests.mailbox.conftest import message, receive

ABOUT = (
    "My late father, Charles Babbage, died on 3 May. Reach me on 07700 900999.\n\nHe lived at\nMr C Babbage\n1 Mill Lane\n"
    "Bradford\nBD1 1AA\nand used charles@example.org and 07700 900461."
)


def letter(words: str, sender: str = "grace@example.net") -> bytes:
    """An email of Grace Hopper with these words."""
    return (
        message("mother-died")
        .split(b"\n\n")[0]
        .replace(b"grace@example.net", sender.encode())
        .replace(b"mother-died", str(hash(words)).encode())
        + f"\n\n{words}".encode()
    )


@pytest.mark.parametrize(
    "words",
    [
        "My husband sadly died in March.",
        "I am writing about my late mother.",
        "Mrs Lovelace passed away.",
        "I am the executor of Ada Lovelace.",
        "I enclose the death certificate.",
        "The account holder has died.",
        "My mother has died. Please send me a copy of her data.",
    ],
)
def test_words_about_a_death_are_known(words):
    assert intent.decide("", words).kind == "bereavement"


@pytest.mark.parametrize(
    "words",
    [
        "The battery died after a day.",
        "My late order has not come.",
        "I nearly died laughing.",
        "I write on behalf of my mother.",
        "It is for a funeral on Friday.",
        "My sister wants a refund. The toaster died.",
    ],
)
def test_other_words_are_not(words):
    assert intent.decide("", words).kind != "bereavement"


def test_what_is_named_of_them_is_found_and_nothing_of_the_writer():
    found = deaths.reached(f"{ABOUT} Or write to grace@example.net.", but=["Grace@example.net"])
    assert found.lines.splitlines() == [
        "1 Mill Lane",
        "Bradford",
        "BD1 1AA",
        "charles@example.org",
        "07700 900461",
    ]
    assert deaths.name_in(ABOUT) == "Charles Babbage"


@pytest.mark.parametrize(
    "piece", ["a", "@", "a@", "0", "me a@b.uk ", "mr A", "he ", "notif", "late Aa "]
)
def test_no_text_takes_longer_than_its_length(piece):
    """A text as long as may be kept, which a search from each of its places would read for minutes."""
    words = piece * (LONGEST_WORDS // len(piece))
    began = time.process_time()
    deaths.reached(words, but=["a@b.uk"])
    deaths.name_in(words)
    pattern(*deaths.WORDS).search(words)
    assert time.process_time() - began < 2


def test_it_is_an_enquiry_and_stops_marketing_to_what_it_names(cast):
    mail = receive(letter(ABOUT))
    case = Case.objects.get()
    assert (case.kind, case.channel, case.requester) == ("bereavement", "email", "executor")
    assert (case.name, case.email) == ("Charles Babbage", "grace@example.net")
    assert case.received_at == mail.received_at
    assert case.due_on == datetime.date(2026, 7, 15)
    assert (mail.state, mail.reference, mail.customer) == ("applied", case.reference, None)
    stopped = set(Suppression.objects.values_list("digest", flat=True))
    for point in (
        contact_digests.email("charles@example.org"),
        contact_digests.phone("07700 900461"),
        contact_digests.address("Babbage", "1 Mill Lane\nBradford\nBD1 1AA"),
    ):
        assert contact_digests.digest(point) in stopped
    for point in (
        contact_digests.email("grace@example.net"),
        contact_digests.phone("07700 900999"),
    ):
        assert contact_digests.digest(point) not in stopped


def test_the_answer_is_kind(cast):
    receive(message("mother-died"))
    answer = Message.objects.get()
    assert answer.recipient == "grace@example.net"
    assert "We are very sorry." in answer.text
    assert Case.objects.get().reference in answer.text


def test_a_number_with_their_name_says_whose_marketing_stops(cast):
    receive(letter("My mother, Ada Lovelace, customer number A100, passed away last week."))
    assert Case.objects.get().customer == cast["ada"]
    theirs = [
        contact_digests.digest(contact_digests.email(point.value))
        for point in ContactPoint.objects.filter(customer=cast["ada"])
    ]
    assert set(theirs) <= set(Suppression.objects.values_list("digest", flat=True))


def test_whoever_writes_again_is_read_by_somebody(cast):
    receive(message("mother-died"))
    again = receive(letter("My mother died, as I wrote. When will you answer?"))
    assert (again.state, again.kind, again.reason) == ("desk", "bereavement", "other_right")
    assert Case.objects.count() == Message.objects.count() == 1


@pytest.mark.parametrize(
    "header", [b"Auto-Submitted: auto-generated", b"X-Auto-Response-Suppress: All"]
)
def test_who_may_not_be_answered_by_a_program_is_not(cast, header):
    assert receive(header + b"\n" + letter(ABOUT)).state == "desk"
    assert not Case.objects.exists()
    assert not Message.objects.exists()
