"""What keeps records from the purge, and what the purge did."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q

from customers.models import Customer
from customers.models.markers import fraud_found, investigated, kept_from
from privacy.declarations import Delete
from privacy.fields import SealedTextField


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def standing(self) -> Self:
        """The holds in place: not released."""
        return self.filter(released_on__isnull=True)


def _kept_holds() -> Q:
    """A hold of this kind tells of an investigation, until there is a finding to tell of."""
    return kept_from(Q(kind="fraud"), unless_told=investigated(since="placed_at") | ~fraud_found())


class LegalHold(models.Model):
    """While a hold on a person is not released, no record about that person is due."""

    class Kind(models.TextChoices):
        REQUEST = "request", "Open rights request"
        COMPLAINT = "complaint", "Complaint"
        DEBT = "debt", "Debt in dispute"
        LITIGATION = "litigation", "Legal claim"
        FRAUD = "fraud", "Fraud investigation"
        REGULATOR = "regulator", "Regulator's enquiry"

    # no number: a gap in numbers would tell of what is not shown
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="legal_holds")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = SealedTextField(help_text="What it is about, for colleagues.")
    owner = models.CharField(max_length=80, help_text="Who answers for it: staff:ID")
    placed_at = models.DateTimeField()
    review_on = models.DateField(help_text="When somebody must look whether it is still needed.")
    released_on = models.DateField(null=True)
    released_by = models.CharField(max_length=80, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["review_on"]
        default_permissions = ("view", "add", "change")
        indexes = [
            models.Index(
                fields=["customer"], name="legalhold_active", condition=Q(released_on__isnull=True)
            ),
            models.Index(
                fields=["released_on", "id"],
                name="legalhold_released",
                condition=Q(released_on__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="legalhold_released_by_somebody",
                condition=Q(released_on__isnull=True, released_by="")
                | (Q(released_on__isnull=False) & ~Q(released_by="")),
            ),
        ]

    class PersonalData:
        category = "legal_hold"
        subject = "customer"
        clocks = {"hold_released": "released_on"}
        erase = Delete()
        withhold = {
            "kind": "Showing it could prejudice a claim or an investigation; the rights-request "
            "file says what may be told.",
            "reason": "May be privileged or prejudice an investigation.",
            "owner": "A member of our staff.",
            "released_by": "A member of our staff.",
        }
        internal = ("id", "customer", "placed_at", "review_on", "released_on")
        no_tipping_off = _kept_holds

    def __str__(self) -> str:
        return f"Hold {self.pk}"


class PurgeRun(models.Model):
    """One run of the purge (dry runs leave none). Kept for ever: it holds counts only."""

    class Outcome(models.TextChoices):
        RUNNING = "running", "Running, or ended without a word"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    as_of = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    started_by = models.CharField(max_length=80)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.RUNNING)
    category = models.CharField(max_length=40, blank=True, help_text="Empty: every category.")
    uncovered = models.PositiveIntegerField(
        "records that no rule covers", default=0, help_text="Counted as a whole run ends."
    )

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="purgerun_ended_when_it_ended",
                condition=Q(outcome="running", finished_at__isnull=True)
                | (~Q(outcome="running") & Q(finished_at__gte=F("started_at"))),
            ),
        ]

    class NotPersonal:
        reason = "Counts and times of purges."

    def __str__(self) -> str:
        return f"Purge {self.pk}"


class PurgeProgress(models.Model):
    """What one batch of a run erased, written in the batch's own transaction."""

    run = models.ForeignKey(PurgeRun, models.PROTECT, related_name="progress")
    model = models.CharField(max_length=80)
    rule = models.CharField(max_length=40)
    erased = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    class NotPersonal:
        reason = "Counts and times of purges."

    def __str__(self) -> str:
        return f"{self.model} {self.rule}: {self.erased}"


class ErasedSubject(models.Model):
    """That a person was erased: the random id alone, whose only link to a human went with the
    erasure.

    It is what an erasure is replayed from after a backup is restored.
    """

    subject = models.UUIDField(primary_key=True)
    # Runs are never deleted, so nothing is gained by having the database look for the run once for
    # each person.
    run = models.ForeignKey(
        PurgeRun, models.PROTECT, related_name="erased_subjects", db_constraint=False
    )

    class Meta:
        default_permissions = ()

    class NotPersonal:
        reason = "A random id that nothing maps to a human any more."

    def __str__(self) -> str:
        return "an erased person"
