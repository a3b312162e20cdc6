"""What people write when they want marketing to stop, sentence by sentence: whom it stops, and how
sure that is."""

import csv
from pathlib import Path

import pytest

from compliance.mailbox import intent
from tests.factories import ContactPointFactory, CustomerFactory
from tests.mailbox.conftest import receive

BOTH, OTHERS = ("us", "third_parties"), ("third_parties",)


@pytest.mark.parametrize(
    "words",
    [
        "Stop sending us emails at this address",
        "Please stop contacting us at this number",
        "Pls dont email again",
        "I withdraw my consent to your use of my email address for marketing purposes",
        "Please stop profiling me",
        "Please stop using my data for marketing",
        "Please do not use my details for marketing",
        "no emails",
        "Marketing: no",
        "I object to my personal data being processed for direct marketing purposes",
        "can you not send me any more offers",
        "I object to the use of my data for direct marketing",
        "Stop emailing me and stop sharing my details",
    ],
)
def test_our_own_marketing_stops_too(words):
    found = intent.decide("", words)
    assert (found.senders, found.sure) == (BOTH, True)


@pytest.mark.parametrize(
    "words",
    [
        "Do not share my details",
        "Do not pass my details on to anyone",
        "Stop selling my data",
        "Please do not share my data with third parties for marketing",
    ],
)
def test_handing_details_on_is_for_others_alone(words):
    found = intent.decide("", words)
    assert (found.senders, found.sure) == (OTHERS, True)


@pytest.mark.parametrize(
    "words", ["Too many emails", "I no longer consent", "Please honour my GDPR right to object"]
)
def test_a_half_wish_is_read_by_somebody(words):
    found = intent.decide("", words)
    assert (found.senders, found.sure) == (BOTH, False)


@pytest.mark.parametrize(
    "words",
    [
        "I did not receive the email about my order",
        "I never used the voucher, can I still order?",
        "Your emails go to spam, please resend my order confirmation",
        "Please use my new address for the catalogue",
    ],
)
def test_no_wish_is_read_into_other_words(words):
    assert not intent.decide("", words).stops


def test_more_than_the_notices_words_is_seen_by_somebody():
    found = intent.decide("email no third party marketing and stop calls too", "")
    assert (found.senders, found.exception) == (OTHERS, True)


@pytest.mark.parametrize("surname", ["Patel", "Picard", "Bruno", "Card", "House"])
def test_a_name_that_ends_like_a_label_is_a_name(db, surname):
    customer = CustomerFactory(customer_number="20004", given_names="Rajesh", surname=surname)
    ContactPointFactory(customer=customer, value="raj@example.org")
    mail = receive(
        "From: raj@example.org\nSubject: Marketing\nMessage-ID: <1@x>\n\nRajesh "
        f"{surname}\n20004\n".encode()
    )
    assert (mail.state, mail.customer, mail.channels) == ("applied", customer, ["email"])


def test_what_they_may_do_if_we_fail_weighs_less_than_what_they_ask():
    found = intent.decide(
        "Objection under Article 21(2)",
        "I object to your use of my personal data for direct marketing, and to profiling for it.\n\n"
        "Tell me before you act if this would lead to the deletion of my account.\n\n"
        "Should you not answer within a month I may complain to the Information Commissioner.",
    )
    assert (found.kind, found.sure, found.stops) == ("marketing_objection", True, True)
    asked = intent.decide("", "Please correct my date of birth. I reserve the right to complain.")
    assert asked.kind == "rectification"
    assert intent.decide("", "I may complain to the ICO").kind == "complaint_ack"


def everyday_wishes():
    return list(csv.DictReader((Path(__file__).parent / "wishes.csv").read_text().splitlines()))


@pytest.mark.parametrize("wish", everyday_wishes(), ids=lambda wish: wish["words"])
def test_a_right_is_known_by_everyday_words(wish):
    found = intent.decide("", wish["words"])
    assert found.kind == wish["kind"]
    assert not (found.stops and found.sure)
