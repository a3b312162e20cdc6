"""A visitor shows by a one-time code that they are the customer."""

import datetime
import re
import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.identity import visits
from customers.identity.customer import CUSTOMER
from customers.identity.models import CustomerChallenge, CustomerVisit, RateLimitHit
from customers.identity.verify_code import verify_code
from customers.outbox.models import Message
from tests import factories as make
from tests.identity.steps import DAY, FAILED, MINUTE, NIGHT, ask, code_in, erase, give, newest
from tests.jobs.working import work
from tests.visiting import visiting

pytestmark = pytest.mark.django_db


def prove(client, **given):
    ask(client, **(given or {"contact": "ada@example.org"}))
    return give(client, code_in(Message.objects.get(state="sent")))


def bar(client):
    return "You have shown that you are you." in client.get("/privacy/").content.decode()


class TestProving:
    def test_a_code_by_email_opens_a_visit(self, ada, mailoutbox, trail):
        browser = Client()
        assert ask(browser, contact=" ADA@Example.org ").url == "/prove/code/"
        (email,) = mailoutbox
        assert (email.to, email.subject) == (["Ada@example.org"], "Your one-time code")
        page = give(browser, re.search(r"\d{4} \d{4}", email.body)[0])
        assert (page.status_code, page.url) == (303, "/prove/")
        assert "Customer …1234" in browser.get("/privacy/").content.decode()
        assert trail("code_asked").subject == trail("proved").subject == ada.pk
        assert trail("proved").actor == f"customer:{ada.pk}"

    @pytest.mark.parametrize(
        "given",
        [
            {"contact": "+44 7700 900461"},
            {"number": "c000 1234", "surname": "De La Cruz"},
            {"number": "C0001234", "surname": "délacruz"},
        ],
        ids=["telephone", "number and surname", "folded"],
    )
    def test_other_details_lead_to_the_same_email(self, ada, given, mailoutbox):
        ask(Client(), **given)
        assert [email.to for email in mailoutbox] == [["Ada@example.org"]]

    def test_the_address_that_was_typed_is_used_when_there_are_two(self, ada, mailoutbox):
        make.ContactPointFactory(
            customer=ada, value="new@example.org", valid_from=datetime.date(2026, 1, 1)
        )
        ask(Client(), contact="ada@example.org")
        ask(Client(), number="C0001234", surname="de la Cruz")
        assert [email.to for email in mailoutbox] == [["Ada@example.org"], ["new@example.org"]]

    def test_a_text_message_when_there_is_a_way(self, ada, settings, capsys):
        settings.SMS_BACKEND = "customers.outbox.sms.console"
        browser = Client()
        ask(browser, contact="07700 900461")
        assert newest().means == "sms"
        assert (
            give(browser, re.search(r"\d{4} \d{4}", capsys.readouterr().out)[0]).status_code == 303
        )

    @pytest.mark.parametrize("typed", ["{}", " {} ", "{:.4}-{:.4}"])
    def test_spaces_in_the_code_do_not_matter(self, ada, typed):
        browser = Client()
        ask(browser, contact="ada@example.org")
        code = code_in(newest())
        typed = f"{code[:4]}-{code[5:]}" if "-" in typed else typed.format(code.replace(" ", ""))
        assert give(browser, typed).status_code == 303

    def test_leads_on_to_where_the_visitor_wanted_to_go(self, ada):
        browser = Client()
        assert (
            ask(browser, contact="ada@example.org", next="/privacy/#why").url
            == "/prove/code/?next=%2Fprivacy%2F%23why"
        )
        assert give(browser, code_in(newest()), next="/privacy/#why").url == "/privacy/#why"

    @pytest.mark.parametrize(
        "to",
        [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "javascript:alert(1)",
            "evil",
        ],
    )
    def test_never_leads_away(self, ada, to):
        browser = Client()
        assert ask(browser, contact="ada@example.org", next=to).url == "/prove/code/"
        assert give(browser, code_in(newest()), next=to).url == "/prove/"

    def test_the_cookie_is_closed_to_scripts_and_other_sites(self, ada):
        browser = Client()
        ask(browser, contact="ada@example.org")
        asked = browser.cookies[visits.COOKIE_NAME].value
        give(browser, code_in(newest()))
        cookie = browser.cookies[visits.COOKIE_NAME]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (
            True,
            "Lax",
            "/",
            "",
        )
        assert cookie.value != asked
        stored = CustomerVisit.objects.get()
        assert cookie.value not in str(vars(stored))


class TestRefusing:
    @pytest.fixture
    def asked(self, ada):
        browser = Client()
        ask(browser, contact="ada@example.org")
        return browser

    def refused(self, response):
        body = response.content.decode()
        assert response.status_code == 200
        assert FAILED in body
        body = re.sub(
            r'<section class="visitor-bar.*?</section>', "", body, flags=re.DOTALL
        )  # stands where a visit lasts
        return " ".join(
            re.sub(
                r'(name="csrfmiddlewaretoken" value=|name="code" value=)"[^"]*"', "", body
            ).split()
        )

    def test_wrong_replayed_expired_and_foreign_read_the_same(self, asked, clock):
        code = code_in(newest())
        wrong = self.refused(give(asked, "0000 0000" if code != "0000 0000" else "1"))
        foreign = self.refused(give(Client(), code))
        give(asked, code)
        replayed = self.refused(give(asked, code))
        other = Client()
        ask(other, contact="ada@example.org")
        late = code_in(newest())
        clock.shift(10 * MINUTE)
        expired = self.refused(give(other, late))
        assert len({wrong, foreign, replayed, expired}) == 1

    def test_the_sixth_try_comes_too_late(self, asked):
        code = code_in(newest())
        for _ in range(5):
            self.refused(give(asked, "1"))
        self.refused(give(asked, code))
        assert CustomerVisit.objects.count() == 0

    def test_the_fifth_try_still_works(self, asked):
        for _ in range(4):
            self.refused(give(asked, "1"))
        assert give(asked, code_in(newest())).status_code == 303

    def test_a_new_code_ends_the_older_one(self, asked):
        older = code_in(newest())
        other = Client()
        ask(other, contact="ada@example.org")
        self.refused(give(asked, older))
        assert give(other, code_in(newest())).status_code == 303

    def test_valid_until_the_last_second_across_the_clock_change(self, asked, clock):
        clock.shift(10 * MINUTE - datetime.timedelta(seconds=1))
        assert give(asked, code_in(newest())).status_code == 303

    def test_a_code_for_somebody_erased_meanwhile(self, asked, ada):
        code = code_in(newest())
        erase(ada)
        self.refused(give(asked, code))

    def test_an_empty_code_says_what_to_do(self, asked):
        assert "Type the code." in give(asked, "").content.decode()


class TestLetters:
    def letter(self, browser=None):
        ask(browser or Client(), number="C0009876", surname="Ode")
        message = newest()
        return (
            message,
            code_in(message),
            re.search(r"Letter number: (\w{4} \w{4})", message.text)[1],
        )

    def test_a_letter_waits_to_be_printed_and_works_anywhere(self, bert, mailoutbox, clock):
        message, code, number = self.letter()
        assert (message.means, message.state, mailoutbox) == ("letter", "queued", [])
        assert message.recipient == "Mr Bert Ode\n2 Mill Lane\nBradford\nBD1 1AA"
        clock.shift(14 * DAY - MINUTE)
        browser = Client()
        assert (
            FAILED in give(browser, code).content.decode()
        )  # without the letter's number it is no use
        assert give(browser, code, letter=number.lower()).status_code == 303
        assert FAILED in give(Client(), code, letter=number).content.decode()

    def test_after_a_fortnight_it_is_over(self, bert, clock):
        message, code, number = self.letter()
        clock.shift(14 * DAY)
        assert FAILED in give(Client(), code, letter=number).content.decode()
        call_command("send_messages")
        message.refresh_from_db()
        assert message.state == "expired"

    def test_one_letter_is_on_its_way_at_a_time(self, bert, clock):
        self.letter()
        clock.shift(2 * DAY)
        ask(Client(), number="C0009876", surname="Ode")
        assert Message.objects.count() == 1
        clock.shift(DAY + MINUTE)
        self.letter()
        assert [one.state for one in Message.objects.order_by("queued_at")] == ["expired", "queued"]

    def test_five_tries_for_a_letter_too(self, bert):
        _, code, number = self.letter()
        for _ in range(5):
            give(Client(), "1", letter=number)
        assert FAILED in give(Client(), code, letter=number).content.decode()


class TestTheVisit:
    def test_ends_after_twenty_idle_minutes(self, ada, clock):
        browser = Client()
        prove(browser)
        clock.shift(20 * MINUTE - datetime.timedelta(seconds=1))
        assert bar(browser)
        clock.shift(datetime.timedelta(seconds=1))
        assert not bar(browser)

    def test_lasts_two_hours_at_most(self, ada, rf, clock):
        browser = visiting(ada)
        for _ in range(11):
            clock.shift(11 * MINUTE - datetime.timedelta(seconds=6))
            request = rf.get("/")
            request.COOKIES[visits.COOKIE_NAME] = browser.cookies[visits.COOKIE_NAME].value
            assert shown(request).status_code == (
                200 if timezone.now() < NIGHT + 120 * MINUTE else 302
            )

    def test_ends_by_its_button_and_in_both_tabs(self, ada, trail):
        browser = Client()
        prove(browser)
        kept = browser.cookies[visits.COOKIE_NAME].value
        page = browser.post("/prove/end/", follow=True)
        assert "Your visit has ended." in page.content.decode()
        browser.cookies[visits.COOKIE_NAME] = kept
        assert not bar(browser)
        browser.post("/prove/end/")
        assert trail("session_ended").subject == ada.pk

    def test_is_of_no_use_in_another_browser(self, ada):
        browser = visiting(ada, browser="Fox/1")
        assert bar(browser)
        thief = Client(headers={"user-agent": "Cat/1"})
        thief.cookies = browser.cookies
        assert not bar(thief)

    def test_ends_when_the_customer_is_erased(self, ada, rf):
        request = rf.get("/")
        request.COOKIES[visits.COOKIE_NAME] = visiting(ada).cookies[visits.COOKIE_NAME].value
        erase(ada)
        assert visits.visitor(request) is None

    def test_asking_again_ends_the_visit_before(self, ada):
        browser = Client()
        prove(browser)
        before = browser.cookies[visits.COOKIE_NAME].value
        assert "Send me a code" in browser.get("/prove/?again=1").content.decode()
        ask(browser, contact="ada@example.org")
        again = Client()
        again.cookies[visits.COOKIE_NAME] = before
        assert not bar(again)
        assert give(browser, code_in(newest())).status_code == 303
        assert bar(browser)

    def test_costs_one_query_and_none_without_the_cookie(self, ada, rf, django_assert_num_queries):
        request = rf.get("/")
        with django_assert_num_queries(0):
            assert visits.visitor(request) is None
        request = rf.get("/")
        request.COOKIES[visits.COOKIE_NAME] = visiting(ada).cookies[visits.COOKIE_NAME].value
        with django_assert_num_queries(1):
            assert visits.visitor(request) == visits.visitor(request) == ada

    def test_a_page_asks_for_proof_and_remembers_where_to_go(self, ada, rf):
        refused = shown(rf.get("/mine/?tab=2"))
        assert (refused.status_code, refused.url) == (302, "/prove/?next=%2Fmine%2F%3Ftab%3D2")
        assert shown(rf.post("/mine/")).url == "/prove/"
        assert "no-store" in refused["Cache-Control"]
        assert visits.ask_again(rf.get("/mine/")).url == "/prove/?again=1&next=%2Fmine%2F"

    def test_freshness_is_of_the_proof(self, ada, rf, clock):
        request = rf.get("/")
        request.COOKIES[visits.COOKIE_NAME] = visiting(ada).cookies[visits.COOKIE_NAME].value
        assert visits.fresh(request)
        clock.shift(10 * MINUTE + datetime.timedelta(seconds=1))
        assert not visits.fresh(request)
        assert visits.visitor(request) == ada
        assert not visits.fresh(rf.get("/"))

    def test_a_proven_visitor_is_shown_where_to_go(self, ada, monkeypatch):
        monkeypatch.setattr(visits, "_places", [])
        visits.lead_to(visits.Place("Your choices", "register:notice", "Say what we may send."))
        page = visiting(ada).get("/prove/").content.decode()
        assert "Say what we may send." in page
        assert "Ada" not in page


class TestForms:
    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({}, "Give your email address or telephone number, or else"),
            ({"contact": "ada@"}, "That is not a whole email address."),
            ({"contact": "12"}, "That is not a telephone number."),
            ({"number": "C1"}, "Give your surname too."),
            ({"number": "C1", "surname": " . "}, "Give your surname too."),
            ({"surname": "Ode"}, "Give your customer number too."),
            ({"number": "C/1", "surname": "Ode"}, "A customer number has letters and digits only."),
        ],
    )
    def test_slips_are_told_in_plain_words(self, given, says):
        page = Client().post("/prove/", given)
        assert page.status_code == 200
        assert says in page.content.decode()
        assert CustomerChallenge.objects.count() == 0

    @pytest.mark.parametrize("address", ["/prove/", "/prove/code/"])
    def test_looking_changes_nothing(self, ada, address):
        Client().get(address)
        Client().head(address)
        assert CustomerChallenge.objects.count() == RateLimitHit.objects.count() == 0

    def test_the_code_field_helps_the_telephone(self):
        page = Client().get("/prove/code/").content.decode()
        assert 'autocomplete="one-time-code"' in page
        assert 'inputmode="numeric"' in page


def test_a_lost_job_is_found_by_the_sweep(ada, mailoutbox):
    Client().post("/prove/", {"contact": "ada@example.org"})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_tasks_database_dbtaskresult")
    call_command("send_messages")
    assert [email.to for email in mailoutbox] == [["Ada@example.org"]]


def test_a_request_found_too_late_gets_no_code(ada, mailoutbox, clock):
    Client().post("/prove/", {"contact": "ada@example.org"})
    clock.shift(10 * MINUTE)
    work()
    assert mailoutbox == []
    assert CustomerChallenge.objects.get().given is None


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_code_open_one_visit(ada):
    browser = Client()
    ask(browser, contact="ada@example.org")
    code, token = code_in(newest()).replace(" ", ""), browser.cookies[visits.COOKIE_NAME].value
    opened, ready = [], threading.Barrier(4)

    def submit():
        ready.wait()
        try:
            opened.append(verify_code(CUSTOMER, code, token=token, browser="", now=NIGHT))
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in opened if one]) == 1
    assert CustomerVisit.objects.count() == 1


@visits.required
def shown(request):
    """A page of a room above."""
    return HttpResponse(str(request.visitor.pk))


def test_the_names_of_the_addresses_are_fixed():
    assert [reverse(f"identity:{name}") for name in ("prove", "prove_code", "prove_end")] == [
        "/prove/",
        "/prove/code/",
        "/prove/end/",
    ]
