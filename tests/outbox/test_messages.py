"""A message is stored with what it tells about, leaves once, and says honestly how it went."""

import datetime
import smtplib

import pytest
import time_machine
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection, transaction

from audit.models import Entry
from customers.outbox import delivery, messages
from customers.outbox.carriers import NotTaken
from customers.outbox.models import Message
from tests import factories as make
from tests.jobs.working import work

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(
    2026, 10, 25, 0, 59, 59, tzinfo=datetime.UTC
)  # a second before the clocks go back
MINUTE = datetime.timedelta(minutes=1)
WORDS = {
    "subject": "You won",
    "text": "Ada, you won a kettle.\n",
    "html": "<p>Ada, you won a kettle.</p>",
}


def queue(key="prize_won:1", **changes):
    given = {
        "kind": "prize_won",
        "recipient": "ada@example.org",
        **WORDS,
        "by": "job:draw",
        "now": NOW,
        **changes,
    }
    return messages.queue(key=key, **given)


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def refusing(monkeypatch):
    """`refusing(fault)`: the mail server answers every message with this fault."""

    def answer(fault):
        def refuse(self, emails):
            raise fault

        monkeypatch.setattr(EmailBackend, "send_messages", refuse)

    return answer


def state(message):
    message.refresh_from_db()
    return message.state


class TestQueueing:
    def test_leaves_with_both_parts_and_our_headers(self, mailoutbox):
        message = queue(headers={"List-Unsubscribe": "<https://shop.example/stop>"})
        work()
        (email,) = mailoutbox
        assert (email.to, email.subject, email.body) == (
            ["ada@example.org"],
            "You won",
            "Ada, you won a kettle.\n",
        )
        assert email.alternatives == [("<p>Ada, you won a kettle.</p>", "text/html")]
        assert email.from_email == "Hartwell Home Shopping Ltd <privacy@hartwell.example>"
        sent = email.message()
        assert sent["Auto-Submitted"] == "auto-generated"
        assert sent["Message-ID"] == f"<{message.pk.hex}@hartwell.example>"
        assert sent["List-Unsubscribe"] == "<https://shop.example/stop>"
        assert state(message) == "sent"

    def test_the_same_key_is_the_same_message(self, mailoutbox):
        assert queue() == queue(text="Other words")
        work()
        assert len(mailoutbox) == 1
        assert Entry.objects.filter(event="message_queued").count() == 1

    def test_nothing_leaves_when_the_change_is_taken_back(self, mailoutbox):
        with transaction.atomic():
            queue()
            transaction.set_rollback(True)
        work()
        assert mailoutbox == []

    @pytest.mark.parametrize(
        "headers", [{"From": "x@y.example"}, {"X-Note": "a\nBcc: all@example.org"}]
    )
    def test_headers_that_are_ours_are_refused(self, headers):
        with pytest.raises(ValueError, match="may not be given"):
            queue(headers=headers)

    def test_nothing_personal_stands_in_the_clear(self, trail):
        queue(customer=make.CustomerFactory(), headers={"X-A": "kettle"})
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT string_agg(m::text, ' ') FROM outbox_message m) || "
                "(SELECT string_agg(t::text, ' ') FROM django_tasks_database_dbtaskresult t)"
            )
            stored = cursor.fetchone()[0] + str(trail("message_queued").facts)
        assert "prize_won" in stored
        for word in ("ada@", "kettle", "You won", "6164614065"):
            assert word not in stored

    def test_takes_as_many_queries_as_it_must(self, django_assert_num_queries):
        with django_assert_num_queries(6):  # look, savepoint, insert, release, trail, job
            queue()


class TestRendering:
    def test_first_line_of_the_text_is_the_subject(self):
        words = messages.render("one_time_code", {"code": "1234 5678", "minutes": 10})
        assert words["subject"] == "Your one-time code"
        assert words["text"].startswith("Your one-time code is\n\n    1234 5678")
        assert "1234 5678" in words["html"]
        assert "http://127.0.0.1:8000/" in words["text"]

    def test_html_is_escaped_and_text_is_not(self, settings):
        settings.CONTROLLER = {**settings.CONTROLLER, "name": "Hart & Well"}
        words = messages.render("one_time_code", {"code": "1", "minutes": 10})
        assert "Hart & Well" in words["text"]
        assert "Hart &amp; Well" in words["html"]


class TestFailing:
    def test_a_busy_server_is_tried_again_later_and_later(self, refusing, mailoutbox, monkeypatch):
        refusing(smtplib.SMTPDataError(451, b"ada@example.org: come back later"))
        message, now = queue(), NOW
        for minutes in (1, 5, 30, 120):
            again = delivery.send(message.pk, now=now)
            assert again == now + minutes * MINUTE
            assert delivery.send(message.pk, now=again - MINUTE / 60) is None  # not before
            now = again
        assert delivery.send(message.pk, now=now) is None
        assert (state(message), message.attempts, message.error) == (
            "failed",
            5,
            "SMTPDataError 451",
        )
        monkeypatch.undo()
        assert delivery.retry_lost_jobs(now=now + 600 * MINUTE) == 0
        assert mailoutbox == []

    def test_no_such_address_fails_at_once(self, refusing):
        refusing(
            smtplib.SMTPRecipientsRefused(
                {"ada@example.org": (550, b"no such user ada@example.org")}
            )
        )
        message = queue()
        work()
        assert (state(message), message.attempts, message.error) == (
            "failed",
            1,
            "SMTPRecipientsRefused 550",
        )

    def test_a_server_that_is_away_is_tried_again(self, monkeypatch, mailoutbox):
        def away(self):
            raise ConnectionRefusedError("ada@example.org")

        monkeypatch.setattr(EmailBackend, "open", away)
        message = queue()
        delivery.send(message.pk, now=NOW)
        assert (state(message), message.attempts, message.error) == (
            "queued",
            1,
            "ConnectionRefusedError",
        )
        monkeypatch.undo()
        delivery.send(message.pk, now=NOW + MINUTE)
        assert (state(message), len(mailoutbox), message.error) == ("sent", 1, "")

    @pytest.mark.parametrize(
        "fault",
        [TimeoutError("ada@example.org"), smtplib.SMTPServerDisconnected("cut"), RuntimeError()],
    )
    def test_a_line_that_breaks_leaves_a_doubt(self, refusing, fault, caplog):
        refusing(fault)
        message = queue()
        work()
        assert state(message) == "in_doubt"
        assert delivery.retry_lost_jobs(now=NOW + 600 * MINUTE) == 0  # never again by itself
        assert "ada@" not in caplog.text + message.error

    def test_an_address_that_cannot_be_written_fails(self, mailoutbox):
        message = queue(recipient="ada@example.org\nbcc: all@example.org")
        work()
        assert (state(message), mailoutbox) == ("failed", [])

    def test_too_late_is_not_sent(self, mailoutbox):
        message = queue(send_before=NOW + 10 * MINUTE)
        delivery.send(message.pk, now=NOW + 10 * MINUTE)
        assert (state(message), mailoutbox) == ("expired", [])

    def test_failing_changes_nothing_else(self, refusing):
        refusing(smtplib.SMTPDataError(554, b"no"))
        with transaction.atomic():
            ada = make.CustomerFactory()
            queue(customer=ada)
        work()
        ada.refresh_from_db()


class TestLostJobs:
    def test_the_sweep_sends_what_no_job_asks_for(self, mailoutbox):
        message = queue()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_tasks_database_dbtaskresult")
        call_command("send_messages")
        assert (state(message), len(mailoutbox)) == ("sent", 1)

    def test_cut_off_while_sending_becomes_a_doubt(self, mailoutbox):
        message = queue()
        Message.objects.update(state="sending", sending_since=NOW - 5 * MINUTE)
        delivery.retry_lost_jobs(now=NOW - MINUTE)
        assert state(message) == "sending"
        with pytest.raises(SystemExit) as ended:
            call_command("send_messages")
        assert ended.value.code == 1
        assert (state(message), message.error, mailoutbox) == ("in_doubt", "cut_off", [])


class TestTextMessages:
    def test_go_through_the_backend(self, settings, capsys):
        settings.SMS_BACKEND = "customers.outbox.sms.console"
        message = queue(recipient="+447700900461", means="sms")
        work()
        assert state(message) == "sent"
        assert "+447700900461" in capsys.readouterr().out

    def test_fail_when_there_is_no_backend(self):
        message = queue(recipient="+447700900461", means="sms")
        work()
        assert (state(message), message.error) == ("failed", "sms_is_off")

    def test_refused_by_the_provider_is_tried_again(self, settings):
        settings.SMS_BACKEND = "tests.outbox.test_messages.busy"
        message = queue(recipient="+447700900461", means="sms")
        delivery.send(message.pk, now=NOW)
        assert (state(message), message.error) == ("queued", "busy")


def busy(number, text):
    raise NotTaken("busy")
