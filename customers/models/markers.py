"""Fraud markers, and what is kept from somebody because of them.

A suspicion, and what hangs on it, is kept from the person: to tell of it would prejudice the
detection of crime (Data Protection Act 2018 Schedule 2 paragraph 2). Everything else is told: a
confirmed case, a warning that protects a victim, and to whom either was filed. A decision of two
people about one person goes before both (`fraud.decide_about` in the room of disclosures). Whoever
shows, counts or names records asks `PersonalData.no_tipping_off`, which `kept_from` makes.
"""

import datetime
import uuid
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import Approval
from customers import marker_states
from customers.models.person import SOURCE_DIGEST, Customer
from privacy.declarations import EVERY_ROW, Delete
from privacy.fields import SealedTextField

KEEP, TELL = "keep-from-person", "tell-person"  # acts of two people about one person


def kept_from(part: Q, *, unless_told: Q, person: str = "customer") -> Q:
    """The rows of `part` that are kept from the person at the path `person`: all of them when two
    people decided to keep them, else those of `unless_told`, unless two people decided to tell."""
    kept, told = (
        Q(Exists(Approval.objects.in_force().filter(what=act, person=OuterRef(person))))
        for act in (KEEP, TELL)
    )
    return part & (kept | (unless_told & ~told))


class FraudMarkerQuerySet(models.QuerySet["FraudMarker"]):
    def under_investigation(self) -> Self:
        """The suspicions that nobody has confirmed or cleared."""
        return self.filter(status=FraudMarker.Status.SUSPECTED)

    def to_look_at(self, today: datetime.date) -> Self:
        """Those of them whose day of review has passed."""
        return self.under_investigation().filter(review_on__lt=today)


def fraud_found(person: str = "customer") -> Q:
    """Rows about somebody of whom fraud was confirmed."""
    confirmed = FraudMarker.objects.filter(status=FraudMarker.Status.CONFIRMED)
    return Q(Exists(confirmed.filter(customer=OuterRef(person))))


def investigated(*, since: str, person: str = "customer") -> Q:
    """Rows about somebody under an investigation that was open already on the row's own day: the
    date or the moment (`__at`) in `since`."""
    day: Any = OuterRef(since)
    if since.endswith("_at"):
        moment = ExpressionWrapper(day, output_field=models.DateTimeField())
        day = TruncDate(moment, tzinfo=timezone.get_default_timezone())
    return Q(
        Exists(
            FraudMarker.objects.under_investigation().filter(
                customer=OuterRef(person), opened_on__lte=day
            )
        )
    )


def _by_the_table() -> pgtrigger.Trigger:
    """The life of a marker as a trigger, generated from `markers`: a changed table is a
    migration."""
    return pgtrigger.Trigger(
        name="by_the_table",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]  # untyped package
        func=f"""
            IF {marker_states.in_sql("OLD.status", "NEW.status")} THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'a fraud marker cannot go from % to %', OLD.status, NEW.status
                USING ERRCODE = 'restrict_violation';
        """,
    )


def _kept() -> Q:
    return kept_from(EVERY_ROW, unless_told=Q(status=FraudMarker.Status.SUSPECTED))


class FraudMarker(models.Model):
    """A suspicion or finding of fraud, or a warning that somebody else uses this person's name."""

    class Status(models.TextChoices):
        SUSPECTED = "suspected", "Suspected"
        CONFIRMED = "confirmed", "Confirmed"
        CLEARED = "cleared", "Cleared"
        VICTIM = "victim", "Victim of impersonation"

    id = models.UUIDField(
        primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False
    )  # no number: a gap in numbers would tell of what is not shown
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="fraud_markers")
    reference = models.CharField(max_length=40, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    details = SealedTextField(null=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, help_text="The investigation ended on this day.")
    filed_on = models.DateField(
        null=True, help_text="Filed with a fraud prevention agency on this day."
    )
    review_on = models.DateField(
        null=True, help_text="When somebody must say whether the investigation goes on."
    )
    goes_on_because = SealedTextField(
        null=True, help_text="Why it went on when somebody last looked at it."
    )
    source_digest = models.UUIDField(null=True, editable=False)

    objects = FraudMarkerQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on"]
        default_permissions = ("view", "add", "change")
        triggers = [_by_the_table()]
        indexes = [
            models.Index(
                fields=["closed_on", "id"],
                name="fraudmarker_closed",
                condition=Q(closed_on__isnull=False),
            ),
            models.Index(
                fields=["filed_on", "id"],
                name="fraudmarker_filed",
                condition=Q(filed_on__isnull=False),
            ),
            models.Index(fields=["opened_on", "id"], name="fraudmarker_opened"),
            models.Index(
                fields=["review_on", "id"],
                name="fraudmarker_review",
                condition=Q(review_on__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="fraudmarker_has_a_review_or_an_end",
                condition=(~Q(status="suspected") | Q(review_on__isnull=False))
                & (~Q(status="cleared") | Q(closed_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="fraudmarker_closes_after_opening",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
        ]

    class PersonalData:
        category = "fraud_marker"
        subject = "customer"
        clocks = {
            "investigation_closed": "closed_on",
            "filed": "filed_on",
            "opened": "opened_on",
            "review": "review_on",
        }
        conditions = {
            "confirmed": Q(status="confirmed", filed_on__isnull=False),
            "confirmed_unfiled": Q(status="confirmed", filed_on__isnull=True),
            "victim": Q(status="victim", filed_on__isnull=False),
            "victim_unfiled": Q(status="victim", filed_on__isnull=True),
            "suspected": Q(status="suspected", review_on__isnull=False),
            "unconfirmed": Q(status="cleared", closed_on__isnull=False),
        }
        erase = Delete()
        needs_person = EVERY_ROW  # its details name the person
        export = {
            "reference": "Reference",
            "status": "State",
            "details": "Details",
            "opened_on": "Opened on",
            "closed_on": "Closed on",
            "filed_on": "Filed on",
            "goes_on_because": "Why the enquiry went on",
        }
        review = ("details", "goes_on_because")
        title = "Fraud records"
        withhold = {"source_digest": SOURCE_DIGEST}
        internal = ("id", "customer", "review_on")
        no_tipping_off = _kept

    def __str__(self) -> str:
        return f"Fraud marker {self.pk}"
