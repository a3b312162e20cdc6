"""How a message leaves: by email or as a text message.

A carrier is asked twice. `ready` does what can be done before anything is handed over (build the
message, reach the mail server); `hand_over` hands it over. NotTaken means that it surely did not
leave; any other fault of `hand_over` leaves that open. No fault carries a personal value outside
this module: it is told by a code.
"""

import json
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.module_loading import import_string

from customers.outbox.models import Message

HandOver = Callable[[], None]


class NotTaken(Exception):
    """The message surely did not leave. `code` says why; `for_good` that trying again is of no
    use."""

    def __init__(self, code: str, *, for_good: bool = False) -> None:
        super().__init__(code)
        self.code, self.for_good = code, for_good


@contextmanager
def ready(message: Message) -> Iterator[HandOver]:
    """Make ready to hand a message over, and yield the function that does it."""
    with (_email if message.means == Message.Means.EMAIL else _sms)(message) as hand_over:
        yield hand_over


@contextmanager
def _email(message: Message) -> Iterator[HandOver]:
    try:
        email = as_email(message)
        email.message()
    except ValueError as fault:
        raise NotTaken(type(fault).__name__, for_good=True) from None
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as fault:
        raise NotTaken(code_of(fault)) from None

    def hand_over() -> None:
        try:
            connection.send_messages([email])
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as fault:
            raise NotTaken(code_of(fault), for_good=_number(fault) >= 500) from None
        except ValueError as fault:  # an address that this mail server cannot be told
            raise NotTaken(type(fault).__name__, for_good=True) from None

    try:
        yield hand_over
    finally:
        connection.close()


def as_email(message: Message) -> EmailMultiAlternatives:
    """The email as it leaves. The same message has the same Message-ID whenever it is sent."""
    domain = settings.CONTROLLER["email"].rpartition("@")[2]
    email = EmailMultiAlternatives(
        message.subject,
        message.text,
        formataddr((settings.CONTROLLER["name"], settings.CONTROLLER["email"])),
        [message.recipient],
        headers={
            **(json.loads(message.headers) if message.headers else {}),
            "Message-ID": f"<{message.pk.hex}@{domain}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office note is to answer
        },
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    return email


@contextmanager
def _sms(message: Message) -> Iterator[HandOver]:
    if not settings.SMS_BACKEND:
        raise NotTaken("sms_is_off", for_good=True)
    send = import_string(settings.SMS_BACKEND)
    yield lambda: send(message.recipient, message.text)


def code_of(fault: Exception) -> str:
    """A fault as a code: its kind, and the mail server's number. Its text would carry the
    address."""
    number = _number(fault)
    return f"{type(fault).__name__} {number}" if number else type(fault).__name__


def _number(fault: Exception) -> int:
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return max((int(answer[0]) for answer in fault.recipients.values()), default=0)
    return int(getattr(fault, "smtp_code", 0))
