"""Emails that people sent us, sealed as they came."""

import json
import uuid
from collections.abc import Callable
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from compliance.mailbox.states import (
    COMPLAINT,
    MailOutcome,
    MailState,
    Transport,
    WaitReason,
    topics,
)
from compliance.preferences.channels import labels
from customers.models import Customer
from privacy.declarations import EVERY_ROW, Delete
from privacy.fields import LookupHashField, SealedTextField

# What a colleague took for a complaint, or has yet to read: a part of the record that the FCA asks
# for (DISP 1.9.1R), so it stays whole, and although its writer asks for erasure.
OF_A_COMPLAINT = Q(kind=COMPLAINT) & Q(
    Q(state=MailState.DESK) | Q(outcome__in=[MailOutcome.PASSED_ON, MailOutcome.ANSWERED])
)


def files_in_words() -> Callable[[str], str]:
    """The words of `attachments`: the name of each file, one a line."""
    return lambda text: "\n".join(str(file["name"]) for file in json.loads(text))


class InboundMailQuerySet(models.QuerySet["InboundMail"]):
    def unread(self) -> Self:
        """The emails that are stored and that no program has read yet."""
        return self.filter(state=MailState.RECEIVED)

    def waiting(self) -> Self:
        """The emails that wait for somebody."""
        return self.filter(state=MailState.DESK)


class InboundMail(models.Model):
    """One email. It is stored sealed and committed before anybody or anything looks into it; all
    else comes after."""

    identity = SealedTextField(
        help_text="What makes it this message and no other: see mail.identity."
    )
    lookup = LookupHashField(kind="inbound_mail", value_of="identity_key", unique=True)
    token = models.UUIDField(
        unique=True, default=uuid.uuid4, editable=False, help_text="Of the request that it makes."
    )
    raw = SealedTextField(
        null=True, help_text="Its bytes as Latin-1 text; gone a while after it was dealt with."
    )
    size = models.PositiveBigIntegerField(help_text="Bytes as they arrived.")
    cut = models.BooleanField(default=False, help_text="Too large: its attachments were not kept.")
    transport = models.CharField(max_length=8, choices=Transport.choices)
    received_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="How often the program began to read it."
    )
    state = models.CharField(max_length=8, choices=MailState.choices, default=MailState.RECEIVED)
    kind = models.CharField("seems to be about", max_length=20, choices=topics, blank=True)
    reason = models.CharField("why it waits", max_length=12, choices=WaitReason.choices, blank=True)
    outcome = models.CharField(max_length=10, choices=MailOutcome.choices, blank=True)
    channels = ArrayField(models.CharField(max_length=16, choices=labels), default=list)
    senders = ArrayField(models.SlugField(max_length=40), default=list)
    sender = SealedTextField(null=True)
    subject = SealedTextField(null=True)
    text = SealedTextField(null=True)
    attachments = SealedTextField(null=True, help_text="Name, type and size of each, as JSON.")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="inbound_mail")
    reference = models.CharField(
        max_length=20, blank=True, help_text="Of the request and the ledger."
    )
    handled_at = models.DateTimeField(null=True)
    handled_by = models.CharField(max_length=80, blank=True)
    junk_from = models.DateTimeField(
        null=True,
        help_text="Of an email set aside unread, from when the rule for junk counts: when somebody "
        "looked at it, else when the longest deadline that it could carry is over.",
    )

    objects = InboundMailQuerySet.as_manager()

    class Meta:
        verbose_name = "email received"
        verbose_name_plural = "emails received"
        ordering = ["received_at", "pk"]
        default_permissions = ("view", "change")
        indexes = [
            models.Index(
                fields=["handled_at", "id"],
                name="inboundmail_handled",
                condition=Q(handled_at__isnull=False),
            ),
            models.Index(
                fields=["junk_from", "id"],
                name="inboundmail_junk",
                condition=Q(junk_from__isnull=False),
            ),
            models.Index(fields=["state", "received_at", "id"], name="inboundmail_state"),
            models.Index(
                fields=["reference"],
                name="inboundmail_unmatched",
                condition=Q(customer__isnull=True) & ~Q(reference=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="inboundmail_handled_when_closed",
                condition=Q(state__in=["received", "desk"], handled_at__isnull=True, handled_by="")
                | (
                    ~Q(state__in=["received", "desk"])
                    & Q(handled_at__isnull=False)
                    & ~Q(handled_by="")
                ),
            ),
            models.CheckConstraint(
                name="inboundmail_junk_is_dated",
                condition=Q(state="ignored", junk_from__isnull=False)
                | (~Q(state="ignored") & Q(junk_from__isnull=True)),
            ),
            models.CheckConstraint(
                name="inboundmail_waits_for_a_reason", condition=~Q(state="desk") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="inboundmail_open_ones_are_whole",
                condition=~Q(state__in=["received", "desk"]) | Q(raw__isnull=False),
            ),
        ]

    class PersonalData:
        category = "mailbox"
        title = "Emails you sent us"
        subject = "customer"
        clocks = {"handled": "handled_at", "junk": "junk_from"}
        dealings = {"received_at": EVERY_ROW}
        conditions = {
            "junk": Q(state="ignored", junk_from__isnull=False),
            "complaint": OF_A_COMPLAINT,
            "kept": ~Q(state="ignored") & ~OF_A_COMPLAINT,
            "waiting": Q(state__in=[MailState.RECEIVED, MailState.DESK]),
            # junk goes whole, and sooner
            "original": Q(raw__isnull=False) & ~Q(state="ignored") & ~OF_A_COMPLAINT,
        }
        erase = Delete()
        # its words name the person; a complaint that was dealt with is proof by itself
        needs_person = ~OF_A_COMPLAINT | Q(state=MailState.DESK)
        export = {
            "received_at": "Received",
            "sender": "From",
            "subject": "Subject",
            "text": "What you wrote",
            "attachments": "Files attached",
            "kind": "What it was about",
            "reference": "Reference",
        }
        review = (
            "sender",
            "subject",
            "text",
            "attachments",
        )  # whoever wrote it may not be the person
        words = {"attachments": files_in_words}
        redact = {"handled_by": "Dealt with by"}
        withhold = {
            "raw": "The same words in the technical form in which mail servers pass them on. Ask "
            "for attached files.",
            "identity": "Tells whether the same email arrives twice.",
            "lookup": "A keyed hash of that.",
        }
        internal = (
            "id",
            "token",
            "size",
            "cut",
            "transport",
            "attempts",
            "state",
            "reason",
            "outcome",
            "channels",
            "senders",
            "customer",
            "handled_at",
            "junk_from",
        )

    def __str__(self) -> str:
        return f"Email {self.pk}"

    def identity_key(self) -> str:
        return str(self.identity)

    @property
    def original(self) -> bytes:
        """The message as it came; empty when it is no longer kept."""
        return str(self.raw).encode("latin-1") if self.raw is not None else b""

    @property
    def attached(self) -> list[dict[str, Any]]:
        """Its attachments, each with `name`, `type` and `size` in bytes."""
        return list(json.loads(self.attachments)) if self.attachments else []
