"""A visitor chooses: on the banner, on the choices page, once and again; and what is kept of it."""

import datetime
import uuid

import pytest
from django.db import DatabaseError, transaction
from django.test import Client, RequestFactory

from audit.models import Entry
from compliance.cookies import actions, choice, choice_cookie, portal_cookies
from compliance.cookies.models import Cookie, CookieReceipt
from compliance.register import actions as register
from compliance.register import blocks, notice
from tests.cookies.conftest import NOW, OURS, choose, press
from tests.test_house_rules import PUBLIC, addresses

OPTIONAL = ["statistics", "tailoring", "advertising"]


def shows_banner(client, page="/privacy/") -> bool:
    return 'id="cookie-banner"' in client.get(page).content.decode()


def request_of(client, **headers):
    request = RequestFactory(headers=headers).get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return request


class TestBanner:
    def test_every_public_page_asks(self, published, visitor):
        for page in ("/", "/privacy/", "/privacy/versions/", "/nowhere/"):
            assert shows_banner(visitor, page)

    def test_reading_sets_no_cookie(self, published, visitor):
        for page in ("/", "/privacy/", "/privacy/versions/", "/nowhere/"):
            assert not visitor.get(page).cookies

    def test_nobody_is_asked_before_a_list_is_published(self, db, visitor):
        actions.load(by="job:tests")
        assert not shows_banner(visitor)

    def test_nobody_is_asked_about_necessary_ones(self, published, visitor):
        Cookie.objects.exclude(group="necessary").update(retired_on="2027-01-01")
        actions.publish(summary="None left.", by="job:tests", now=NOW)
        assert not shows_banner(visitor)
        assert "Save my choice" not in visitor.get("/cookies/").content.decode()

    def test_refusing_is_one_press_and_returns(self, published, visitor):
        reply = press(visitor, "refuse", page="/privacy/versions/?x=1")
        assert reply.url == "/privacy/versions/?x=1&cookies=kept"
        receipt = CookieReceipt.objects.get()
        assert (receipt.accepted, receipt.refused) == ([], OPTIONAL)
        assert "Your choice about cookies is kept" in visitor.get(reply.url).content.decode()
        assert not shows_banner(visitor)

    def test_accepting_is_one_press_too(self, published, visitor):
        press(visitor, "accept")
        assert CookieReceipt.objects.get().accepted == OPTIONAL
        assert not shows_banner(visitor)

    def test_two_queries_to_read_and_four_to_answer(
        self, published, visitor, django_assert_num_queries
    ):
        with django_assert_num_queries(2):  # the notice, and what is published about cookies
            visitor.get("/privacy/")
        fields = {"answer": "refuse", "version": published.number, "key": uuid.uuid4(), "next": "/"}
        with django_assert_num_queries(6):  # four, and the savepoint of the test
            visitor.post("/cookies/answer/", fields)

    @pytest.mark.parametrize(
        "address",
        ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x", ""],
    )
    def test_it_never_leads_to_another_site(self, published, visitor, address):
        assert press(visitor, "refuse", next=address).url == "/?cookies=kept"

    @pytest.mark.parametrize(
        "wrong", [{"version": "x"}, {"key": ""}, {"answer": "maybe"}, {"version": 0}, {"key": None}]
    )
    def test_a_broken_answer_leads_to_the_choices(self, published, visitor, wrong):
        assert press(visitor, "refuse", **wrong).url == "/cookies/"
        assert not CookieReceipt.objects.exists()

    def test_get_answers_nothing(self, published, visitor):
        assert visitor.get("/cookies/answer/").status_code == 405


class TestForgery:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Sec-Fetch-Site": "same-origin"}, 302),
            ({"Origin": "http://testserver"}, 302),
            ({"Sec-Fetch-Site": "same-origin", "Origin": "http://behind.proxy"}, 302),
            ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}, 403),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "none"}, 403),
            ({"Origin": "http://evil.example"}, 403),
            ({"Origin": "https://testserver"}, 403),
            ({"Origin": "http://testserver.evil.example"}, 403),
            ({"Origin": "null"}, 403),
            ({"Referer": "http://testserver/privacy/"}, 403),
            ({}, 403),
        ],
    )
    def test_only_our_own_page_may_answer(self, published, headers, status):
        reply = press(Client(headers=headers, enforce_csrf_checks=True), "accept")
        assert reply.status_code == status
        assert CookieReceipt.objects.exists() is (status == 302)
        assert bool(reply.cookies) is (status == 302)

    def test_a_silent_browser_is_led_to_the_token_form(self, published):
        page = press(Client(), "refuse").content.decode()
        assert "Please choose on our own page" in page
        assert 'href="/cookies/"' in page

    def test_a_trusted_origin_counts(self, published, settings):
        settings.CSRF_TRUSTED_ORIGINS = ["https://privacy.example.com"]
        assert (
            press(Client(headers={"Origin": "https://privacy.example.com"}), "refuse").status_code
            == 302
        )

    def test_the_choices_page_wants_its_token(self, published):
        client = Client(headers=OURS, enforce_csrf_checks=True)
        assert choose(client, "accept").status_code == 403
        token = client.get("/cookies/").context["csrf_token"]
        assert choose(client, "accept", csrfmiddlewaretoken=token).status_code == 302


class TestChoicesPage:
    def test_each_cookie_with_its_company_and_links(self, published, visitor):
        page = visitor.get("/cookies/").content.decode()
        for row in Cookie.objects.all():
            for shown in filter(
                None, (row.shown_name, row.purpose, row.life, row.company, row.policy, row.opt_out)
            ):
                assert shown in page
        assert page.count('rel="external noopener noreferrer"') == 14

    def test_of_the_shop_it_says_whose_word_that_is(self, published, visitor):
        page = visitor.get("/cookies/").content.decode()
        assert "This list was published on 28 March 2027." in page
        assert "of our shop’s website and of other companies comes from them" in page

    def test_nothing_is_ticked_beforehand(self, published, visitor):
        page = visitor.get("/cookies/").content.decode()
        assert page.count('type="checkbox"') == 3
        assert "checked" not in page
        assert "You have not chosen" in page

    def test_one_group_alone(self, published, visitor):
        assert choose(visitor, "save", "statistics").url == "/cookies/?cookies=kept"
        page = visitor.get("/cookies/?cookies=kept").content.decode()
        assert "Your choice is kept." in page
        assert 'value="statistics" aria-describedby="about-statistics" checked' in page
        assert "You chose on" in page
        assert "28 March 2027, 00:59" in page
        assert CookieReceipt.objects.get().source == "page"

    def test_withdrawing_is_one_press(self, published, visitor):
        choose(visitor, "accept")
        choose(visitor, "refuse", key=uuid.uuid4())
        assert not choice.allowed(request_of(visitor), "statistics")
        assert CookieReceipt.objects.first().accepted == []

    def test_saving_nothing_refuses_all(self, published, visitor):
        choose(visitor, "save")
        assert CookieReceipt.objects.get().refused == OPTIONAL

    def test_an_unknown_group_is_refused_in_words(self, published, visitor):
        reply = choose(visitor, "save", "everything")
        assert reply.status_code == 400
        assert "nothing was changed" in reply.content.decode()
        assert not CookieReceipt.objects.exists()

    def test_before_a_list_there_is_a_plain_word(self, db, visitor):
        page = visitor.get("/cookies/").content.decode()
        assert "The list of those that our shop sets is being prepared" in page
        assert "Accept all" not in page

    def test_what_is_typed_on_the_desk_is_escaped(self, published, visitor):
        Cookie.objects.filter(code="shop-layout").update(
            purpose="<script>x</script>", policy='https://a.example/"onclick=x'
        )
        actions.publish(summary="Odd.", by="job:tests", now=NOW)
        page = visitor.get("/cookies/").content.decode()
        assert "<script>x" not in page
        assert '"onclick' not in page

    def test_two_queries(self, published, visitor, django_assert_num_queries):
        with django_assert_num_queries(2):
            visitor.get("/cookies/")


class TestAgain:
    def test_asked_again_after_six_months(self, published, visitor, at_night):
        press(visitor, "accept")
        at_night.move_to(datetime.datetime(2027, 9, 28, 0, 59, 29, tzinfo=datetime.UTC))
        assert choice.allowed(request_of(visitor), "statistics")
        at_night.move_to(datetime.datetime(2027, 9, 28, 0, 59, 30, tzinfo=datetime.UTC))
        assert not choice.allowed(request_of(visitor), "statistics")
        assert shows_banner(visitor)

    def test_asked_again_when_the_wording_changes(self, published, visitor):
        press(visitor, "accept")
        Cookie.objects.filter(code="example-ads-browser").update(life="180 days")
        assert not shows_banner(visitor)  # nobody reads the draft
        actions.publish(summary="Longer.", by="job:tests", now=NOW)
        assert shows_banner(visitor)
        assert not choice.allowed(request_of(visitor), "statistics")

    def test_an_answer_to_an_older_wording_is_not_kept(self, published, visitor):
        Cookie.objects.filter(code="example-ads-browser").update(life="180 days")
        actions.publish(summary="Longer.", by="job:tests", now=NOW)
        for send in (press, choose):
            reply = send(visitor, "accept", version=1)
            assert reply.url == "/cookies/?cookies=moved"
            assert not reply.cookies
        assert (
            "changed while you were reading"
            in visitor.get("/cookies/?cookies=moved").content.decode()
        )
        assert not CookieReceipt.objects.exists()

    def test_a_double_click_leaves_one_receipt(self, published, visitor):
        first, second = press(visitor, "refuse"), Client(headers=OURS)
        again = press(second, "refuse")
        assert CookieReceipt.objects.count() == 1
        assert first.cookies["cookie_choice"].value == again.cookies["cookie_choice"].value

    def test_another_answer_from_an_old_page_is_another_receipt(self, published, visitor):
        for answer in ("refuse", "accept"):
            press(visitor, answer)  # with the key of the same page
        assert CookieReceipt.objects.count() == 2
        assert choice.allowed(request_of(visitor), "advertising")


class TestTheCookie:
    def test_what_it_holds_and_how(self, published, visitor):
        morsel = press(visitor, "accept").cookies["cookie_choice"]
        receipt = CookieReceipt.objects.get().receipt.hex
        assert morsel.value.startswith(
            f"1.statistics+tailoring+advertising.{int(NOW.timestamp())}.{receipt}:"
        )
        assert (morsel["httponly"], morsel["samesite"], morsel["domain"], morsel["path"]) == (
            True,
            "Lax",
            "",
            "/",
        )
        assert (
            morsel["max-age"]
            == (
                datetime.datetime(2027, 9, 28, 0, 59, 30, tzinfo=datetime.UTC) - NOW
            ).total_seconds()
        )

    @pytest.mark.parametrize(
        ("https", "domain", "name"),
        [
            (True, "", "__Host-cookie_choice"),
            (True, "shop.example", "__Secure-cookie_choice"),
            (False, "", "cookie_choice"),
            (False, "shop.example", "cookie_choice"),
        ],
    )
    def test_its_name_says_what_it_promises(self, settings, https, domain, name):
        settings.HTTPS, settings.COOKIE_CHOICE_DOMAIN = https, domain
        assert choice_cookie.cookie_name() == name

    def test_the_shop_shares_it_when_told(self, published, visitor, settings):
        settings.COOKIE_CHOICE_DOMAIN = "shop.example"
        assert press(visitor, "refuse").cookies["cookie_choice"]["domain"] == "shop.example"
        assert "every page of ours at shop.example" in visitor.get("/cookies/").content.decode()

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda value: value.replace("none", "statistics"),
            lambda value: value[:-1],
            lambda value: "",
            lambda value: "x:y",
            lambda value: "1.statistics.99999999999999999.zz:x",
            lambda value: "é" * 9,
        ],
    )
    def test_one_not_of_our_making_counts_for_nothing(self, published, visitor, spoil):
        press(visitor, "refuse")
        visitor.cookies["cookie_choice"] = spoil(visitor.cookies["cookie_choice"].value)
        assert shows_banner(visitor)
        assert not choice.allowed(request_of(visitor), "statistics")

    def test_necessary_is_always_allowed_and_nothing_unknown(self, published, visitor):
        press(visitor, "accept")
        request = request_of(visitor)
        assert choice.allowed(request, "necessary")
        assert choice.allowed(request, "advertising")
        assert not choice.allowed(request, "everything")

    def test_nothing_but_a_yes_counts_as_one(self, published, visitor):
        assert "They need your yes. Nothing else counts as one" in str(published.content["banner"])
        for answer in (None, "refuse"):  # reading is none, nor is a refusal
            if answer:
                press(visitor, answer)
            visitor.get("/privacy/")
            assert not any(choice.allowed(request_of(visitor), group) for group in OPTIONAL)


class TestWhatWeSay:
    @pytest.mark.slow
    def test_no_page_sets_a_cookie_that_is_not_listed(self, published, visitor, lead, signed_in):
        press(visitor, "accept")
        visitor.post("/prove/", {"contact": "ada@example.org"})
        desk = signed_in(lead)
        for client in (visitor, desk):
            for name, address in addresses():
                if name in PUBLIC or client is desk:
                    client.get(address)
        desk.post("/admin/cookies/cookiewording/draft/", {"summary": "x"})
        seen = set(visitor.cookies) | set(desk.cookies)
        assert seen >= {"cookie_choice", "csrf", "session"}
        assert seen <= set(portal_cookies.names().values())

    def test_those_of_our_staff_end_as_the_list_says(self, published, lead, signed_in):
        said = dict(Cookie.objects.filter(place="portal").values_list("code", "life"))
        assert said["portal-staff"] == "Until the browser is closed, at most eight hours"
        assert said["portal-message"] == "Until the next page"
        desk = signed_in(lead)
        assert desk.session.get_expire_at_browser_close()
        assert desk.session.get_expiry_age() <= 8 * 60 * 60
        Cookie.objects.filter(place="shop").update(life="30 days")
        desk.post("/admin/cookies/cookiewording/draft/", {"summary": "Shorter."})
        assert desk.cookies[portal_cookies.names()["portal-message"]].value
        desk.get("/admin/cookies/cookiewording/")
        assert not desk.cookies[portal_cookies.names()["portal-message"]].value

    def test_the_notice_names_ours_and_leads_to_the_list(self, published):
        register.load(by="job:tests")
        said = next(
            part for part in notice.compose(NOW.date())["sections"] if part["id"] == "cookies"
        )
        text = "\n".join(blocks.lines(said))
        for name in portal_cookies.names().values():
            assert name in text
        assert "[Cookies](/cookies/)" in str(said)

    def test_the_notice_keeps_its_order(self, published):
        order = [part["id"] for part in notice.compose(NOW.date())["sections"]]
        assert order[0] == "in-short"
        assert order[order.index("marketing") + 1] == "cookies"


class TestReceipt:
    def test_it_can_be_neither_changed_nor_removed(self, published, visitor):
        press(visitor, "refuse")
        for change in (
            lambda rows: rows.update(accepted=["statistics"]),
            lambda rows: rows.delete(),
        ):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                change(CookieReceipt.objects.all())

    def test_the_wording_it_names_cannot_either(self, published):
        for change in (lambda row: row.delete(), lambda row: row.save()):
            with (
                pytest.raises(DatabaseError, match=r"Cannot (delete|update)"),
                transaction.atomic(),
            ):
                change(published)

    def test_no_second_record_of_it(self, published, visitor):
        before = Entry.objects.count()
        press(visitor, "refuse")
        assert Entry.objects.count() == before
