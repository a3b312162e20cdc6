"""Outgoing messages: storing one, and putting its words together.

    queue(kind="opt_out_confirmed", key=f"opt_out_confirmed:{choice.pk}", recipient=address,
          **render("opt_out_confirmed", {...}), by=by, now=now)

The message goes out if and only if the caller's transaction commits. It is sent at most once
without a person's decision; a message that fails never changes the outcome of what it tells about.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from django.conf import settings
from django.db import transaction
from django.template import Context, Engine, TemplateDoesNotExist

from audit import events
from audit.actions import AlreadyDone, Refused
from customers.models import Customer
from customers.outbox.models import ONE_TIME_CODE, Message
from jobs.enqueue import enqueue

UNDELIVERED = (Message.State.FAILED, Message.State.IN_DOUBT, Message.State.RETURNED)
SENT_BACK = "sent_back"  # the fault of a message that came back
GIVEN_UP = "address_given_up"  # the fault of a message whose address the person gave up
OURS = {
    "from",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "auto-submitted",
    "mime-version",
}


def queue(
    *,
    kind: str,
    key: str,
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    customer: Customer | None = None,
    means: Message.Means = Message.Means.EMAIL,
    headers: Mapping[str, str] = {},
    document: bytes | None = None,
    send_before: datetime | None = None,
    by: str,
    now: datetime,
) -> Message:
    """Store a message sealed, in the caller's transaction, and enqueue the job that sends it. The
    same `key` twice is one message.

    `kind` is a slug such as prize_won, without anything personal, and so is `key`. `recipient` is
    an email address, an E.164 number, or the lines of a postal address. `headers` are further
    headers of an email; ValueError for one that is ours to write. `document` is a letter as PDF,
    ready to be printed. From `send_before` on it is no longer sent.
    """
    if faulty := sorted(
        name for name, value in headers.items() if name.lower() in OURS or "\n" in f"{name}{value}"
    ):
        raise ValueError(f"headers that may not be given: {', '.join(faulty)}")
    message, new = Message.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "customer": customer,
            "means": means,
            "recipient": recipient,
            "subject": " ".join(subject.split()),
            "text": text,
            "html": html or None,
            "document": document.decode("latin-1") if document else None,
            "headers": json.dumps(dict(headers)) if headers else None,
            "queued_at": now,
            "next_try_at": now,
            "send_before": send_before,
        },
    )
    if new:
        events.message_queued(
            by=by, subject=message.customer_id, message=message.pk, kind=kind, means=means
        )
        _ask_worker(message)
    return message


def _ask_worker(message: Message) -> None:
    """Ask the worker to send a message; a letter waits for somebody to print it."""
    if message.means != Message.Means.LETTER:
        enqueue("customers.outbox.tasks.send_message", message_id=str(message.pk))


@transaction.atomic
def resend(message: Message, *, by: str, now: datetime) -> Message:
    """Have a message sent once more that failed, or that may or may not have been sent."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.state in (Message.State.QUEUED, Message.State.SENDING):
        raise AlreadyDone("The message is on its way already.")
    if message.state not in UNDELIVERED:
        raise Refused("Only a message that did not arrive, or may not have, is sent again.")
    if message.send_before and message.send_before <= now:
        raise Refused(
            "It is too late for this message: what it says has run out. The customer can ask for "
            "a new one."
        )
    if message.error == GIVEN_UP:
        raise Refused(
            "The person gave this address up, so nothing more is sent there. Write to them anew."
        )
    events.message_resent(by=by, subject=message.customer_id, message=message.pk, was=message.state)
    message.state, message.next_try_at, message.attempts = Message.State.QUEUED, now, 0
    message.sent_at = None
    message.save(update_fields=["state", "next_try_at", "attempts", "sent_at"])
    _ask_worker(message)
    return message


@transaction.atomic
def settle(message: Message, *, by: str, now: datetime) -> Message:
    """Leave a message that was not sent, or may not have been: the person was told in another way,
    or need not be."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.state == Message.State.SETTLED:
        raise AlreadyDone("The message is settled already.")
    if message.state not in UNDELIVERED:
        raise Refused("Only a message that did not arrive, or may not have, can be left.")
    events.message_settled(
        by=by, subject=message.customer_id, message=message.pk, was=message.state
    )
    message.state, message.sent_at = Message.State.SETTLED, None
    message.save(update_fields=["state", "sent_at"])
    return message


@transaction.atomic
def returned(message: Message, *, by: str) -> None:
    """Note that a mail server reported a message of ours which did not arrive."""
    sent = Message.objects.filter(pk=message.pk, state=Message.State.SENT)
    if sent.update(state=Message.State.RETURNED, error=SENT_BACK):
        events.message_returned(by=by, subject=message.customer_id, message=message.pk)


@transaction.atomic
def send_on(message: Message, recipient: str, *, by: str) -> None:
    """Let a message that waits, or was not sent, go to another address of the same person: the one
    it had was given up. A code, and a letter that is printed with its address, is given up too."""
    if message.kind == ONE_TIME_CODE or message.document:
        give_up(message, by=by)
        return
    message.recipient = recipient
    message.save(update_fields=["recipient"])
    events.message_sent_on(by=by, subject=message.customer_id, message=message.pk)


@transaction.atomic
def give_up(message: Message, *, by: str) -> None:
    """Send a message no more whose address was given up. It stays among those that were not sent,
    so that somebody writes anew; a code is of no use there."""
    code = message.kind == ONE_TIME_CODE
    state = Message.State.EXPIRED if code else Message.State.FAILED
    waiting = Message.objects.filter(pk=message.pk, state=message.state)
    if waiting.update(state=state, error=GIVEN_UP):  # else it has left meanwhile
        events.message_given_up(by=by, subject=message.customer_id, message=message.pk)


@transaction.atomic
def posted(message: Message, *, by: str, now: datetime) -> Message:
    """A letter was printed and put in the post."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.means != Message.Means.LETTER:
        raise Refused("Only letters are posted.")
    if message.state == Message.State.SENT:
        raise AlreadyDone("The letter is marked as posted already.")
    if message.state != Message.State.QUEUED or (
        message.send_before and message.send_before <= now
    ):
        raise Refused("It is too late for this letter: the code in it has run out. Do not post it.")
    message.state, message.sent_at = Message.State.SENT, now
    message.save(update_fields=["state", "sent_at"])
    events.letter_posted(by=by, subject=message.customer_id, message=message.pk)
    return message


class MessageWords(TypedDict):
    """What a message says: `queue(**words, ...)`."""

    subject: str
    text: str
    html: str


def render(kind: str, context: Mapping[str, Any]) -> MessageWords:
    """The `subject`, `text` and `html` of a message, from `templates/emails/<kind>.txt` and
    `.html`.

    The first line of the text template's output is the subject. Both know `controller` and
    `public_url`. A kind without an HTML template is sent as plain text.
    """
    known = {"controller": settings.CONTROLLER, "public_url": settings.PUBLIC_URL, **context}
    first, _, text = (
        _rendered(f"emails/{kind}.txt", known, autoescape=False).strip().partition("\n")
    )
    subject = first.strip()
    return {
        "subject": subject,
        "text": text.strip() + "\n",
        "html": _html(kind, {**known, "subject": subject}),
    }


def _html(kind: str, context: Mapping[str, Any]) -> str:
    name = f"emails/{kind}.html"
    try:
        return _rendered(name, context, autoescape=True)
    except TemplateDoesNotExist as missing:
        if str(missing) != name:
            raise  # a template that it extends or includes
        return ""


def _rendered(name: str, context: Mapping[str, Any], *, autoescape: bool) -> str:
    return str(
        Engine.get_default()
        .get_template(name)
        .render(Context(dict(context), autoescape=autoescape))
    )
