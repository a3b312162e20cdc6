"""The requests that nobody could match by themselves: proposals, one click, and two agents at
once."""

import datetime
import threading
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actions import AlreadyDone
from audit.models import Entry
from compliance.preferences import contact_digests, intake, may_contact
from compliance.preferences.desk import actions, queue
from compliance.preferences.models import ChoiceEvent, MarketingRequest
from customers.matching import Given
from tests.factories import ContactPointFactory, CustomerFactory

NOW = datetime.datetime(2026, 6, 14, 23, 30, tzinfo=datetime.UTC)
LIST = "/admin/preferences/marketingrequest/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_midnight():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ask():
    """A request that came in so many days ago."""

    def write(days=0, source="web_form", words="", **given):
        then = NOW - datetime.timedelta(days=days)
        who = Given(**(given or {"email": "unknown@example.net"}))
        return intake.take(
            source=source,
            given=who,
            channels=["email", "post"],
            senders=["us", "third_parties"],
            token=uuid.uuid4(),
            by="job:web_form",
            now=then,
            words=words,
        )

    return write


@pytest.fixture
def desk(signed_in, agent):
    return signed_in(agent)


def may(person, channel="email"):
    return may_contact.may_contact(person, channel, "us", "marketing", NOW).reason


class TestTheList:
    def test_what_waits_stands_on_top_the_oldest_first(self, desk, ask, ada):
        young, old = ask(days=1), ask(days=9, email="other@example.net")
        ask(email="ada@example.org")
        page = desk.get(LIST).content.decode()
        assert page.index(old.reference) < page.index(young.reference)
        assert page.count("To be matched") > 2
        assert MarketingRequest.objects.get(state="done").reference not in page

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("?state=done", {"done"}),
            ("?state=all", {"done", "old", "young"}),
            ("?age=7", {"old"}),
            ("?source__exact=letter", {"old"}),
            ("?state=nobody", set()),
        ],
    )
    def test_filters(self, desk, ask, ada, query, shown):
        made = {
            "young": ask(days=1),
            "old": ask(days=9, source="letter"),
            "done": ask(email="ada@example.org"),
        }
        page = desk.get(LIST + query).content.decode()
        assert {name for name, request in made.items() if request.reference in page} == shown

    def test_nothing_waits(self, desk):
        page = desk.get(LIST).content.decode()
        assert "No request waits." in page
        assert "Nothing came in." in page

    def test_figures_say_how_quickly(self, desk, ask, agent):
        with time_machine.travel(NOW - datetime.timedelta(days=3), tick=False):
            late = ask(days=3)
        actions.close_unmatched(late.pk, by=agent.actor, now=NOW)
        page = desk.get(LIST).content.decode()
        row = page[page.index("Took effect after") :]
        assert "Form on this site" in row
        assert "3 days" in row

    def test_figures_are_of_the_latest(self, desk, ask, monkeypatch):
        monkeypatch.setattr(queue, "LATEST", 1)
        ask(days=9, source="letter"), ask(days=1)
        page = desk.get(LIST).content.decode()
        table = page[page.index("Took effect after") :]
        assert ("Form on this site" in table, "Letter" in table) == (True, False)

    def test_first_page_counts_them_and_their_age(self, desk, ask, signed_in, operator):
        ask(days=1)
        ask(days=9, email="other@example.net")
        assert (
            "2 requests to stop marketing wait to be matched to a customer; the oldest came "
            "1\xa0week ago" in (desk.get("/admin/").content.decode())
        )
        assert "wait to be matched" not in signed_in(operator).get("/admin/").content.decode()


class TestOne:
    def test_what_was_written_and_what_is_done_already(self, desk, ask, trail):
        asked = ask(email="someone@example.net", phone="12", words="Please stop all that.", days=2)
        page = desk.get(f"{LIST}{asked.pk}/change/").content.decode()
        for text in (
            "someone@example.net",
            "Please stop all that.",
            "On the suppression list since 13 June 2026, 00:30.",
            "Could not be read, so it could not be suppressed.",
            "None of our customers has any of these details.",
        ):
            assert text in page
        assert trail("marketing_request_viewed").facts == {"request": asked.pk, "proposals": 0}

    def test_each_detail_proposes_by_itself(self, desk, ask, ada):
        ContactPointFactory(customer=ada, address=True, value="1 Mill Lane\nBradford\nBD1 1AA")
        other = CustomerFactory(customer_number="B200", surname="Babbage")
        ContactPointFactory(customer=other, phone=True, value="+447700900123")
        asked = ask(
            name="Ada Lovelace",
            address="Elsewhere\nBD1 1AA",
            email="ada@example.org",
            phone="07700 900123",
        )
        page = desk.get(f"{LIST}{asked.pk}/change/").content.decode()
        assert page.index("Email address, surname and postcode") < page.index(
            "Telephone number</td>"
        )
        assert page.count("This is the customer<") == 2

    def test_one_click_stops_all_of_theirs_from_that_day(self, desk, ask, ada, trail):
        asked = ask(days=5, name="A. Lovelace")
        page = desk.post(
            f"{LIST}{asked.pk}/this-is/", {"customer_number": "a100"}, follow=True
        ).content.decode()
        asked.refresh_from_db()
        assert f"{asked.reference}: stopped for customer A100" in page
        assert (asked.state, asked.customer) == ("done", ada)
        assert may(contact_digests.email("ada@example.org")) == "objected"
        assert {(event.reference, event.at) for event in ada.choice_events.all()} == {
            (asked.reference, asked.received_at)
        }
        assert trail("marketing_request_closed").subject == ada.pk

    def test_nobody_of_ours_stays_suppressed(self, desk, ask, trail):
        asked = ask()
        assert (
            "What it named stays suppressed."
            in desk.post(f"{LIST}{asked.pk}/nobody/", follow=True).content.decode()
        )
        assert may(contact_digests.email("unknown@example.net")) == "objected"
        assert trail("marketing_request_closed").facts == {"request": asked.pk, "state": "nobody"}

    def test_a_mistake_can_be_put_right(self, desk, ask, ada):
        asked = ask()
        desk.post(f"{LIST}{asked.pk}/nobody/")
        desk.post(f"{LIST}{asked.pk}/this-is/", {"customer_number": "A100"})
        assert may(ada) == "objected"

    def test_a_number_of_nobody_is_refused(self, desk, ask):
        page = desk.post(f"{LIST}{ask().pk}/this-is/", {"customer_number": "Z9"}).content.decode()
        assert "No customer has this number." in page
        assert MarketingRequest.objects.get().state == "open"

    def test_a_quicker_colleague_wins_and_it_is_said(self, desk, ask, ada):
        asked = ask()
        desk.post(f"{LIST}{asked.pk}/this-is/", {"customer_number": "A100"})
        for action in ("this-is", "nobody"):
            page = desk.post(
                f"{LIST}{asked.pk}/{action}/", {"customer_number": "A100"}, follow=True
            ).content.decode()
            assert "was matched to a customer already. Nothing was changed." in page
        assert Entry.objects.filter(event="marketing_request_closed").count() == 1

    def test_who_may_not_is_turned_away(self, signed_in, ask, operator, auditor):
        asked = ask()
        assert signed_in(operator).get(f"{LIST}{asked.pk}/change/").status_code == 403
        assert (
            "This is the customer"
            not in signed_in(auditor).get(f"{LIST}{asked.pk}/change/").content.decode()
        )
        for action in ("this-is", "nobody"):
            assert signed_in(auditor).post(f"{LIST}{asked.pk}/{action}/").status_code == 403

    def test_made_up_numbers_are_404(self, desk):
        for key in ("0", "999", "9" * 30, "x"):
            assert desk.get(f"{LIST}{key}/change/").status_code == 404

    def test_its_cost_is_bounded(self, desk, ask, ada):
        asked = ask(
            name="Ada Lovelace",
            address="1 Mill Lane\nBD1 1AA",
            email="ada@example.org",
            phone="07700 900123",
            customer_number="Z1",
        )
        for _ in range(15):
            ContactPointFactory(customer=CustomerFactory(), value="ada@example.org")
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"{LIST}{asked.pk}/change/")
        assert len(queries) == 13


@pytest.mark.django_db(transaction=True)
def test_two_agents_at_once_make_one_match(ask, ada):
    asked, results, ready = ask(), [], threading.Barrier(2)

    def work():
        ready.wait()
        try:
            results.append(actions.match_to(asked.pk, ada, by="staff:1", now=NOW).state)
        except AlreadyDone:
            results.append("already")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["already", "done"]
    assert ChoiceEvent.objects.filter(customer=ada).count() == 4
