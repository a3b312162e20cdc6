"""Each number of codes and visits stands in one place, and what people read follows it."""

import datetime
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from compliance.portal.my_data.forms import NewCodeForm
from compliance.portal.my_data.views_contact import TOO_MANY_CODES
from customers.identity import limits
from customers.identity.models import CustomerVisit
from customers.outbox import messages
from tests.identity.steps import ask, code_in, give, newest
from tests.visiting import visiting

pytestmark = pytest.mark.django_db
EIGHT, HOURS = datetime.timedelta(minutes=8), datetime.timedelta(hours=8)
WEEKS = datetime.timedelta(days=21)


def page(address, client=None):
    return told((client or Client()).get(address).content.decode())


def told(text):
    return " ".join(text.split())


def rendered(template, **context):
    return told(render_to_string(template, context, request=RequestFactory().get("/")))


@pytest.mark.parametrize("address", ["/prove/code/", "/your-data/status/code/"])
@pytest.mark.parametrize(
    ("name", "value", "before", "after"),
    [
        ("CODE_VALID", EIGHT, "works for ten minutes.", "works for eight minutes."),
        ("LETTER_VALID", WEEKS, "works for 14 days.", "works for 21 days."),
        (
            "CODES",
            ((4, limits.HOUR), (10, limits.DAY)),
            "no more than three in a quarter of an hour.",
            "no more than four in one hour.",
        ),
    ],
)
def test_the_pages_on_which_a_code_is_typed(monkeypatch, address, name, value, before, after):
    assert before in page(address)
    monkeypatch.setattr(limits, name, value)
    assert after in page(address)


@pytest.mark.parametrize(
    ("name", "value", "before", "after"),
    [
        ("VISIT_IDLE", EIGHT, "nothing for 20 minutes, or", "nothing for eight minutes, or"),
        ("VISIT_LONGEST", HOURS, "or for two hours at most.", "or for eight hours at most."),
    ],
)
def test_the_pages_that_tell_how_long_a_visit_lasts(ada, monkeypatch, name, value, before, after):
    browser = visiting(ada)

    def pages():
        return page("/prove/", browser), rendered("portal/add_ended.html")

    assert all(before in one for one in pages())
    monkeypatch.setattr(limits, name, value)
    assert all(after in one for one in pages())


@pytest.mark.parametrize(
    ("name", "template", "before", "after"),
    [
        ("FRESH", "portal/copy.html", "more than ten minutes old", "more than eight minutes old"),
        (
            "FORM_OPEN",
            "portal/my_data/ended.html",
            "more than half an hour old",
            "more than eight minutes old",
        ),
        (
            "CODE_VALID",
            "portal/my_data/contact_code.html",
            "works for ten minutes, once",
            "works for eight minutes, once",
        ),
    ],
)
def test_the_pages_of_what_we_hold(monkeypatch, name, template, before, after):
    context = {
        "copy": SimpleNamespace(state="ready"),
        "reader": SimpleNamespace(customer=True),
        "standing": SimpleNamespace(case=SimpleNamespace(reference="R-1")),
        "wish": SimpleNamespace(kind="email"),
        "form": NewCodeForm(),
    }
    assert before in rendered(template, **context)
    monkeypatch.setattr(limits, name, EIGHT)
    assert after in rendered(template, **context)


@pytest.mark.parametrize("template", ["one_time_code", "one_time_code_sms", "status_code"])
def test_the_messages_with_a_code(monkeypatch, template):
    def message():
        return messages.render(template, {"code": "1234 5678", "valid": limits.code_valid()})

    assert "It works once, for 10 minutes" in message()["text"]
    monkeypatch.setattr(limits, "CODE_VALID", EIGHT)
    assert "It works once, for 8 minutes" in message()["text"]


def test_the_email_is_told_what_the_code_holds_to(ada, monkeypatch):
    monkeypatch.setattr(limits, "CODE_VALID", EIGHT)
    ask(Client(), contact="ada@example.org")
    assert "for 8 minutes, in that browser only" in told(newest().text)
    assert "for 8 minutes, in that browser only" in told(newest().html)


def test_the_letter_names_its_last_day(bert, monkeypatch):
    monkeypatch.setattr(limits, "LETTER_VALID", WEEKS)
    ask(Client(), number="C0009876", surname="Ode")
    assert "They work once, until 19 Apr 2026, from" in told(newest().text)


def test_too_many_codes_for_new_addresses(monkeypatch):
    assert "wait a quarter of an hour, or" in TOO_MANY_CODES.format(**limits.in_words())
    monkeypatch.setattr(limits, "CODES", ((3, EIGHT),))
    assert "wait eight minutes, or" in TOO_MANY_CODES.format(**limits.in_words())


@pytest.mark.parametrize("name", ["VISIT_IDLE", "VISIT_LONGEST"])
def test_a_visit_holds_to_them(ada, clock, monkeypatch, name):
    monkeypatch.setattr(limits, name, EIGHT)
    browser = Client()
    ask(browser, contact="ada@example.org")
    give(browser, code_in(newest()))
    visit = CustomerVisit.objects.get()
    assert (visit.expires_at - visit.proved_at == EIGHT) == (name == "VISIT_LONGEST")
    clock.shift(EIGHT)
    assert "Send me a code" in page("/prove/", browser)
