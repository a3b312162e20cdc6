"""The form that stops marketing for anybody: what it takes, what it answers, and what nobody learns
from it."""

import datetime
import re
import threading
import uuid

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.preferences import contact_digests, may_contact, opt_out, tasks
from compliance.preferences.channels import form_choices
from compliance.preferences.models import ChoiceEvent, MarketingRequest, Suppression
from customers.outbox.models import Message
from tests.factories import ContactPointFactory
from tests.strength import examples

NIGHT = datetime.datetime(
    2026, 10, 25, 1, 30, tzinfo=datetime.UTC
)  # the hour that comes twice is just over
EVERYTHING = {"channels": list(form_choices()), "senders": "both"}
ADDRESS = {"name": "Ada Lovelace", "lines": "1 Mill Lane\nBradford", "postcode": "bd1 1aa"}
URL = "/marketing/"
COST = 24  # statements, the savepoints among them


def send(client=None, follow=True, headers=None, **typed):
    typed = {"form": str(uuid.uuid4()), **EVERYTHING, **typed}
    return (client or Client()).post(URL, typed, follow=follow, headers=headers or {})


def may(who, channel="email", sender="us", at=NIGHT):
    return may_contact.may_contact(who, channel, sender, "marketing", at).reason


def reference(response):
    return re.search(r"M-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", response.content.decode())[0]


@pytest.fixture(autouse=True)
def _night(db):
    with time_machine.travel(NIGHT, tick=False):
        yield


class TestWhatItStops:
    def test_a_stranger_gives_nothing_but_an_address(self):
        page = send(email=" Someone@Example.ORG ")
        assert "We have stopped it" in page.content.decode()
        someone = contact_digests.email("someone@example.org")
        assert may(someone) == may(someone, sender="any") == "objected"

    def test_a_number_stops_calls_and_texts(self):
        send(phone="07700 900123")
        number = contact_digests.phone("+447700900123")
        assert {may(number, channel) for channel in ("sms", "live_call", "automated_call")} == {
            "objected"
        }

    def test_a_house_stops_post_for_that_name(self):
        send(**ADDRESS)
        assert (
            may(contact_digests.address("Lovelace", "1 Mill Lane\nBD1 1AA"), "post") == "objected"
        )

    def test_only_what_is_ticked_stops(self):
        send(email="ada@example.org", phone="07700900123", channels=["sms"], senders="us")
        assert may(contact_digests.phone("07700900123"), "sms") == "objected"
        assert (
            may(contact_digests.phone("07700900123"), "sms", "other")
            == may(contact_digests.email("ada@example.org"))
            == "no_consent"
        )

    def test_a_customer_is_found_by_the_job(self, ada):
        ContactPointFactory(customer=ada, value="second@example.org")
        answer = send(email="ada@example.org")
        request = MarketingRequest.objects.get()
        assert (request.state, request.customer, may(contact_digests.email("ada@example.org"))) == (
            "open",
            None,
            "objected",
        )
        tasks.match_request.func(request.pk)
        request.refresh_from_db()
        assert (request.state, request.customer, request.reference) == (
            "done",
            ada,
            reference(answer),
        )
        assert may(contact_digests.email("second@example.org")) == "objected"

    def test_a_customer_number_needs_no_address(self, ada):
        send(customer_number="a100", name="Ms ADA LOVELACE")
        tasks.match_request.func(MarketingRequest.objects.get().pk)
        assert may(ada) == "objected"

    def test_marketing_is_all_that_stops(self, ada):
        send(email="ada@example.org")
        assert may_contact.may_contact(ada, "email", "us", "service", NIGHT)


class TestFaults:
    def test_one_bad_field_stops_nothing_else(self):
        page = send(email="ada@example.org", phone="call my sister").content.decode()
        assert "We could not use the telephone number as typed." in page
        assert MarketingRequest.objects.get().phone == "call my sister"
        assert may(contact_digests.email("ada@example.org")) == "objected"

    def test_nothing_given_is_said_with_a_link_to_the_field(self):
        page = send(name="Ada").content.decode()
        assert "<title>Error: Stop marketing" in page
        assert re.search(r'<a href="#id_email">Give your email address', page)
        assert 'value="Ada"' in page
        assert not MarketingRequest.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"email": "ada at example"}, "email"),
            ({"phone": "12"}, "phone"),
            ({"customer_number": "A100"}, "name"),
            ({**ADDRESS, "postcode": "somewhere"}, "postcode"),
            ({**ADDRESS, "name": " "}, "name"),
            ({"email": "a@b.cd", "channels": []}, "channels_0"),
        ],
    )
    def test_each_fault_leads_to_its_field(self, typed, field):
        page = send(**typed).content.decode()
        assert f'<a href="#id_{field}">' in page.split("</form>")[0]
        assert f'id="id_{field}"' in page
        assert all(
            part in page
            for value in typed.values()
            if isinstance(value, str)
            for part in value.split("\n")
        )

    def test_what_no_rule_can_read_may_go_to_a_person(self):
        typed = {"name": "Ada", "lines": "Apartamento 3\nCalle Mayor, Madrid"}
        assert "Send it as it is" in send(**typed).content.decode()
        page = send(**typed, as_it_is="1")
        assert "a person reads it" in page.content.decode()
        assert (MarketingRequest.objects.get().state, reference(page)) == (
            "open",
            MarketingRequest.objects.get().reference,
        )

    @pytest.mark.parametrize(
        "odd",
        [
            "\x00",
            "🎉" * 50,
            "x" * 10_000,
            "\u202e\u05d0\u05d3\u05d4",
            "   ",
            "<script>alert(1)</script>",
        ],
        ids=["nul", "emoji", "long", "right to left", "spaces", "script"],
    )
    def test_whatever_is_typed_is_answered(self, odd):
        for name in (
            "name",
            "email",
            "phone",
            "customer_number",
            "lines",
            "postcode",
            "form",
            "senders",
            "channels",
        ):
            assert send(**{"name": "Ada", "email": "ada@example.org", name: odd}).status_code == 200
        assert may(contact_digests.email("ada@example.org")) == "objected"

    def test_a_body_that_is_no_form_is_answered(self):
        assert Client().post(URL, b"\xff\xfe", content_type="text/plain").status_code == 200

    @settings(
        max_examples=examples(40),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        typed=st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "phone",
                    "customer_number",
                    "lines",
                    "postcode",
                    "form",
                    "senders",
                    "as_it_is",
                    "else",
                ]
            ),
            st.text(st.characters(codec="utf-8"), max_size=60),
        ),
        number=st.integers(0, 99_999),
    )
    def test_an_address_that_can_be_read_always_counts(self, typed, number):
        address = f"ada{number}@example.org"
        response = Client().post(URL, {**typed, "email": address, "channels": ["email"]})
        assert response.status_code == 303
        assert Suppression.objects.filter(
            digest=contact_digests.digest(contact_digests.email(address)), channel="email"
        ).exists()


class TestTheSameTwice:
    def test_a_second_press_is_the_same_request(self):
        form = str(uuid.uuid4())
        first, second = (send(form=form, email="ada@example.org") for _ in range(2))
        assert reference(first) == reference(second)
        assert MarketingRequest.objects.count() == 1

    def test_each_page_has_a_token_of_its_own(self):
        pages = [Client().get(URL).content.decode() for _ in range(2)]
        tokens = [re.search(r'name="form" value="([0-9a-f-]{36})"', page)[1] for page in pages]
        assert len(set(tokens)) == 2
        assert pages[0].replace(tokens[0], "") == pages[1].replace(tokens[1], "")

    def test_a_page_gone_back_to_is_another_request(self):
        form = str(uuid.uuid4())
        send(form=form, email="ada@example.org")
        send(form=form, email="grace@example.org")
        assert may(contact_digests.email("grace@example.org")) == "objected"

    def test_a_page_kept_until_later_still_stops(self, ada, consented):
        form = str(uuid.uuid4())
        send(form=form, email="ada@example.org")
        consented(ada, at=NIGHT + datetime.timedelta(minutes=30))
        later = NIGHT + datetime.timedelta(hours=3)
        with time_machine.travel(later, tick=False):
            send(form=form, email="ada@example.org")
        assert may(contact_digests.email("ada@example.org"), at=later) == "objected"

    @pytest.mark.parametrize("form", [None, "", "nonsense"])
    def test_without_its_token_it_works(self, form):
        typed = {
            "email": "ada@example.org",
            **EVERYTHING,
            **({} if form is None else {"form": form}),
        }
        assert Client().post(URL, typed).status_code == 303

    def test_a_reload_of_the_answer_changes_nothing(self):
        browser = Client()
        to = send(browser, follow=False, email="ada@example.org")["Location"]
        assert browser.get(to).content == browser.get(to).content
        assert MarketingRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_request():
    form, gate, pages = str(uuid.uuid4()), threading.Barrier(2), []

    def press():
        gate.wait()
        pages.append(reference(send(form=form, email="ada@example.org")))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pages) == 2
    assert len(set(pages)) == MarketingRequest.objects.count() == Message.objects.count() == 1


class TestWhatNobodyLearns:
    def test_a_customer_and_a_stranger_get_the_same(self, ada, django_assert_num_queries):
        ContactPointFactory(customer=ada, phone=True, value="+447700900111")
        pages = []
        for address, number in (
            ("ada@example.org", "07700900111"),
            ("zoe@example.org", "07700900112"),
        ):
            with django_assert_num_queries(COST):
                answer = send(follow=False, email=address, phone=number)
            page = Client().get(answer["Location"])
            pages.append(
                (
                    answer.status_code,
                    page.status_code,
                    page.content.decode().replace(reference(page), ""),
                )
            )
        assert pages[0] == pages[1]
        letters = [
            message.text.replace(reference, "")
            for message in Message.objects.all()
            for reference in MarketingRequest.objects.values_list("reference", flat=True)
            if reference in message.text
        ]
        assert len(letters) == 2
        assert len(set(letters)) == 1
        assert not Message.objects.filter(customer__isnull=False).exists()

    def test_the_address_of_the_answer_holds_nothing_to_read(self):
        to = send(follow=False, name="Ada Lovelace", email="ada@example.org")["Location"]
        request = MarketingRequest.objects.get()
        assert re.fullmatch(r"/marketing/stopped/[\w-]+/", to)
        assert request.reference not in to
        assert "ada" not in Client().get(to).content.decode().lower().replace("data", "").replace(
            "adapt", ""
        )

    def test_the_answer_goes_after_an_hour(self):
        to = send(follow=False, email="ada@example.org")["Location"]
        with time_machine.travel(NIGHT + datetime.timedelta(minutes=59), tick=False):
            assert Client().get(to).status_code == 200
        with time_machine.travel(NIGHT + datetime.timedelta(minutes=61), tick=False):
            gone = Client().get(to)
        assert (gone.status_code, "stays in force" in gone.content.decode()) == (404, True)

    @pytest.mark.parametrize("sealed", ["x", "AAAA", "é", "a" * 5000])
    def test_another_address_shows_nothing(self, sealed):
        assert Client().get(f"/marketing/stopped/{sealed}/").status_code == 404

    def test_the_page_sets_no_cookie_and_costs_little(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(5):
            page = Client().get(URL)
        assert not page.cookies
        assert "no-store" in page["Cache-Control"]

    def test_it_says_how_long_it_is_kept_and_that_our_key_can_tell(self):
        page = " ".join(Client().get(URL).content.decode().split())
        assert "keep what you wrote for some time as proof of it" in page
        call_command("load_register", confirm_defaults=True, verbosity=0)
        page = " ".join(Client().get(URL).content.decode().split())
        assert "keep what you wrote for three years as proof of it" in page
        assert "with the key we can tell whether an address or number is on the list" in page


class TestFromWhere:
    def test_a_form_from_another_site_is_shown_again(self):
        page = send(email="ada@example.org", headers={"sec-fetch-site": "cross-site"})
        assert (page.status_code, "press the button once more" in page.content.decode()) == (
            403,
            True,
        )
        assert 'value="ada@example.org"' in page.content.decode()
        assert not MarketingRequest.objects.exists()

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"origin": "null"},
            {"origin": "http://testserver"},
            {"sec-fetch-site": "none"},
            {"sec-fetch-site": "same-origin", "origin": "null"},
        ],
    )
    def test_a_browser_that_says_little_is_believed(self, headers):
        assert (
            send(
                Client(enforce_csrf_checks=True),
                follow=False,
                email="a@example.org",
                headers=headers,
            ).status_code
            == 303
        )

    def test_an_origin_of_another_site_is_noticed(self):
        assert (
            send(email="a@example.org", headers={"origin": "https://elsewhere.example"}).status_code
            == 403
        )


class TestTheConfirmation:
    def test_it_goes_to_the_address_given(self):
        page = send(email="Ada@Example.org", name="Buy my pills")
        message = Message.objects.get()
        assert (message.kind, message.recipient) == ("opt_out_confirmed", "ada@example.org")
        assert reference(page) in message.text
        assert "pills" not in message.text + message.subject + message.html

    def test_it_is_the_customers_once_they_are_known(self, ada):
        send(email="other@example.org", name="Ada Lovelace", customer_number="A100")
        send(email="stranger@example.org")
        assert not Message.objects.exclude(customer=None).exists()
        for request in MarketingRequest.objects.all():
            tasks.match_request.func(request.pk)
        owners = {message.recipient: message.customer for message in Message.objects.all()}
        assert owners == {"other@example.org": ada, "stranger@example.org": None}

    def test_one_a_day_and_never_a_refusal(self):
        for _ in range(5):
            assert send(email="ada@example.org").status_code == 200
        assert (Message.objects.count(), MarketingRequest.objects.count()) == (1, 5)
        with time_machine.travel(NIGHT + datetime.timedelta(days=1), tick=False):
            send(email="ada@example.org")
        assert Message.objects.count() == 2

    def test_what_goes_wrong_with_it_undoes_nothing(self, monkeypatch):
        def broken(*_, **__):
            Message.objects.raw("SELECT broken")[0]

        monkeypatch.setattr(opt_out.messages, "queue", broken)
        assert "We have stopped it" in send(email="ada@example.org").content.decode()
        assert may(contact_digests.email("ada@example.org")) == "objected"

    def test_without_an_email_none_is_sent(self):
        send(phone="07700900123")
        assert not Message.objects.exists()


def test_looking_changes_nothing(ada):
    for address in (URL, reverse("preferences:stopped", args=["x"])):
        for method in ("get", "head"):
            getattr(Client(), method)(address, {"email": "ada@example.org", **EVERYTHING})
    assert not MarketingRequest.objects.exists()
    assert not ChoiceEvent.objects.exists()
