"""What a person borrowed, and with whom they are linked because of it."""

from django.db import models
from django.db.models import F, Q

from customers import normalise
from customers.models.person import SOURCE_DIGEST, Customer
from privacy.declarations import EVERY_ROW, Delete
from privacy.fields import LookupHashField, SealedTextField

# in default, and neither satisfied nor written off: it ends six years after the default
UNSATISFIED = Q(status="open", defaulted_on__isnull=False, default_resolved_on__isnull=True)


class CreditAccount(models.Model):
    """A credit account with the retailer, from opening to settlement, write-off or sale."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        SETTLED = "settled", "Settled"
        WRITTEN_OFF = "written_off", "Written off"
        SOLD = "sold", "Sold"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="credit_accounts")
    account_number = models.CharField(max_length=32, unique=True)
    opened_on = models.DateField()
    credit_limit = models.DecimalField(max_digits=12, decimal_places=2)
    balance = models.DecimalField(max_digits=12, decimal_places=2, help_text="Pounds owed to us.")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    ended_on = models.DateField(null=True, help_text="Settled, written off or sold on this day.")
    defaulted_on = models.DateField(null=True)
    default_resolved_on = models.DateField(
        null=True, help_text="The default was satisfied or written off on this day."
    )
    judgment_on = models.DateField(
        null=True, help_text="A court gave judgment for the debt on this day, and it stands."
    )
    source_digest = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["-opened_on"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["defaulted_on", "id"],
                name="creditaccount_defaulted",
                condition=Q(defaulted_on__isnull=False),
            ),
            models.Index(
                fields=["judgment_on", "id"],
                name="creditaccount_judgment",
                condition=Q(judgment_on__isnull=False),
            ),
            models.Index(
                fields=["ended_on", "id"],
                name="creditaccount_ended",
                condition=Q(ended_on__isnull=False),
            ),
            models.Index(
                fields=["default_resolved_on", "id"],
                name="creditaccount_default",
                condition=Q(default_resolved_on__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="creditaccount_end_is_dated",
                condition=Q(status="open", ended_on__isnull=True)
                | (~Q(status="open") & Q(ended_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="creditaccount_ends_after_opening",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(
                name="creditaccount_resolves_a_default",
                condition=Q(default_resolved_on__isnull=True)
                | Q(defaulted_on__isnull=False, default_resolved_on__gte=F("defaulted_on")),
            ),
        ]

    class PersonalData:
        category = "credit_account"
        subject = "customer"
        clocks = {
            "account_end": "ended_on",
            "default": "defaulted_on",
            "default_resolved": "default_resolved_on",
            "judgment": "judgment_on",
        }
        conditions = {
            "agreement": ~UNSATISFIED,
            "satisfied": Q(default_resolved_on__isnull=False),
            "unsatisfied": UNSATISFIED,
            "judgment": Q(judgment_on__isnull=False),
            "sold": Q(status="sold"),
        }
        dealings = {
            "opened_on": EVERY_ROW,
            "ended_on": EVERY_ROW,
            "default_resolved_on": EVERY_ROW,
        }
        erase = Delete()
        needs_person = EVERY_ROW  # a debt without its debtor is no claim
        export = {
            "account_number": "Account number",
            "opened_on": "Opened on",
            "credit_limit": "Credit limit in pounds",
            "balance": "Balance owed in pounds",
            "status": "State",
            "ended_on": "Ended on",
            "defaulted_on": "Defaulted on",
            "default_resolved_on": "Default resolved on",
            "judgment_on": "Judgment of",
        }
        portable = (
            "account_number",
            "opened_on",
            "balance",
            "ended_on",
        )  # the limit and a default are our own findings
        withhold = {"source_digest": SOURCE_DIGEST}
        internal = ("id", "customer")

    def __str__(self) -> str:
        return f"Credit account {self.pk}"


class FinancialLink(models.Model):
    """Somebody linked with the customer by a joint account, or living in the same household.
    Another person's data."""

    class Kind(models.TextChoices):
        FINANCIAL = "financial", "Financial associate"
        HOUSEHOLD = "household", "Member of the household"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="financial_links")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    linked_person = SealedTextField()
    linked_person_lookup = LookupHashField(kind="linked_person", value_of="linked_person_key")
    linked_on = models.DateField()
    disassociated_on = models.DateField(null=True)
    source_digest = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["-linked_on"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["disassociated_on", "id"],
                name="financiallink_disassociated",
                condition=Q(disassociated_on__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "linked_person_lookup"], name="financiallink_once"
            ),
            models.CheckConstraint(
                name="financiallink_ends_after_beginning",
                condition=Q(disassociated_on__isnull=True)
                | Q(disassociated_on__gte=F("linked_on")),
            ),
        ]

    class PersonalData:
        category = "financial_link"
        subject = "customer"
        clocks = {
            "relationship_end": "customer__relationship_ended_on",
            "disassociation": "disassociated_on",
        }
        conditions = {
            "linked": Q(disassociated_on__isnull=True),
            "disassociated": Q(disassociated_on__isnull=False),
        }
        erase = Delete()
        export = {"kind": "Kind", "linked_on": "Linked on", "disassociated_on": "Disassociated on"}
        redact = {"linked_person": "Linked with"}
        withhold = {
            "linked_person_lookup": "A keyed hash of another person’s name.",
            "source_digest": SOURCE_DIGEST,
        }
        title = "People linked with you"
        internal = ("id", "customer")

    def __str__(self) -> str:
        return f"Financial link {self.pk}"

    def linked_person_key(self) -> str:
        return normalise.fold(self.linked_person)
