"""Messages on the desk: looked at, sent again, settled, printed."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from audit.models import Entry
from customers.outbox import messages
from customers.outbox.models import Message
from jobs.health import waiting_jobs_since
from tests import factories as make
from tests.jobs.working import work

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 12, 31, 23, 59, 59, tzinfo=datetime.UTC)
LIST = "/admin/outbox/message/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ada():
    return make.CustomerFactory(given_names="Ada", surname="Okafor")


def queue(key="prize_won:1", **changes):
    given = {
        "kind": "prize_won",
        "recipient": "ada@example.org",
        "subject": "You won <it>",
        "by": "job:draw",
        "now": NOW,
        "text": "Ada, you won a kettle.\n\nSee https://shop.example/ <b>now</b>.\n",
        **changes,
    }
    return messages.queue(key=key, **given)


def letter(key="letter:1", **changes):
    return queue(
        key=key,
        means="letter",
        recipient="Ms Ada Okafor\n1 Mill Lane\nBradford\nBD1 1AA",
        **changes,
    )


def stuck(key="prize_won:1", state="failed", **changes):
    message = queue(key=key, **changes)
    Message.objects.filter(pk=message.pk).update(state=state, error="SMTPRecipientsRefused 550")
    return message


def page(message):
    return f"{LIST}{message.pk}/change/"


def state(message):
    message.refresh_from_db()
    return message.state


class TestLooking:
    def test_the_list_shows_no_personal_value(self, ada, agent, signed_in, monkeypatch):
        queue(customer=ada)
        monkeypatch.setattr("privacy.seal.unseal", lambda *args: 1 / 0)
        shown = signed_in(agent).get(LIST).content.decode()
        assert "Prize won" in shown
        assert f"Customer {str(ada.pk)[:8]}" in shown
        assert "ada@example.org" not in shown

    def test_a_message_is_shown_as_its_reader_sees_it_and_recorded(
        self, ada, agent, signed_in, trail
    ):
        message = queue(customer=ada, html="<script>alert(1)</script>")
        shown = signed_in(agent).get(page(message)).content.decode()
        assert "<p>Ada, you won a kettle.</p>" in shown
        assert '<a href="https://shop.example/" rel="nofollow">' in shown
        assert "&lt;b&gt;now&lt;/b&gt;" in shown
        assert "<script>" not in shown
        assert (trail("message_viewed").subject, trail("message_viewed").actor) == (
            ada.pk,
            agent.actor,
        )

    @pytest.mark.parametrize("address", [LIST, f"{LIST}letters/"])
    def test_an_operator_sees_none(self, operator, signed_in, address):
        assert signed_in(operator).get(address).status_code == 403
        assert signed_in(operator).get(page(queue())).status_code == 403
        assert not Entry.objects.filter(event="message_viewed").exists()

    def test_an_auditor_looks_and_changes_nothing(self, auditor, signed_in):
        message = stuck()
        client = signed_in(auditor)
        assert "Send again" not in client.get(page(message)).content.decode()
        assert client.post(f"{LIST}{message.pk}/again/").status_code == 403
        assert client.post(f"{LIST}letters/posted/").status_code == 403

    @pytest.mark.parametrize("key", ["6f2c3c52-8f3b-4c9d-9f55-2f8f2f1d7b11", "nothing"])
    def test_a_message_that_is_not_there_is_not_found(self, agent, signed_in, key):
        assert signed_in(agent).get(f"{LIST}{key}/change/").status_code == 404

    def test_a_code_is_hidden_where_customers_are_real(self, agent, signed_in, settings):
        message = queue(kind="one_time_code", text="Your code is\n\n    1234 5678")
        settings.EMBEDDED_DATABASE = False
        assert "1234 5678" not in signed_in(agent).get(page(message)).content.decode()
        settings.EMBEDDED_DATABASE = True
        assert "1234 5678" in signed_in(agent).get(page(message)).content.decode()

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("", 3),
            ("?state=attention", 1),
            ("?state=failed", 2),
            ("?kind=prize_won", 2),
            ("?means=letter", 0),
        ],
    )
    def test_filters(self, agent, signed_in, query, shown):
        queue("a")
        stuck("b")
        stuck("c", kind="one_time_code", send_before=NOW)
        assert len(signed_in(agent).get(LIST + query).context["cl"].result_list) == shown

    def test_the_customers_page_lists_them_by_kind(self, ada, agent, signed_in):
        queue(customer=ada)
        shown = signed_in(agent).get(f"/admin/customers/customer/{ada.pk}/change/").content.decode()
        assert "Messages we sent" in shown
        assert "Prize won" in shown
        assert "kettle" not in shown


class TestSendingAgain:
    @pytest.mark.parametrize("was", ["failed", "in_doubt"])
    def test_sends_once_more_and_says_so(self, agent, signed_in, was, mailoutbox, trail):
        message = stuck(state=was)
        shown = signed_in(agent).post(f"{LIST}{message.pk}/again/", follow=True)
        assert "on its way again" in shown.content.decode()
        work()
        assert (state(message), len(mailoutbox), trail("message_resent").facts["was"]) == (
            "sent",
            1,
            was,
        )

    def test_a_double_click_sends_once(self, agent, signed_in, mailoutbox):
        message = stuck()
        for _ in range(2):
            shown = signed_in(agent).post(f"{LIST}{message.pk}/again/", follow=True)
        assert "on its way already" in shown.content.decode()
        work()
        assert len(mailoutbox) == 1

    def test_what_was_sent_is_not_sent_again(self, agent, signed_in, mailoutbox):
        message = queue()
        work()
        shown = signed_in(agent).post(f"{LIST}{message.pk}/again/", follow=True)
        assert "Only a message that did not arrive" in shown.content.decode()
        work()
        assert len(mailoutbox) == 1

    def test_a_code_that_ran_out_is_not_sent_again(self, agent, signed_in):
        message = stuck(kind="one_time_code", send_before=NOW)
        assert "It is too late to send it" in signed_in(agent).get(page(message)).content.decode()
        shown = signed_in(agent).post(f"{LIST}{message.pk}/again/", follow=True)
        assert "too late for this message" in shown.content.decode()

    def test_settled_in_another_way_leaves_the_first_page(self, agent, signed_in, trail):
        message = stuck()
        client = signed_in(agent)
        assert (
            "1 message was not sent, may not have been, or did not arrive."
            in client.get("/admin/").content.decode()
        )
        client.post(f"{LIST}{message.pk}/leave/")
        assert "was not sent, or may not" not in client.get("/admin/").content.decode()
        assert (state(message), trail("message_settled").facts["was"]) == ("settled", "failed")


class TestLetters:
    def test_wait_on_the_first_page_and_in_the_list(self, ada, agent, signed_in):
        letter(customer=ada)
        letter("letter:2", send_before=NOW)  # comes too late
        client = signed_in(agent)
        assert "1 letter waits to be printed and posted." in client.get("/admin/").content.decode()
        Message.objects.update(queued_at=timezone.now() - datetime.timedelta(hours=25))
        assert "The oldest has waited for 1" in client.get("/admin/").content.decode()
        shown = client.get(f"{LIST}letters/").content.decode()
        assert shown.count('name="letter"') == 1
        assert "Mill Lane" not in shown

    def test_print_on_sheets_of_their_own_and_are_recorded(self, ada, agent, signed_in):
        first, second = letter(customer=ada), letter("letter:2", customer=ada)
        sheets = (
            signed_in(agent)
            .post(f"{LIST}letters/print/", {"letter": [first.pk, second.pk, "x"]})
            .content.decode()
        )
        assert sheets.count('class="sheet"') == 2
        assert "Ms Ada Okafor<br>1 Mill Lane<br>Bradford<br>BD1 1AA" in sheets
        assert "1 January 2027" not in sheets
        assert "31 December 2026" in sheets
        assert Entry.objects.filter(event="message_viewed", subject=ada.pk).count() == 2

    def test_posted_twice_is_posted_once(self, ada, agent, signed_in, trail):
        first = letter(customer=ada)
        client, address = signed_in(agent), f"{LIST}letters/posted/"
        assert (
            "1 letter is marked as posted."
            in client.post(address, {"letter": first.pk}, follow=True).content.decode()
        )
        again = client.post(address, {"letter": first.pk}, follow=True).content.decode()
        assert "Nothing was left" in again
        assert "too late" not in again
        assert (state(first), first.sent_at, trail("letter_posted").subject) == (
            "sent",
            NOW,
            ada.pk,
        )

    def test_none_ticked_is_said(self, agent, signed_in):
        shown = signed_in(agent).post(f"{LIST}letters/print/", follow=True)
        assert "Tick the letters" in shown.content.decode()

    def test_an_email_is_not_posted(self, agent, signed_in):
        message = queue()
        signed_in(agent).post(f"{LIST}letters/posted/", {"letter": message.pk})
        assert state(message) == "queued"


class TestNoWorker:
    def test_is_noticed_after_a_quarter_of_an_hour(self, operator, agent, signed_in, clock):
        queue()
        clock.shift(15 * 60)
        assert "worker does not run" not in signed_in(operator).get("/admin/").content.decode()
        clock.shift(1)
        assert (
            "Start it (deploy/systemd/portal-worker.service)"
            in signed_in(operator).get("/admin/").content.decode()
        )
        assert "Ask the operator to start it." in signed_in(agent).get("/admin/").content.decode()

    def test_a_job_for_later_is_not_late(self):
        assert waiting_jobs_since() is None
        queue()
        assert waiting_jobs_since() == NOW
