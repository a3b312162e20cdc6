"""Global Privacy Control: a refusal without a question, and of a customer one objection in the
ledger."""

import datetime
import uuid

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from compliance.cookies import actions, choice, gpc
from compliance.cookies.models import Cookie, CookieReceipt
from compliance.preferences.channels import CHANNELS
from compliance.preferences.models import ChoiceEvent
from customers.identity.models import CustomerChallenge
from tests import factories as make
from tests.cookies.conftest import NOW, OURS, choose, press
from tests.cookies.test_choice import request_of, shows_banner
from tests.identity.steps import ask, code_in, give, newest
from tests.visiting import visiting

SAYS = "Your browser asks us not to sell or share your data: your choice says no to advertising cookies."


@pytest.fixture
def signalling() -> Client:
    """A browser that sends the signal."""
    return Client(headers={**OURS, "Sec-GPC": "1"})


class TestSignal:
    def test_the_banner_says_what_it_does(self, published, signalling, visitor):
        assert SAYS in signalling.get("/privacy/").content.decode()
        assert SAYS not in visitor.get("/privacy/").content.decode()

    def test_reading_with_it_changes_and_sets_nothing(self, published, signalling):
        for page in ("/", "/privacy/"):
            assert not signalling.get(page).cookies
        assert not CookieReceipt.objects.exists()

    @pytest.mark.parametrize("value", ["0", "true", "", "11", " 2"])
    def test_only_one_value_is_the_signal(self, value):
        assert not gpc.signalled(RequestFactory(headers={"Sec-GPC": value}).get("/"))
        assert gpc.signalled(RequestFactory(headers={"Sec-GPC": "1"}).get("/"))

    def test_accept_all_leaves_advertising_off(self, published, signalling):
        press(signalling, "accept")
        receipt = CookieReceipt.objects.get()
        assert (receipt.accepted, receipt.refused, receipt.gpc) == (
            ["statistics", "tailoring"],
            ["advertising"],
            True,
        )

    def test_no_road_to_a_receipt_lets_advertising_through(self, published):
        receipt = actions.choose(
            version=1,
            accepted=["advertising", "statistics"],
            source="page",
            gpc=True,
            key=uuid.uuid4(),
            customer=None,
            now=NOW,
        )
        assert (receipt.accepted, receipt.refused) == (["statistics"], ["tailoring", "advertising"])

    def test_the_choices_page_offers_no_advertising(self, published, signalling):
        page = signalling.get("/cookies/").content.decode()
        assert page.count('type="checkbox"') == 2
        assert "Off: your browser asks us not to sell or share your data" in page
        assert choose(signalling, "save", "advertising").status_code == 400

    def test_it_outweighs_an_earlier_yes(self, published, visitor):
        press(visitor, "accept")
        assert choice.allowed(request_of(visitor), "advertising")
        assert not choice.allowed(request_of(visitor, **{"Sec-GPC": "1"}), "advertising")
        assert choice.allowed(request_of(visitor, **{"Sec-GPC": "1"}), "statistics")

    def test_nobody_is_asked_what_the_browser_said(self, published, signalling):
        Cookie.objects.filter(group__in=["statistics", "tailoring"]).update(retired_on="2027-01-01")
        actions.publish(summary="Advertising alone.", by="job:tests", now=NOW)
        assert not shows_banner(signalling)

    def test_the_site_says_that_it_abides(self, client):
        reply = client.get("/.well-known/gpc.json")
        assert reply["Content-Type"] == "application/json"
        assert reply.json() == {"gpc": True, "lastUpdate": gpc.SUPPORTED_SINCE}
        assert datetime.date.fromisoformat(gpc.SUPPORTED_SINCE)
        assert client.post("/.well-known/gpc.json").status_code == 405


class TestOfACustomer:
    @pytest.fixture
    def ada(self, published):
        return make.ContactPointFactory().customer

    @pytest.fixture
    def ada_signalling(self, ada):
        client = visiting(ada)
        client.defaults.update({"HTTP_SEC_GPC": "1", "HTTP_SEC_FETCH_SITE": "same-origin"})
        return client

    def test_it_becomes_one_objection(self, ada, ada_signalling):
        press(ada_signalling, "accept")
        events = ChoiceEvent.objects.filter(customer=ada)
        assert {(event.channel, event.sender) for event in events} == {
            *((channel, "third_parties") for channel in CHANNELS),
            ("online_profiling", "us"),
        }
        assert {(event.kind, event.source, event.by) for event in events} == {
            ("objection", "gpc", f"customer:{ada.pk}")
        }
        assert len({event.reference for event in events}) == 1

    @pytest.mark.usefixtures("mailoutbox")
    def test_giving_the_code_is_the_moment(self, db, signalling, monkeypatch):
        ada = make.ContactPointFactory(value="ada@example.org").customer
        ask(signalling, contact="ada@example.org")
        code = code_in(newest())
        monkeypatch.setattr("compliance.preferences.actions.object_to", lambda **said: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            give(signalling, code)
        monkeypatch.undo()
        assert (
            CustomerChallenge.objects.get().used_at is None
        )  # one transaction: the code is still good
        give(signalling, code)
        assert ChoiceEvent.objects.filter(customer=ada, source="gpc").count() == len(CHANNELS) + 1

    def test_the_browser_repeats_itself_in_vain(self, ada, ada_signalling):
        press(ada_signalling, "accept")
        before = ChoiceEvent.objects.count()
        choose(ada_signalling, "refuse")
        gpc.record(request_of(ada_signalling, **{"Sec-GPC": "1"}), ada, timezone.now())
        assert ChoiceEvent.objects.count() == before

    def test_reading_is_no_objection(self, ada, ada_signalling):
        for page in ("/", "/privacy/", "/cookies/"):
            ada_signalling.get(page)
        assert not ChoiceEvent.objects.exists()

    def test_no_signal_no_objection(self, ada):
        client = visiting(ada)
        client.defaults["HTTP_SEC_FETCH_SITE"] = "same-origin"
        press(client, "refuse")
        assert not ChoiceEvent.objects.exists()
        assert CookieReceipt.objects.get().customer == ada

    def test_a_customer_who_is_gone_is_left_alone(self, ada_signalling):
        gone = make.CustomerFactory.build()
        gpc.record(request_of(ada_signalling, **{"Sec-GPC": "1"}), gone, timezone.now())
        assert not ChoiceEvent.objects.exists()
