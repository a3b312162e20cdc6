"""A visitor meets the banner: on a phone and on a desk, with JavaScript and without, with the
browser's own refusal."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.roles import Role
from compliance.cookies import actions
from compliance.cookies.models import Cookie, CookieReceipt, PageVisits
from compliance.register import actions as register
from compliance.register import publishing
from tests.factories import StaffFactory
from tests.journeys.conftest import DESK, PHONE
from tests.register.ready import ready_to_publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAYS = "Your browser asks us not to sell or share your data: your choice says no to advertising cookies."


@pytest.fixture
def told(live_server) -> None:
    """A notice and a list of cookies, both published."""
    register.load(by="job:tests")
    ready_to_publish()
    publishing.publish(summary="First.", by="job:tests", now=timezone.now())
    actions.load(by="job:tests")
    actions.publish(summary="First.", by="job:tests", now=timezone.now())


def cookies(page) -> set[str]:
    return {cookie["name"] for cookie in page.context.cookies()}


def banner(page):
    return page.get_by_role("region", name="Cookie choice")


@pytest.mark.parametrize("javascript", [True, False])
def test_refusing_leaves_only_the_necessary(told, page_at, javascript):
    page = page_at(PHONE, javascript=javascript)
    for address in ("/privacy/", "/", "/privacy/versions/"):
        page.goto(address)
        assert cookies(page) == set()
    page.goto("/privacy/")
    banner(page).get_by_role("button", name="Refuse all").click()
    expect(page.get_by_role("status")).to_contain_text("Your choice about cookies is kept")
    assert cookies(page) == {"cookie_choice"}
    for address in ("/", "/privacy/"):
        page.goto(address)
        expect(banner(page)).to_have_count(0)
    assert cookies(page) == {"cookie_choice"}
    page.goto("/cookies/")
    assert cookies(page) == {"cookie_choice", "csrf"}
    assert CookieReceipt.objects.get().accepted == []


@pytest.mark.parametrize("javascript", [True, False])
def test_one_by_one_and_back_again(told, page_at, javascript):
    page = page_at(PHONE, javascript=javascript)
    page.goto("/privacy/")
    page.get_by_role("link", name="Choose one by one").click()
    expect(banner(page)).to_have_count(0)
    page.get_by_label("Accept statistics cookies").check()
    page.get_by_role("button", name="Save my choice").click()
    expect(page.get_by_role("status")).to_have_text("Your choice is kept.")
    expect(page.get_by_label("Accept statistics cookies")).to_be_checked()
    expect(page.get_by_label("Accept advertising cookies")).not_to_be_checked()
    page.get_by_role("button", name="Refuse all").click()
    expect(page.get_by_label("Accept statistics cookies")).not_to_be_checked()
    assert list(CookieReceipt.objects.values_list("accepted", flat=True)) == [[], ["statistics"]]


def test_the_script_keeps_what_was_typed_and_the_place(told, page_at):
    page = page_at(DESK, strict=True)
    page.goto("/privacy/")
    page.evaluate("window.stayed = true")
    banner(page).get_by_role("button", name="Accept all").click()
    expect(page.get_by_role("status")).to_be_focused()
    assert page.evaluate("window.stayed") is True
    assert page.url.endswith("/privacy/")
    assert page.complaints == []
    assert CookieReceipt.objects.get().refused == []


def test_the_script_gives_way_when_it_cannot(told, page_at):
    page = page_at(DESK)
    page.goto("/privacy/")
    Cookie.objects.filter(code="shop-layout").update(life="Two years")
    actions.publish(summary="Longer.", by="job:tests", now=timezone.now())
    banner(page).get_by_role("button", name="Accept all").click()
    expect(page.get_by_role("status")).to_contain_text("changed while you were reading")
    assert not CookieReceipt.objects.exists()


def test_another_wording_asks_again(told, page_at):
    page = page_at(PHONE, javascript=False)
    page.goto("/")
    banner(page).get_by_role("button", name="Accept all").click()
    page.goto("/")
    expect(banner(page)).to_have_count(0)
    Cookie.objects.filter(code="shop-layout").update(life="Two years")
    actions.publish(summary="Longer.", by="job:tests", now=timezone.now())
    page.goto("/")
    expect(banner(page).get_by_role("button", name="Refuse all")).to_be_visible()


def test_the_two_answers_weigh_the_same(told, page_at, width):
    page = page_at(width)
    page.goto("/privacy/")
    looks = [
        button.evaluate("""e => { const s = getComputedStyle(e), r = e.getBoundingClientRect();
        return [s.color, s.backgroundColor, s.borderTopColor, s.fontSize, s.fontWeight, s.padding, r.width, r.height, r.top];
    }""")
        for button in banner(page).get_by_role("button").all()
    ]
    assert len(looks) == 2
    assert looks[0] == looks[1]
    assert looks[0][7] >= 44  # CSS pixels: what a thumb needs


def test_the_banner_covers_nothing_and_holds_nobody(told, page_at, width):
    page = page_at(width)
    page.goto("/privacy/")
    box, header = banner(page).bounding_box(), page.get_by_role("banner").bounding_box()
    assert banner(page).evaluate("e => getComputedStyle(e).position") == "static"
    assert box["y"] + box["height"] <= header["y"] + 1
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main part")).to_be_focused()
    for name in ("Accept all", "Refuse all"):
        page.keyboard.press("Tab")
        expect(banner(page).get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Tab")
    expect(banner(page).get_by_role("link", name="Choose one by one")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('header') !== null")


@pytest.mark.parametrize("javascript", [True, False])
def test_the_browsers_own_refusal(told, page_at, javascript):
    page = page_at(PHONE, javascript=javascript)
    page.context.set_extra_http_headers({"Sec-GPC": "1"})
    page.goto("/privacy/")
    expect(banner(page)).to_contain_text(SAYS)
    assert cookies(page) == set()
    banner(page).get_by_role("button", name="Accept all").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert CookieReceipt.objects.get().refused == ["advertising"]
    page.goto("/cookies/")
    expect(page.get_by_role("region", name="Advertising")).to_contain_text(
        "Off: your browser asks us"
    )
    assert page.goto("/.well-known/gpc.json").json()["gpc"] is True


def test_everybody_can_use_the_public_pages(told, page_at, sound, width):
    page = page_at(width)
    for address in ("/privacy/", "/", "/cookies/", "/cookies/?cookies=moved"):
        page.goto(address)
        sound(page)
    page.get_by_role("button", name="Accept all").click()
    sound(page)
    page.goto("/?cookies=kept")
    sound(page)


def test_before_a_list_is_published(live_server, page_at, sound):
    page = page_at(PHONE)
    page.goto("/cookies/")
    expect(page.get_by_role("main")).to_contain_text("being prepared")
    sound(page)


def test_everybody_can_use_the_desks_pages(told, page_at, sound, width):
    page = page_at(width, staff=StaffFactory(staff_id="lead", role=Role.DATA_PROTECTION_LEAD))
    row = Cookie.objects.get(code="example-ads-browser")
    Cookie.objects.filter(code="example-ads-result").update(life="60 days")
    PageVisits.objects.create(day=timezone.localdate(), page="register:notice", count=1234)
    visits = reverse("admin:cookies_pagevisits_changelist")
    for address in (
        reverse("admin:cookies_cookie_changelist"),
        reverse("admin:cookies_cookie_change", args=[row.pk]),
        reverse("admin:cookies_cookie_history", args=[row.pk]),
        reverse("admin:cookies_cookie_add"),
        reverse("admin:cookies_cookiewording_changelist"),
        reverse("admin:cookies_cookiewording_draft"),
        reverse("admin:cookies_cookiereceipt_changelist"),
        visits,
        visits + "?days=7",
    ):
        page.goto(address)
        sound(page)


def test_nothing_offends_the_security_policy(told, page_at):
    page = page_at(
        DESK, strict=True, staff=StaffFactory(staff_id="lead", role=Role.DATA_PROTECTION_LEAD)
    )
    PageVisits.objects.create(day=timezone.localdate(), page="register:notice", count=1234)
    for address in (
        "/cookies/",
        "/privacy/",
        reverse("admin:cookies_cookiewording_draft"),
        reverse("admin:cookies_pagevisits_changelist"),
    ):
        page.goto(address)
    assert page.complaints == []
