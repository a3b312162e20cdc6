"""What was carried out in a case, whom that concerns outside, and what stays with the person:
restrictions and copies."""

import datetime
import json
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from compliance.cases import lines as told_lines
from compliance.cases.kinds import COMPLAINTS, effects_in_words
from compliance.cases.models.case import Case
from compliance.disclosures.models import purposes_in_words
from compliance.retention.models import LegalHold
from customers.models import Customer
from privacy.append_only import append_only
from privacy.declarations import EVERY_ROW, Delete
from privacy.fields import SealedTextField
from privacy.words import json_in_words

ABOUT_COMPLAINTS = Q(case__kind__in=COMPLAINTS)
OF_CASE = {"request": ~ABOUT_COMPLAINTS, "complaint": ABOUT_COMPLAINTS}


class Outcome(models.Model):
    """One thing that was carried out in a case: by whom, when, and what the person is told of it.
    Never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="outcomes")
    effect = models.SlugField(max_length=30, db_index=False, help_text="Its code (see effects).")
    token = models.UUIDField(
        unique=True, help_text="One for each form shown: the same twice is done once."
    )
    at = models.DateTimeField()
    by = models.CharField(max_length=80, help_text="staff:ID, customer:ID or job:NAME.")
    codes = models.JSONField(default=dict, help_text="Codes, dates and counts; no personal value.")
    lines = SealedTextField(null=True, help_text="What the person is told, line by line, as JSON.")
    record = SealedTextField(
        null=True, help_text="Reasons, main factors, remedy: for colleagues, as JSON."
    )

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view", "add")
        permissions = [("erase_person", "Can erase a person who asks for it")]
        triggers = append_only(but=("lines", "record"))

    class PersonalData:
        category = "rights_request"
        subject = "case__customer"
        clocks = {"closed": "case__closed_on"}
        conditions = OF_CASE
        erase = Delete()
        export = {
            "effect": "What we did",
            "at": "When",
            "lines": "What we told you of it",
            "record": "What we noted about it",
        }
        review = ("lines", "record")
        words = {"effect": effects_in_words, "lines": told_lines.in_words, "record": json_in_words}
        redact = {"by": "By"}
        withhold = {"codes": "Codes and counts of what the lines above say in words."}
        title = "What we did for your requests"
        answering = True
        internal = ("id", "case", "token")

    def __str__(self) -> str:
        return f"Outcome {self.pk}"

    @property
    def day(self) -> datetime.date:
        """The day in London on which it was carried out."""
        return timezone.localdate(self.at)

    @property
    def told(self) -> list[told_lines.Line]:
        """The lines for the person, as they were stored."""
        return told_lines.read(self.lines)

    @property
    def reasons(self) -> dict[str, str]:
        """What was written down for colleagues, by its name."""
        return dict(json.loads(self.record)) if self.record else {}


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def in_force(self) -> Self:
        """The restrictions that were not lifted."""
        return self.filter(lifted_on__isnull=True)


class Restriction(models.Model):
    """While it stands, a person's data is not used as it was (UK GDPR Article 18): no marketing and
    no erasure from the first moment, and, once it is clear who asks or a colleague confirms it,
    no other use that it covers but those in `goes_on`.

    One of somebody who has not shown who they are has an end from the beginning.
    """

    class Ground(models.TextChoices):
        ACCURACY = (
            "accuracy",
            "They say that it is not accurate, and we check it (Article 18(1)(a))",
        )
        UNLAWFUL = (
            "unlawful",
            "The use is unlawful, and they do not want it erased (Article 18(1)(b))",
        )
        CLAIM = "claim", "They need it for a legal claim (Article 18(1)(c))"
        OBJECTION = "objection", "They objected, and we weigh their reasons (Article 18(1)(d))"
        ASKED = "asked", "They asked for it, and we look at the ground"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="restrictions")
    case = models.ForeignKey(Case, models.PROTECT, related_name="restrictions")
    ground = models.CharField(max_length=9, choices=Ground.choices)
    began_at = models.DateTimeField()
    began_by = models.CharField(max_length=80)
    hold = models.OneToOneField(
        LegalHold, models.PROTECT, related_name="+", help_text="What keeps the purge away."
    )
    purposes = ArrayField(
        models.SlugField(max_length=40),
        default=list,
        help_text="The uses that it is about, by their codes; empty: every use.",
    )
    categories = ArrayField(
        models.SlugField(max_length=40),
        default=list,
        help_text="The data that it is about, by their codes; empty: all of it.",
    )
    goes_on = models.JSONField(
        default=dict,
        help_text="The uses that go on all the same, each with what lets it (Article 18(2)).",
    )
    confirmed_at = models.DateTimeField(
        null=True, help_text="From then on it covers more than marketing and erasure."
    )
    confirmed_by = models.CharField(max_length=80, blank=True)
    expires_on = models.DateField(
        null=True, help_text="When it ends if it is not clear by then who asks."
    )
    warned_on = models.DateField(null=True, help_text="The person was told that it will be lifted.")
    warned_by = models.CharField(max_length=80, blank=True)
    lifted_on = models.DateField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True)
    mistaken = models.BooleanField(
        default=False, help_text="It was never theirs: the case was matched to somebody else."
    )
    joined_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="joined",
        help_text="It goes on in this one: the requests of both were put together.",
    )
    reason = SealedTextField(null=True, help_text="Why it was lifted, for colleagues.")

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view", "change")
        indexes = [
            models.Index(
                fields=["lifted_on", "id"],
                name="restriction_lifted",
                condition=Q(lifted_on__isnull=False),
            ),
            models.Index(
                fields=["customer"], name="restriction_active", condition=Q(lifted_on__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(lifted_on__isnull=True), name="restriction_once_a_case"
            ),
            models.CheckConstraint(
                name="restriction_lifted_after_a_warning",
                condition=Q(lifted_on__isnull=True, lifted_by="")
                | (Q(lifted_on__gt=F("warned_on"), warned_on__isnull=False) & ~Q(lifted_by=""))
                | (Q(lifted_on__isnull=False, mistaken=True) & ~Q(lifted_by=""))
                | (Q(lifted_on__isnull=False, joined_to__isnull=False) & ~Q(lifted_by=""))
                | (Q(lifted_on__gte=F("expires_on"), expires_on__isnull=False) & ~Q(lifted_by="")),
            ),
            models.CheckConstraint(
                name="restriction_warned_by_somebody",
                condition=Q(warned_on__isnull=True, warned_by="")
                | (Q(warned_on__isnull=False) & ~Q(warned_by="")),
            ),
            models.CheckConstraint(
                name="restriction_confirmed_by_somebody",
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
            ),
            models.CheckConstraint(
                name="restriction_confirmed_does_not_expire",
                condition=Q(confirmed_at__isnull=True) | Q(expires_on__isnull=True),
            ),
        ]

    class PersonalData:
        category = "rights_request"
        subject = "customer"
        clocks = {"closed": "lifted_on"}
        conditions = {"request": EVERY_ROW, "complaint": Q(pk__in=[])}
        erase = Delete()
        needs_person = Q(lifted_on__isnull=True)
        export = {
            "ground": "Why the use of your data is restricted",
            "began_at": "Since",
            "confirmed_at": "For more than marketing and erasure since",
            "expires_on": "It ends, if it is not clear by then who asks, on",
            "warned_on": "We told you that it ends on",
            "lifted_on": "Ended on",
            "reason": "Why it ended",
        }
        review = ("reason",)
        redact = {
            "began_by": "Begun by",
            "confirmed_by": "Confirmed by",
            "warned_by": "You were told by",
            "lifted_by": "Ended by",
        }
        withhold = dict.fromkeys(
            ("purposes", "categories", "goes_on"),
            "Codes of what stands in words in what we did for your request.",
        )
        title = "Restrictions of use"
        internal = ("id", "customer", "case", "hold", "mistaken", "joined_to")

    def __str__(self) -> str:
        return f"Restriction {self.pk}"


class ProcessingStop(models.Model):
    """One use that stopped for one person for good, because their objection to it was upheld (UK
    GDPR Article 21(1)). It stays as long as the person's own record, and ends only when they allow
    the use again."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="processing_stops")
    purpose = models.SlugField(max_length=40, help_text="The purpose's code in the register.")
    token = models.UUIDField(unique=True, help_text="By which instructions to others name it.")
    began_at = models.DateTimeField()
    began_by = models.CharField(max_length=80)
    ended_on = models.DateField(null=True, help_text="They allowed the use again.")
    ended_by = models.CharField(max_length=80, blank=True)
    why_ended = SealedTextField(null=True, help_text="How we know that, for colleagues.")

    class Meta:
        ordering = ["-began_at", "-pk"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose"],
                condition=Q(ended_on__isnull=True),
                name="processingstop_once",
            ),
            models.CheckConstraint(
                name="processingstop_ended_by_somebody",
                condition=Q(ended_on__isnull=True, ended_by="", why_ended__isnull=True)
                | (Q(ended_on__isnull=False, why_ended__isnull=False) & ~Q(ended_by="")),
            ),
        ]

    class PersonalData:
        category = "identity"
        subject = "customer"
        clocks = {"relationship_end": "customer__relationship_ended_on"}
        erase = Delete()
        with_person = True
        export = {
            "purpose": "Use that stopped",
            "began_at": "Since",
            "ended_on": "You allowed it again on",
            "why_ended": "How we know that",
        }
        review = ("why_ended",)
        words = {"purpose": purposes_in_words}
        redact = {"began_by": "Begun by", "ended_by": "Ended by"}
        title = "Uses that stopped because you objected"
        internal = ("id", "customer", "token")

    def __str__(self) -> str:
        return f"Stop {self.pk}"


class Statement(models.Model):
    """What a person says beside data that they think is wrong or incomplete, and that we found to
    be right (Article 16).

    It stays as long as the person's own record, so that whoever reads the one reads the other.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="statements")
    token = models.UUIDField(unique=True, help_text="That of the form by which it was kept.")
    text = SealedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)

    class PersonalData:
        category = "identity"
        subject = "customer"
        clocks = {"relationship_end": "customer__relationship_ended_on"}
        erase = Delete()
        with_person = True
        export = {"text": "Your statement", "at": "When"}
        review = ("text",)
        title = "Your statements"
        internal = ("id", "customer", "token")

    def __str__(self) -> str:
        return f"Statement {self.pk}"


class DataCopy(models.Model):
    """A file with a person's data that was made for them: sealed, counted, and gone a while after
    it was made (see the register)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="copies")
    outcome = models.OneToOneField(Outcome, models.PROTECT, related_name="copy")
    content = SealedTextField(help_text="The bytes of a zip archive, one character each (Latin-1).")
    size = models.PositiveIntegerField(help_text="Bytes.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the archive.")
    records = models.PositiveIntegerField(help_text="How many records are in it.")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="Not handed out from this moment on.")
    downloads = models.PositiveIntegerField(default=0)
    last_download_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "data copies"
        default_permissions = ("view",)
        indexes = [models.Index(fields=["made_at", "id"], name="datacopy_made")]
        constraints = [
            models.CheckConstraint(
                name="datacopy_downloads_are_dated",
                condition=Q(downloads=0, last_download_at__isnull=True)
                | Q(downloads__gt=0, last_download_at__isnull=False),
            ),
        ]

    class PersonalData:
        category = "data_copy"
        subject = "case__customer"
        clocks = {"made": "made_at"}
        erase = Delete()
        export = {
            "made_at": "Made on",
            "expires_at": "Available until",
            "downloads": "Times downloaded",
            "last_download_at": "Last downloaded",
        }
        withhold = {"content": "The copy itself: it repeats what stands elsewhere in this file."}
        title = "Files for moving your data"
        answering = True
        internal = ("id", "case", "outcome", "size", "digest", "records")

    def __str__(self) -> str:
        return f"Copy of data {self.pk}"
