"""Proof that a visitor is the customer: the code that was asked for, and the short session that it
opens."""

import uuid

from django.db import models
from django.db.models import Q

from customers.models.person import ContactPoint, Customer
from privacy.declarations import Delete
from privacy.fields import SealedTextField


class ProofAttempt(models.Model):
    """Somebody asked for a one-time code, from one browser. Whether they are a customer shows only
    in `customer`.

    The page stores what was typed and nothing else; a job looks for the customer, blanks what was
    typed and sends the code, so that the page's answer cannot depend on what it finds.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_digest = models.UUIDField(
        unique=True, editable=False, help_text="A keyed hash of the browser's cookie."
    )
    given = SealedTextField(
        null=True, help_text="What was typed, as JSON; blank once it was looked up."
    )
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="proof_attempts")
    contact_kind = models.CharField(max_length=8, choices=ContactPoint.Kind.choices, blank=True)
    letter_digest = models.UUIDField(null=True, unique=True, editable=False)
    code_digest = models.UUIDField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    looked_up_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["expires_at", "id"], name="proofattempt_expiry"),
            models.Index(
                fields=["asked_at"],
                name="proofattempt_waiting",
                condition=Q(looked_up_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="proofattempt_forgets_what_was_typed",
                condition=Q(looked_up_at__isnull=True) | Q(given__isnull=True),
            ),
            models.CheckConstraint(
                name="proofattempt_code_is_somebodys",
                condition=Q(code_digest__isnull=True) | Q(customer__isnull=False),
            ),
        ]

    class PersonalData:
        category = "proof"
        title = "One-time codes"
        answering = True
        subject = "customer"
        clocks = {"expiry": "expires_at"}
        erase = Delete()
        export = {"contact_kind": "Code sent by", "asked_at": "Asked for", "used_at": "Used"}
        withhold = {
            "given": "What was typed, kept until it is looked up; it may be somebody else’s.",
            "token_digest": "A keyed hash of the cookie.",
            "letter_digest": "A keyed hash of the letter’s number.",
            "code_digest": "A keyed hash of the code.",
        }
        internal = ("id", "customer", "tries", "looked_up_at", "expires_at")

    def __str__(self) -> str:
        return f"Proof attempt {str(self.pk)[:8]}"


class RateLimitHit(models.Model):
    """One request for a code, counted against the contact detail that was typed or the address that
    it came from."""

    digest = models.UUIDField(editable=False)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["digest", "at"], name="proofknock_digest"),
            models.Index(fields=["expires_at", "id"], name="proofknock_expiry"),
        ]

    class PersonalData:
        category = "proof"
        subject = ""
        clocks = {"expiry": "expires_at"}
        erase = Delete()
        withhold = {"digest": "A keyed hash that only counts how often a code was asked for."}
        internal = ("id", "at", "expires_at")

    def __str__(self) -> str:
        return f"Request for a code {self.pk}"


class VisitorSession(models.Model):
    """A browser whose visitor has shown that they are the customer, for a short time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="visitor_sessions")
    token_digest = models.UUIDField(
        unique=True, editable=False, help_text="A keyed hash of the browser's cookie."
    )
    browser_digest = models.UUIDField(
        editable=False, help_text="A keyed hash of what the browser calls itself."
    )
    contact_kind = models.CharField(max_length=8, choices=ContactPoint.Kind.choices)
    proved_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(
        help_text="Over from this moment on; set to now when it is ended."
    )

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["expires_at", "id"], name="visitorsession_expiry")]

    class PersonalData:
        category = "proof"
        title = "Visits to this site"
        answering = True
        subject = "customer"
        clocks = {"expiry": "expires_at"}
        erase = Delete()
        export = {
            "contact_kind": "Proved by",
            "proved_at": "Proved on",
            "last_seen_at": "Last seen",
        }
        withhold = {
            "token_digest": "A keyed hash of the cookie.",
            "browser_digest": "A keyed hash of the browser’s name.",
        }
        internal = ("id", "customer", "expires_at")

    def __str__(self) -> str:
        return f"Visitor session {str(self.pk)[:8]}"
