"""What partners who received somebody's data must be told when that person withdraws."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from compliance.preferences.channels import labels
from customers.models import Customer
from privacy.declarations import EVERY_ROW, Delete


class PartnerNotice(models.Model):
    """One partner to be told that one person no longer wants its marketing (UK GDPR Articles 19 and
    21(3))."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="partner_notices")
    partner = models.SlugField(max_length=40, help_text="The recipient's code in the register.")
    partner_name = models.CharField(max_length=120, help_text="As it was called on that day.")
    channels = ArrayField(models.CharField(max_length=16, choices=labels))
    reference = models.CharField(max_length=20, help_text="Of the act in the ledger.")
    created_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True)
    passed_by = models.CharField(max_length=80, blank=True)
    acknowledged_on = models.DateField(null=True)
    acknowledged_by = models.CharField(max_length=80, blank=True, help_text="Who noted it here.")

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name_plural = "withdrawals to pass on"
        default_permissions = ("view", "change")
        indexes = [
            models.Index(fields=["created_at", "id"], name="partnernotice_created"),
            models.Index(
                fields=["created_at"],
                name="partnernotice_open",
                condition=Q(acknowledged_on__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "partner", "customer"], name="partnernotice_once"
            ),
            models.CheckConstraint(
                name="partnernotice_passed_by_somebody",
                condition=Q(passed_at__isnull=True, passed_by="")
                | (Q(passed_at__isnull=False) & ~Q(passed_by="")),
            ),
            models.CheckConstraint(
                name="partnernotice_acknowledged_after_passing",
                condition=Q(acknowledged_on__isnull=True, acknowledged_by="")
                | (Q(passed_at__isnull=False) & ~Q(acknowledged_by="")),
            ),
        ]

    class PersonalData:
        category = "marketing_choice"
        title = "Partners told to stop"
        subject = "customer"
        clocks = {"relationship_end": "customer__relationship_ended_on", "said": "created_at"}
        conditions = {"customer": EVERY_ROW, "unmatched": Q(pk__in=[])}
        erase = Delete()
        with_person = True
        export = {
            "partner_name": "Who was told",
            "channels": "Channels",
            "created_at": "Asked for",
            "passed_at": "Told on",
            "acknowledged_on": "They confirmed on",
        }
        redact = {"passed_by": "Told by", "acknowledged_by": "Confirmation noted by"}
        internal = ("id", "customer", "partner", "reference")

    def __str__(self) -> str:
        return f"Partner notice {self.pk}"
