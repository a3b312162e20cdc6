"""What proof leaves behind for a short time: the code that was asked for, the visit that it opens,
and how often somebody asked.

`Challenge` and `Visit` are written once, here, and stand in two tables each: for a customer below,
for one case in `compliance/cases/models/visits.py` (why: docs/decisions/0025).
"""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from customers.models.person import ContactPoint, Customer
from privacy import seal
from privacy.declarations import Delete
from privacy.fields import SealedTextField


class ChallengeQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        """Those that no job has looked at yet, the oldest first."""
        return self.filter(looked_up_at__isnull=True).order_by("asked_at")

    def good(self, now: datetime) -> Self:
        """Those whose code can still be given."""
        return self.filter(used_at__isnull=True, expires_at__gt=now)

    def named_by(self, *, token: str, letter: str) -> Self:
        """The one that a browser's cookie names, or else the number of a letter."""
        if letter:
            return self.filter(letter_digest__in=seal.lookup_hashes("visitor_letter", letter))
        return self.filter(
            token_digest__in=seal.lookup_hashes("visitor_token", token), letter_digest__isnull=True
        )


class Challenge(models.Model):
    """Somebody asked for a one-time code, from one browser. Whether what they named exists shows
    only in the foreign key.

    The page stores what was typed and nothing else; a job looks for whom or what it names, blanks
    what was typed and sends the code, so that the page's answer cannot depend on what it finds.
    """

    OF: ClassVar[str]  # the foreign key to what is proved
    SENT_TO: ClassVar[str]  # the field that says where the code went; a visit has the same

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_digest = models.UUIDField(
        unique=True, editable=False, help_text="A keyed hash of the browser's cookie."
    )
    given = SealedTextField(
        null=True, help_text="What was typed, as JSON; blank once it was looked up."
    )
    letter_digest = models.UUIDField(null=True, unique=True, editable=False)
    code_digest = models.UUIDField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    looked_up_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()
        indexes = [
            models.Index(fields=["expires_at", "id"], name="%(class)s_expiry"),
            models.Index(
                fields=["asked_at"],
                name="%(class)s_waiting",
                condition=Q(looked_up_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_forgets_what_was_typed",
                condition=Q(looked_up_at__isnull=True) | Q(given__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {str(self.pk)[:8]}".capitalize()

    @property
    def of(self) -> Any:
        """The customer or the case, once a code was sent."""
        return getattr(self, self.OF)

    @property
    def sent_to(self) -> Any:
        return getattr(self, self.SENT_TO)


class VisitQuerySet(models.QuerySet[Any]):
    def running(self, now: datetime) -> Self:
        """Those that were not ended and are not over."""
        return self.filter(expires_at__gt=now)

    def named_by(self, token: str) -> Self:
        """The one that a browser's cookie names."""
        return self.filter(token_digest__in=seal.lookup_hashes("visitor_token", token))

    def end(self, now: datetime) -> int:
        """End those that run; how many there were."""
        return self.running(now).update(expires_at=now)


class Visit(models.Model):
    """A browser whose visitor gave a one-time code, for a short time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_digest = models.UUIDField(
        unique=True, editable=False, help_text="A keyed hash of the browser's cookie."
    )
    browser_digest = models.UUIDField(
        editable=False, help_text="A keyed hash of what the browser calls itself."
    )
    proved_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(
        help_text="Over from this moment on; set to now when it is ended."
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()
        indexes = [models.Index(fields=["expires_at", "id"], name="%(class)s_expiry")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {str(self.pk)[:8]}".capitalize()


class CustomerChallenge(Challenge):
    """A code by which a visitor shows that they are a customer."""

    OF, SENT_TO = "customer", "contact_kind"

    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="challenges")
    contact_kind = models.CharField(max_length=8, choices=ContactPoint.Kind.choices, blank=True)

    class Meta(Challenge.Meta):
        constraints = [
            *Challenge.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_code_is_somebodys",
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


class CustomerVisit(Visit):
    """A visit of somebody who has shown that they are the customer."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="visits")
    contact_kind = models.CharField(max_length=8, choices=ContactPoint.Kind.choices)

    class Meta(Visit.Meta):
        pass

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


class RateLimitHit(models.Model):
    """One request for a code, counted against the contact detail that was typed or the address that
    it came from."""

    digest = models.UUIDField(editable=False)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["digest", "at"], name="ratelimithit_digest"),
            models.Index(fields=["expires_at", "id"], name="ratelimithit_expiry"),
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
