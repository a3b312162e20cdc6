"""What we send to people: emails, text messages and letters, each stored before it leaves."""

import datetime
import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from customers.models.person import Customer
from privacy.declarations import EVERY_ROW, Delete
from privacy.fields import SealedTextField

ONE_TIME_CODE = (
    "one_time_code"  # the kind of message that is worthless within minutes and goes within a day
)
PRIZE_ENTERED, PRIZE_WON = (
    "prize_entered",
    "prize_won",
)  # the kinds that go when the entries of a draw go


class MessageQuerySet(models.QuerySet["Message"]):
    def queued(self) -> Self:
        """The messages that wait to be sent or printed."""
        return self.filter(state=Message.State.QUEUED)

    def due(self, now: datetime.datetime) -> Self:
        """The messages that a program can send now: letters are printed by somebody."""
        return self.queued().filter(next_try_at__lte=now).exclude(means=Message.Means.LETTER)

    def unsent(self) -> Self:
        """The messages that were not sent, or may not have been."""
        return self.filter(state__in=[Message.State.FAILED, Message.State.IN_DOUBT])

    def useful(self, now: datetime.datetime) -> Self:
        """The messages that it is not too late for."""
        return self.filter(Q(send_before__isnull=True) | Q(send_before__gt=now))


class Message(models.Model):
    """One message to one person. The row says what is to be sent; a lost job is enqueued again.

    A letter is "queued" until somebody has printed and posted it. "In doubt" means that the sender
    was cut off while it handed the message over: it may have arrived, so it is never sent again
    without a person's decision. "Returned": it was sent, and a mail server reported that it did not
    arrive.
    """

    class Means(models.TextChoices):
        EMAIL = "email", "Email"
        SMS = "sms", "Text message"
        LETTER = "letter", "Letter"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        RETURNED = "returned", "Did not arrive"
        IN_DOUBT = "in_doubt", "May have been sent"
        FAILED = "failed", "Not sent"
        EXPIRED = "expired", "Too late to send"
        SETTLED = "settled", "Not sent, settled otherwise"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="messages")
    means = models.CharField(max_length=6, choices=Means.choices)
    kind = models.SlugField(
        max_length=40, db_index=False, help_text="What it is about, such as prize_won."
    )
    key = models.CharField(
        max_length=120,
        unique=True,
        help_text="Names the message: the same key is the same message.",
    )
    recipient = SealedTextField()
    subject = SealedTextField()
    text = SealedTextField()
    html = SealedTextField(null=True)
    headers = SealedTextField(null=True, help_text="Further headers of an email, as JSON.")
    document = SealedTextField(
        null=True, help_text="A letter as PDF: the bytes, one character each (Latin-1)."
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(
        max_length=60, blank=True, help_text="A code for what went wrong last; never a text."
    )
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField(help_text="Not to be sent before this moment.")
    send_before = models.DateTimeField(null=True, help_text="Of no use from this moment on.")
    sending_since = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at"]
        default_permissions = ("view", "change")
        indexes = [
            models.Index(fields=["queued_at", "id"], name="message_queued"),
            models.Index(
                fields=["send_before", "id"],
                name="message_useless",
                condition=Q(send_before__isnull=False),
            ),
            models.Index(
                fields=["state", "next_try_at"],
                name="message_unsent",
                condition=Q(state__in=["queued", "sending", "in_doubt", "failed", "returned"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_sent_is_dated",
                condition=Q(state__in=["sent", "returned"], sent_at__isnull=False)
                | (~Q(state__in=["sent", "returned"]) & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_sending_is_dated",
                condition=~Q(state="sending") | Q(sending_since__isnull=False),
            ),
        ]

    class PersonalData:
        category = "message"
        title = "Messages we sent you"
        subject = "customer"
        clocks = {"queued": "queued_at", "useless": "send_before"}
        conditions = {
            "code": Q(kind=ONE_TIME_CODE, send_before__isnull=False),
            "draw_entry": Q(kind=PRIZE_ENTERED),
            "draw_award": Q(kind=PRIZE_WON),
            "correspondence": ~(
                Q(kind__in=[PRIZE_ENTERED, PRIZE_WON])
                | Q(kind=ONE_TIME_CODE, send_before__isnull=False)
            ),
        }
        erase = Delete()
        needs_person = EVERY_ROW  # its words name the person
        export = {
            "means": "Sent by",
            "recipient": "Sent to",
            "subject": "Subject",
            "text": "What we wrote",
            "state": "State",
            "queued_at": "Written on",
            "sent_at": "Sent on",
        }
        review = ("recipient", "text")  # a letter may go to somebody who acts for the person
        own = ("subject",)
        answering = True
        withhold = {
            "html": "The same words as above, laid out for an email program.",
            "document": "The same words as above, laid out to be printed.",
            "headers": "Technical lines of the email, some of which let whoever has them act in "
            "your name.",
        }
        internal = (
            "id",
            "customer",
            "kind",
            "key",
            "attempts",
            "error",
            "next_try_at",
            "send_before",
            "sending_since",
        )

    def __str__(self) -> str:
        return f"Message {str(self.pk)[:8]} ({self.kind})"
