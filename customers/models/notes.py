"""What was said by telephone, email, chat or letter."""

import datetime
import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from customers.models.person import SOURCE_DIGEST, Customer
from privacy.declarations import EVERY_ROW, Delete
from privacy.fields import SealedTextField

# a support need is looked at again so long after it was noted, or was last looked at: a month before
# the year is over that the privacy notice names
LOOK_AGAIN = datetime.timedelta(days=335)


class ContactNoteQuerySet(models.QuerySet["ContactNote"]):
    def support_needs(self) -> Self:
        """The support needs that are not over."""
        return self.filter(kind=ContactNote.Kind.VULNERABILITY, support_ended_on__isnull=True)

    def to_look_at(self, today: datetime.date) -> Self:
        """Those of them that nobody has looked at for long."""
        day = today - LOOK_AGAIN
        unseen = Q(looked_at_on__isnull=True, at__date__lte=day)
        return self.support_needs().filter(unseen | Q(looked_at_on__lte=day))


class ContactNote(models.Model):
    """What was said by telephone, email, chat or letter, and what was noted about it."""

    class Kind(models.TextChoices):
        CALL = "call", "Telephone call"
        EMAIL = "email", "Email"
        CHAT = "chat", "Chat"
        LETTER = "letter", "Letter"
        VULNERABILITY = "vulnerability", "Support need"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contact_notes")
    reference = models.CharField(max_length=40, unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    at = models.DateTimeField()
    text = SealedTextField()
    taken_by = models.CharField(
        max_length=80, help_text="staff:ID, or the name of the system it came from"
    )
    thread_closed_on = models.DateField(null=True, help_text="The matter was closed on this day.")
    looked_at_on = models.DateField(
        null=True, help_text="When somebody last saw to it that a support need is still so."
    )
    support_ended_on = models.DateField(
        null=True, help_text="From this day a support need was no longer so."
    )
    source_digest = models.UUIDField(null=True, editable=False)

    objects = ContactNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        default_permissions = ("view", "add")
        indexes = [
            models.Index(
                fields=["thread_closed_on", "id"],
                name="contactnote_closed",
                condition=Q(thread_closed_on__isnull=False),
            ),
            models.Index(
                fields=["at", "id"],
                name="contactnote_unclosed",
                condition=Q(thread_closed_on__isnull=True),
            ),
            models.Index(
                fields=["kind", "id"],
                name="contactnote_support_needs",
                condition=Q(kind="vulnerability"),
            ),
            models.Index(
                fields=["support_ended_on", "id"],
                name="contactnote_support_over",
                condition=Q(support_ended_on__isnull=False),
            ),
        ]

    class PersonalData:
        category = "contact_note"
        title = "Calls, emails, chats and letters"
        subject = "customer"
        clocks = {
            "thread_closed": "thread_closed_on",
            "noted": "at",
            "relationship_end": "customer__relationship_ended_on",
            "support_ended": "support_ended_on",
        }
        conditions = {
            "correspondence": ~Q(kind="vulnerability") & Q(thread_closed_on__isnull=False),
            "unclosed": ~Q(kind="vulnerability") & Q(thread_closed_on__isnull=True),
            "vulnerability": Q(kind="vulnerability", support_ended_on__isnull=True),
            "support_over": Q(kind="vulnerability", support_ended_on__isnull=False),
        }
        dealings = {"at": EVERY_ROW}
        erase = Delete()
        needs_person = EVERY_ROW  # free text names the person
        export = {
            "kind": "Kind",
            "at": "When",
            "text": "What was said",
            "thread_closed_on": "Closed on",
            "looked_at_on": "We last saw that you still need this on",
            "support_ended_on": "You no longer need this since",
        }
        review = ("text",)
        redact = {"taken_by": "Noted by"}
        withhold = {"source_digest": SOURCE_DIGEST}
        internal = ("id", "customer", "reference")

    def __str__(self) -> str:
        return f"Contact note {self.pk}"
