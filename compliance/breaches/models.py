"""What went wrong with personal data, what was done about it, and who was told."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from customers.models import Customer
from privacy.declarations import Delete
from privacy.fields import SealedTextField

OPEN = Q(closed_at__isnull=True)
FOR_THE_REGULATOR = "What we told, or would tell, the regulator; it may help whoever attacked us."


class BreachQuerySet(models.QuerySet["Breach"]):
    def untold(self) -> Self:
        """Those of which the regulator was not told, and nobody decided that it need not be."""
        return self.filter(OPEN, regulator_told_at__isnull=True, regulator_why_not__isnull=True)

    def people_untold(self) -> Self:
        """Those of high risk of which the people were not told, though nothing lets us leave it."""
        return self.filter(
            OPEN, risk=Breach.Risk.HIGH, people_told_on__isnull=True, people_why_not__isnull=True
        )


class Breach(models.Model):
    """One breach, documented whether or not anybody has to be told of it (UK GDPR Article 33(5)).

    Every change goes through `actions` and leaves its fields' names in the trail.
    """

    class Kind(models.TextChoices):
        CONFIDENTIALITY = "confidentiality", "Seen or taken by somebody who may not"
        INTEGRITY = "integrity", "Changed by somebody who may not, or by mistake"
        AVAILABILITY = "availability", "Lost, destroyed or out of reach"

    class Risk(models.TextChoices):
        UNKNOWN = "unknown", "Not judged yet"
        UNLIKELY = "unlikely", "Unlikely to be a risk to anybody"
        RISK = "risk", "A risk to people"
        HIGH = "high", "A high risk to people"

    aware_at = models.DateTimeField(
        "we knew of it", help_text="The time to tell the regulator begins here."
    )
    due_at = models.DateTimeField(help_text="The last moment to tell the regulator.")
    occurred_at = models.DateTimeField("it happened", null=True)
    discovered_at = models.DateTimeField("somebody noticed it", null=True)
    kinds = ArrayField(models.CharField(max_length=15, choices=Kind.choices))
    people = models.PositiveIntegerField("number of people", null=True)
    records = models.PositiveIntegerField("number of records", null=True)
    what = SealedTextField()
    which_data = SealedTextField(null=True)
    cause = SealedTextField(null=True)
    consequences = SealedTextField(null=True)
    measures = SealedTextField(null=True)
    processor = SealedTextField(null=True)

    risk = models.CharField(max_length=8, choices=Risk.choices, default=Risk.UNKNOWN)
    risk_reason = SealedTextField(null=True)
    regulator_told_at = models.DateTimeField(null=True)
    regulator_reference = models.CharField(max_length=60, blank=True)
    regulator_why_not = SealedTextField(null=True)
    late_reason = SealedTextField(null=True)
    people_told_on = models.DateField(null=True)
    people_why_not = SealedTextField(null=True)

    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    lessons = SealedTextField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)

    objects = BreachQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "breaches"
        default_permissions = ("view", "add", "change")
        indexes = [
            models.Index(fields=["due_at", "id"], name="breach_open", condition=OPEN),
            models.Index(
                fields=["closed_on", "id"],
                name="breach_closed",
                condition=Q(closed_on__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="breach_known_before_the_regulator_was_told",
                condition=Q(regulator_told_at__isnull=True)
                | Q(regulator_told_at__gte=F("aware_at")),
            ),
            models.CheckConstraint(
                name="breach_told_late_says_why",
                condition=Q(regulator_told_at__isnull=True)
                | Q(regulator_told_at__lte=F("due_at"))
                | Q(late_reason__isnull=False),
            ),
            models.CheckConstraint(
                name="breach_not_told_only_when_unlikely",
                condition=Q(regulator_why_not__isnull=True) | Q(risk="unlikely"),
            ),
            models.CheckConstraint(
                name="breach_closed_when_all_was_decided",
                condition=Q(closed_at__isnull=True, closed_on__isnull=True, closed_by="")
                | (
                    Q(closed_at__isnull=False, closed_on__isnull=False, lessons__isnull=False)
                    & ~Q(closed_by="")
                    & ~Q(risk="unknown")
                    & (Q(regulator_told_at__isnull=False) | Q(regulator_why_not__isnull=False))
                    & (
                        ~Q(risk="high")
                        | Q(people_told_on__isnull=False)
                        | Q(people_why_not__isnull=False)
                    )
                ),
            ),
        ]

    class PersonalData:
        category = "breach"
        subject = ""
        clocks = {"closed": "closed_on"}
        erase = Delete()
        withhold = {
            name: FOR_THE_REGULATOR
            for name in (
                "what",
                "which_data",
                "cause",
                "consequences",
                "measures",
                "processor",
                "risk_reason",
                "regulator_why_not",
                "late_reason",
                "people_why_not",
                "lessons",
            )
        } | {"recorded_by": "A member of our staff.", "closed_by": "A member of our staff."}
        internal = (
            "id",
            "aware_at",
            "due_at",
            "occurred_at",
            "discovered_at",
            "kinds",
            "people",
            "records",
            "risk",
            "regulator_told_at",
            "regulator_reference",
            "people_told_on",
            "recorded_at",
            "closed_at",
            "closed_on",
        )

    def __str__(self) -> str:
        return f"Breach {self.pk}"


class BreachPerson(models.Model):
    """One person whose data a breach concerns, and when we told them of it."""

    breach = models.ForeignKey(Breach, models.PROTECT, related_name="persons")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="breaches")
    told_at = models.DateTimeField(null=True)
    means = models.CharField(max_length=6, blank=True, help_text="email or letter")

    class Meta:
        ordering = ["pk"]
        verbose_name = "person of a breach"
        verbose_name_plural = "people of breaches"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["breach", "customer"], name="breachperson_once"),
            models.CheckConstraint(
                name="breachperson_told_by_some_means",
                condition=Q(told_at__isnull=True, means="")
                | (Q(told_at__isnull=False) & ~Q(means="")),
            ),
        ]

    class PersonalData:
        category = "breach"
        subject = "customer"
        clocks = {"closed": "breach__closed_on"}
        erase = Delete()
        needs_person = Q(told_at__isnull=True, breach__closed_at__isnull=True)  # to be told
        export = {"told_at": "We told you on", "means": "By"}
        title = "Breaches that concerned your data"
        internal = ("id", "breach", "customer")

    def __str__(self) -> str:
        return f"Person {self.pk} of a breach"
