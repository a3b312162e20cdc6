"""Your choices: what a proven customer sees, stops, allows, and can prove afterwards."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from compliance.preferences import choices, consent_words, contact_digests, may_contact, wordings
from compliance.preferences.models import (
    ChoiceEvent,
    MarketingPermission,
    PreferenceServiceFile,
    Wording,
)
from compliance.register.models import NoticeVersion, Recipient
from customers.identity.models import CustomerVisit
from customers.models import ContactPoint
from customers.outbox.models import Message
from tests import visiting as visits
from tests.factories import ContactPointFactory, CustomerFactory, DisclosureFactory

NIGHT = datetime.datetime(2026, 10, 25, 0, 30, tzinfo=datetime.UTC)
URL = "/your-choices/"
HOME = "1 Mill Lane\nBradford\nBD1 1AA"


@pytest.fixture(autouse=True)
def _night(db):
    with time_machine.travel(NIGHT, tick=True):
        yield


@pytest.fixture
def notice():
    return NoticeVersion.objects.create(
        number=4,
        published_at=NIGHT - datetime.timedelta(days=1),
        published_by="staff:1",
        summary="x",
        content=[],
        digest="0" * 64,
    )


@pytest.fixture
def ada(ada):
    ContactPointFactory(customer=ada, address=True, value=HOME)
    ContactPointFactory(customer=ada, phone=True, value="+447700900111")
    return ada


def row(customer, sender="us", channel="email"):
    return next(
        one
        for one in choices.rows(customer, now=timezone.now())
        if (one.sender, one.channel) == (sender, channel)
    )


def box(customer, sender="us", channel="email"):
    """The value of the box that agrees, as the page shows it."""
    return f"{sender}:{channel}:{row(customer, sender, channel).digest}"


def visiting(customer):
    """A browser of the customer's; an earlier one is forgotten."""
    CustomerVisit.objects.filter(customer=customer).delete()
    return visits.visiting(customer)


def save(customer, client=None, **typed):
    client = client or visiting(customer)
    return client.post(URL, {"form": str(uuid.uuid4()), **typed}, follow=True)


def may(who, channel="email", sender="us"):
    return may_contact.may_contact(who, channel, sender, "marketing", timezone.now()).reason


def reference(response):
    return re.search(r"M-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", response.content.decode())[0]


class TestSeeing:
    def test_a_stranger_is_asked_for_a_code_first(self, ada):
        for method in ("get", "post"):
            response = getattr(Client(), method)(URL, {"everything": "1"})
            assert (response.status_code, response["Location"].split("?")[0]) == (302, "/prove/")
        assert not ChoiceEvent.objects.exists()

    def test_each_sender_and_channel_says_how_it_stands(self, ada, partner, notice):
        page = visiting(ada).get(URL).content.decode()
        assert page.count("<legend>") == 12
        for words in (
            "Example Home and Garden Ltd",
            "You have not objected",
            "you have not given it",
        ):
            assert words in page
        assert row(ada, "us", "post").verdict.allowed
        assert not row(ada, partner, "email").verdict.allowed

    def test_every_reason_has_words_for_the_customer(self):
        from compliance.preferences import rules

        reasons = {one.reason for one in vars(rules).values() if isinstance(one, rules.Verdict)}
        assert reasons - {"service_message"} <= set(consent_words.WHY)

    def test_what_is_shown_is_what_is_decided(self, ada, partner, consented, notice):
        consented(ada, at=NIGHT - datetime.timedelta(days=1))
        save(ada, stop=[f"{partner}:post"])
        for one in choices.rows(ada, now=timezone.now()):
            assert one.verdict.reason == may(ada, one.channel, one.sender)

    def test_no_box_is_ticked_and_no_detail_is_whole(self, ada, partner, notice):
        page = visiting(ada).get(URL).content.decode()
        assert "checked" not in page
        assert "ada@example.org" not in page
        assert "+447700900111" not in page
        assert "the number ending 0111" in page
        assert "ad…@example.org" in page

    def test_who_received_the_data_and_what_they_were_told(self, ada, partner):
        for day in (3, 9):
            DisclosureFactory(
                customer=ada,
                kind="partner_feed",
                recipient=partner,
                recipient_name="Example Ltd",
                occurred_on=datetime.date(2026, 3, day),
                negotiations_ended_on=None,
            )
        assert (
            "2 times, the first on 3 March 2026, the last on 9 March 2026"
            in visiting(ada).get(URL).content.decode()
        )
        save(ada, everything="1")
        page = visiting(ada).get(URL).content.decode()
        assert "They are on our list of those to be told that you want this to stop, by " in page
        assert "what it sends you through us; it may have your details from elsewhere too" in page

    def test_a_partner_of_the_past_can_still_be_stopped(self, ada):
        Recipient.objects.create(
            code="old",
            name="Old Ltd",
            kind="marketing_partner",
            receives="x",
            valid_to=datetime.date(2020, 1, 1),
        )
        DisclosureFactory(
            customer=ada, kind="partner_feed", recipient="old", recipient_name="Old Ltd"
        )
        assert row(ada, "old").sender_name == "Old Ltd"
        assert not row(ada, "old").may_allow
        save(ada, stop=["old:post"])
        assert may(ada, "post", "old") == "objected"

    def test_nothing_can_be_agreed_to_before_the_first_notice(self, ada):
        assert 'name="allow"' not in visiting(ada).get(URL).content.decode()

    def test_the_page_costs_few_questions(
        self, ada, partner, notice, django_assert_max_num_queries
    ):
        client = visiting(ada)
        with django_assert_max_num_queries(14):
            client.get(URL)


class TestStopping:
    def test_one_press_stops_everything(self, ada, partner):
        page = save(ada, everything="1")
        assert "Your choices are saved" in page.content.decode()
        channels = ("email", "post", "live_call", "sms")
        assert {
            may(ada, channel, sender) for channel in channels for sender in ("us", partner)
        } == {"objected"}

    def test_only_what_was_ticked_stops(self, ada, partner):
        save(ada, stop=["us:post", f"{partner}:post"])
        assert may(ada, "post") == may(ada, "post", partner) == "objected"
        assert may(ada, "online_profiling") == "legitimate_interests"

    def test_taking_a_consent_back_is_called_that(self, ada, consented):
        consented(ada, at=NIGHT - datetime.timedelta(days=1))
        save(ada, stop=["us:email"])
        event = ChoiceEvent.objects.filter(kind="withdrawal").get()
        assert (event.page, event.by, event.source) == (URL, f"customer:{ada.pk}", "choices_page")
        assert may(ada) == "objected"

    def test_a_partner_is_told_of_all_its_channels_at_once(self, ada, partner):
        DisclosureFactory(customer=ada, kind="partner_feed", recipient=partner)
        save(ada, stop=[f"{partner}:post", f"{partner}:email"])
        assert ada.instructions.get().parts == ["email", "post"]

    def test_the_page_and_an_email_say_what_changed(self, ada):
        page = save(ada, stop=["us:post"])
        message = Message.objects.get()
        assert (message.kind, message.recipient, message.customer) == (
            "choices_changed",
            "ada@example.org",
            ada,
        )
        assert reference(page) in message.text
        assert "Off: Post from Hartwell Home Shopping Ltd" in message.text
        assert "Post</strong> from Hartwell" in page.content.decode()


class TestAllowing:
    def test_the_whole_proof_is_kept(self, ada, notice):
        client = visiting(ada)
        client.post(
            URL, {"form": str(uuid.uuid4()), "allow": [box(ada)]}, REMOTE_ADDR="198.51.100.7"
        )
        event = ChoiceEvent.objects.select_related("wording").get()
        assert may(ada) == "consent"
        assert (event.kind, event.contact_value, event.page) == ("consent", "ada@example.org", URL)
        assert event.by == f"customer:{ada.pk}"
        assert (event.origin, event.notice_version, event.wording.unticked) == (
            "198.51.100.7",
            4,
            True,
        )
        assert (
            event.wording.text
            in client.get(f"/your-choices/changed/{event.reference}/").content.decode()
        )
        assert MarketingPermission.objects.get().digest == contact_digests.digest(
            contact_digests.email("ada@example.org")
        )

    def test_the_words_kept_are_those_on_the_page(self, ada, partner, notice):
        page = visiting(ada).get(URL).content.decode()
        save(ada, allow=[box(ada, partner)])
        words = Wording.objects.get()
        assert words.text in page
        assert (words.senders, words.channels) == ([partner], ["email"])
        assert "may give Example Home and Garden Ltd my name and email address" in words.text
        assert words.digest in page

    def test_words_that_changed_meanwhile_are_not_agreed_to(self, ada, partner, notice):
        old = box(ada, partner)
        Recipient.objects.update(name="Another Name Ltd")
        page = save(ada, allow=[old])
        assert "The words that you agreed to have changed" in page.content.decode()
        assert not ChoiceEvent.objects.exists()

    def test_what_is_to_stop_stops_all_the_same(self, ada, partner, notice):
        page = save(ada, allow=[f"{partner}:email:{'0' * 64}"], stop=["us:post"])
        assert "One agreement was not recorded" in page.content.decode()
        assert may(ada, "post") == "objected"

    def test_to_stop_and_to_agree_is_to_stop(self, ada, notice):
        page = save(ada, allow=[box(ada)], stop=["us:email"])
        assert "Where you ticked both" in page.content.decode()
        assert [event.kind for event in ChoiceEvent.objects.all()] == ["objection"]

    def test_of_two_addresses_only_the_chosen_one(self, ada, notice):
        second = ContactPointFactory(customer=ada, value="second@example.org")
        assert (
            f'<option value="{second.pk}">se…@example.org'
            in visiting(ada).get(URL).content.decode()
        )
        save(ada, allow=[box(ada)], **{"for:us:email": str(second.pk)})
        assert (
            may(contact_digests.email("second@example.org")),
            may(contact_digests.email("ada@example.org")),
        ) == ("consent", "no_consent")
        assert ChoiceEvent.objects.get().contact_value == "second@example.org"

    def test_of_two_addresses_none_is_guessed(self, ada, notice):
        ContactPointFactory(customer=ada, value="second@example.org")
        assert "Choose the address or number" in save(ada, allow=[box(ada)]).content.decode()
        assert not ChoiceEvent.objects.exists()

    def test_anothers_address_is_of_no_use(self, ada, notice):
        foreign = ContactPointFactory(customer=CustomerFactory(), value="foreign@example.org")
        ContactPointFactory(customer=ada, value="second@example.org")
        save(ada, allow=[box(ada)], **{"for:us:email": str(foreign.pk)})
        assert not ChoiceEvent.objects.exists()

    def test_it_lifts_only_what_it_names(self, ada, notice):
        save(ada, everything="1")
        save(ada, allow=[box(ada)])
        assert may(ada) == "consent"
        assert may(ada, "post") == may(ada, "email", "any") == "objected"

    def test_without_an_address_of_the_device_it_does_not_count(self, ada, notice):
        client = visiting(ada)
        response = client.post(
            URL, {"form": str(uuid.uuid4()), "allow": [box(ada)]}, REMOTE_ADDR=""
        )
        assert "with the proof that the" in response.content.decode()
        assert not ChoiceEvent.objects.exists()


class TestTheSameTwice:
    def test_a_second_press_is_one_act(self, ada, notice):
        typed = {"form": str(uuid.uuid4()), "stop": ["us:post"], "allow": [box(ada)]}
        client = visiting(ada)
        first, second = (client.post(URL, typed, follow=True) for _ in range(2))
        assert reference(first) == reference(second)
        assert (ChoiceEvent.objects.count(), Message.objects.count()) == (2, 1)

    def test_a_page_gone_back_to_stops_what_was_allowed_since(self, ada, notice):
        typed, client = {"form": str(uuid.uuid4()), "stop": ["us:email"]}, visiting(ada)
        client.post(URL, typed)
        save(ada, client, allow=[box(ada)])
        assert may(ada) == "consent"
        client.post(URL, typed)
        assert may(ada) == "objected"

    @pytest.mark.parametrize(
        "typed",
        [
            {},
            {"stop": ["us:pigeon", "x", ":", "nobody:email"]},
            {"allow": ["us:email", "\x00:\x00:x"]},
        ],
    )
    def test_nothing_changed_is_said(self, ada, typed):
        assert "Nothing was changed." in save(ada, **typed).content.decode()
        assert not ChoiceEvent.objects.exists()

    def test_only_its_owner_finds_what_was_changed(self, ada):
        mine = save(ada, everything="1").redirect_chain[0][0]
        assert visiting(CustomerFactory()).get(mine).status_code == 404
        assert Client().get(mine).status_code == 302

    def test_looking_changes_nothing(self, ada, notice):
        client = visiting(ada)
        for method in ("get", "head"):
            getattr(client, method)(URL, {"everything": "1", "stop": "us:post", "allow": box(ada)})
        assert not ChoiceEvent.objects.exists()
        assert not Wording.objects.exists()

    def test_a_forged_form_is_refused(self, ada):
        client = visiting(ada)
        client.handler.enforce_csrf_checks = True
        assert client.post(URL, {"everything": "1"}).status_code == 403


def test_the_digest_on_the_page_is_that_of_the_words(db):
    given = {"senders": ["b", "a"], "channels": ["email"], "unticked": True}
    assert wordings.freeze("x", "Yes.", now=NIGHT, **given).digest == wordings.digest_of(
        "x", "Yes.", **given
    )


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("email", "ada.lovelace@example.org", "ad…@example.org"),
        ("phone", "+44 7700 900111", "the number ending 0111"),
        ("address", HOME, "the address at BD1 1AA"),
    ],
)
def test_its_owner_knows_a_detail_and_nobody_else(kind, value, shown):
    assert choices.partly_hidden(kind, value) == shown


def test_one_without_an_email_gets_no_email(ada):
    ContactPoint.objects.filter(kind="email").delete()
    assert "Your choices are saved" in save(ada, everything="1").content.decode()
    assert not Message.objects.exists()


def test_a_former_partner_is_not_forgotten():
    """“All marketing is off” is not said while one who had the data before may still write."""
    ada = CustomerFactory(surname="Lovelace")
    ContactPointFactory(customer=ada, address=True, value=HOME)
    DisclosureFactory(
        customer=ada, kind="partner_feed", recipient="gone", recipient_name="Gone Ltd"
    )
    past = NIGHT - datetime.timedelta(days=400)
    Recipient.objects.create(
        code="gone", name="Gone Ltd", kind="marketing_partner", receives="x", valid_to=past.date()
    )
    PreferenceServiceFile.objects.create(
        service="mps", dated_on=NIGHT.date(), loaded_at=NIGHT, by="x", lines=0, digest="0" * 64
    )
    assert "post" in str(choices.in_short(ada, now=NIGHT)["Gone Ltd"]).lower()
