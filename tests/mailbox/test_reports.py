"""Reports of mail servers on what we send: tied to the very message, stopping nothing and answered by
nobody; and readers who call an email of ours spam."""

import pytest

from compliance.mailbox.models import InboundMail
from compliance.preferences.models import ChoiceEvent, Suppression
from customers.outbox import alerts, messages
from customers.outbox.models import Message
from tests.mailbox.conftest import MIDNIGHT, WITH, receive

US, GONE = "privacy@hartwell.example", "nobody.here@example.net"
SAID = [
    "550 5.1.1 User unknown",
    "550 5.1.10 Recipient not found",
    "552 5.2.2 Mailbox full",
    "550 5.7.1 Message refused, stop sending",
    "554 5.4.4 Host not found",
    "550 5.2.1 Mailbox disabled",
    "550 Unrouteable address, unsubscribe it from your mailing list",
    "553 5.1.3 Bad destination mailbox address syntax",
    "550 5.4.1 Access denied",
]


def original(number):
    return (
        f"From: Hartwell <{US}>\nTo: {GONE}\nSubject: You have been unsubscribed from our marketing\n"
        f"Message-ID: <{number}@hartwell.example>\nAuto-Submitted: auto-generated\n\n"
        "We have stopped our marketing. Please stop worrying.\n"
    )


def dsn(sender, subject, said, number, *, text="", action="failed", extra=""):
    """A report as RFC 3464 wants it, in the words of one mail server."""
    status = next((part for part in said.split() if part.count(".") == 2), "5.0.0")
    return (
        f"From: {sender}\nTo: {US}\nSubject: {subject}\nDate: Mon, 29 Jun 2026 09:00:00 +0100\n"
        f"Message-ID: <report-{abs(hash((sender, said)))}@relay.example>\n{extra}MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\n{text or subject}\n\n<{GONE}>: {said}\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n"
        f"Final-Recipient: rfc822; {GONE}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {said}\n"
        f"--b\nContent-Type: message/rfc822\n\n{original(number)}\n--b--\n"
    )


def plain(sender, subject, said, number, *, text, extra=""):
    """A report of an older mail server: one text, and the message below it."""
    return (
        f"From: {sender}\nTo: {US}\nSubject: {subject}\nDate: Mon, 29 Jun 2026 09:00:00 +0100\n"
        f"Message-ID: <report-{abs(hash((sender, said)))}@relay.example>\n{extra}\n"
        f"{text.format(gone=GONE, said=said)}\n\n{original(number)}"
    )


AUTO, NULL = "Auto-Submitted: auto-replied\n", "Return-Path: <>\n"
SERVERS = {
    "postfix": lambda said, number: dsn(
        "MAILER-DAEMON@relay.example (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        said,
        number,
        text="This is the mail system at host relay.example.",
        extra=AUTO + NULL,
    ),
    "sendmail": lambda said, number: dsn(
        "Mail Delivery Subsystem <MAILER-DAEMON@relay.example>",
        "Returned mail: see transcript for details",
        said,
        number,
        text="   ----- The following addresses had permanent fatal errors -----",
        extra="Auto-Submitted: auto-generated (failure)\n",
    ),
    "exchange": lambda said, number: dsn(
        "postmaster@relay.example",
        "Undeliverable: You have been unsubscribed",
        said,
        number,
        text="Delivery has failed to these recipients or groups:",
        extra="X-MS-Exchange-Message-Is-Ndr:\n",
    ),
    "gmail": lambda said, number: dsn(
        "Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        "Delivery Status Notification (Failure)",
        said,
        number,
        text="** Address not found **",
        extra=AUTO + f"X-Failed-Recipients: {GONE}\nReferences: <{number}@hartwell.example>\n",
    ),
    "ses": lambda said, number: dsn(
        "MAILER-DAEMON@eu-west-2.mail.example",
        "Delivery Status Notification (Failure)",
        said,
        number,
        text="An error occurred while trying to deliver the mail to the following recipients:",
    ),
    "tongue of the relay": lambda said, number: dsn(
        "postmaster@relay.example",
        "Unzustellbar: You have been unsubscribed",
        said,
        number,
        text="Ihre Nachricht hat einige oder alle Empfänger nicht erreicht.",
    ),
    "exim": lambda said, number: plain(
        "Mail Delivery System <Mailer-Daemon@relay.example>",
        "Mail delivery failed: returning message to sender",
        said,
        number,
        text="This message was created automatically by mail delivery software.\n\n"
        "A message that you sent could not be delivered to one or more of its recipients. This is "
        "a permanent error. The following address(es) failed:\n\n  {gone}\n    {said}\n\n"
        "------ This is a copy of the message, including all the headers. ------",
        extra=AUTO + f"X-Failed-Recipients: {GONE}\n",
    ),
    "qmail": lambda said, number: plain(
        "MAILER-DAEMON@relay.example",
        "failure notice",
        said,
        number,
        text="Hi. This is the qmail-send program at relay.example.\nI'm afraid I wasn't able to "
        "deliver your message to the following addresses.\nThis is a permanent error; I've given "
        "up. Sorry it didn't work out.\n\n<{gone}>:\n{said}\n\n"
        "--- Below this line is a copy of the message.",
        extra=NULL,
    ),
    "an old one": lambda said, number: plain(
        "postmaster@relay.example",
        "Returned mail: User unknown",
        said,
        number,
        text="   ----- The following addresses had permanent fatal errors -----\n<{gone}>\n\n"
        "   ----- Transcript of session follows -----\n{said}",
    ),
    "one that does not say so": lambda said, number: plain(
        "smtp-error-service@relay.example",
        "Returned Mail - an error during delivery",
        said,
        number,
        text="------ Recipients that failed ------\n\n<{gone}>: {said}\n"
        "-------- The mail that comes back --------",
    ),
}


@pytest.fixture
def sent(db):
    """A message of ours that left."""
    message = messages.queue(
        kind="opt_out_confirmed", key="k", recipient=GONE, subject="Stopped", text="Done.", **WITH
    )
    Message.objects.update(state=Message.State.SENT, sent_at=MIDNIGHT)
    return message


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("server", SERVERS)
def test_what_did_not_arrive_is_noted_on_that_message(server, said, sent, cast):
    mail = receive(SERVERS[server](said, sent.pk.hex).encode())
    sent.refresh_from_db()
    if server == "one that does not say so":  # somebody reads what it says
        assert (mail.state, mail.kind, sent.state) == ("desk", "bounce", "sent")
    else:
        assert (mail.state, mail.kind, sent.state) == ("applied", "bounce", "returned")
        assert list(alerts.needing_somebody(Message.objects.all())) == [sent]
    assert not ChoiceEvent.objects.exists()
    assert not Suppression.objects.exists()
    assert Message.objects.count() == 1


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_what_is_delayed_or_arrived_did_not_fail(action, sent):
    raw = dsn(
        "MAILER-DAEMON@relay.example", "Delayed", "450 4.2.0 Try later", sent.pk.hex, action=action
    )
    assert receive(raw.encode()).kind == "bounce"
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_a_number_that_is_none_of_ours_ties_nothing(sent):
    mail = receive(SERVERS["postfix"](SAID[0], "0" * 32).encode())
    assert (mail.state, mail.kind) == ("ignored", "bounce")
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_a_message_that_did_not_arrive_is_sent_again_or_settled(sent):
    receive(SERVERS["exim"](SAID[0], sent.pk.hex).encode())
    again = messages.resend(sent, **WITH)
    assert (again.state, again.sent_at) == ("queued", None)
    Message.objects.update(state=Message.State.RETURNED, sent_at=MIDNIGHT)
    assert messages.settle(sent, **WITH).state == "settled"


def complaint(fields, about=""):
    return (
        f"From: <fbl@provider.example>\nTo: {US}\nSubject: FW: Kettles\n"
        "Message-ID: <arf@provider.example>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThis is an email abuse report. Unsubscribe the reader.\n"
        "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
        f"User-Agent: Provider/1\n{fields}\n--b\nContent-Type: message/rfc822\n\n"
        f"From: Hartwell <offers@hartwell.example>\n{about}Subject: Kettles\n\nKettles from 9.99.\n--b--\n"
    ).encode()


@pytest.mark.parametrize(
    "raw",
    [
        complaint("Original-Rcpt-To: <ada@example.org>\n"),
        complaint("Removal-Recipient: ada@example.org\n", "To: undisclosed@example.net\n"),
        complaint("", "To: Ada <ada@example.org>\n"),
    ],
)
def test_whoever_calls_an_email_spam_is_written_to_no_more(raw, cast):
    mail = receive(raw)
    assert (mail.state, mail.kind, mail.channels) == ("applied", "complained", ["email"])
    assert set(Suppression.objects.values_list("channel", "sender")) == {
        ("email", "us"),
        ("email", "third_parties"),
    }
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [
        complaint("Original-Rcpt-To: <offers@hartwell.example>\n"),
        complaint("Original-Rcpt-To: <<<>\n"),
        complaint("\0" * 50),
        b"Content-Type: multipart/report; boundary=b\nFrom: mailer-daemon@x.example\n\n--b\n" * 40,
    ],
)
def test_a_broken_report_harms_nothing(raw, cast):
    receive(raw)
    assert not Suppression.objects.exists()
    assert InboundMail.objects.get().state in ("desk", "ignored")
