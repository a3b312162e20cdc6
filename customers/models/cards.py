"""The cards with which a person pays."""

from django.db import models
from django.db.models import Q

from customers.models.person import SOURCE_DIGEST, Customer
from privacy.declarations import EVERY_ROW, Delete
from privacy.fields import LookupHashField, SealedTextField


class PaymentCard(models.Model):
    """A card as the payment provider's token. No column can hold a full number or a security code
    (PCI DSS 3.3)."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="payment_cards")
    token = SealedTextField()
    token_lookup = LookupHashField(kind="card_token", value_of="token_key")
    last_four = models.CharField(max_length=4)
    expires_on = models.DateField(help_text="The last day of its month of expiry.")
    issue_number = models.CharField(max_length=2, blank=True)
    last_used_on = models.DateField(null=True, help_text="Its last payment.")
    source_digest = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["-expires_on"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["expires_on", "id"], name="paymentcard_expires"),
            models.Index(
                fields=["last_used_on", "id"],
                name="paymentcard_last_used",
                condition=Q(last_used_on__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer", "token_lookup"], name="paymentcard_once"),
            models.CheckConstraint(
                name="paymentcard_last_four_only", condition=Q(last_four__regex=r"^[0-9]{4}$")
            ),
            models.CheckConstraint(
                name="paymentcard_issue_number", condition=Q(issue_number__regex=r"^[0-9]{0,2}$")
            ),
        ]

    class PersonalData:
        category = "payment_card"
        subject = "customer"
        clocks = {"last_payment": "last_used_on", "card_expiry": "expires_on"}
        conditions = {"used": Q(last_used_on__isnull=False)}
        dealings = {"last_used_on": EVERY_ROW}
        erase = Delete()
        export = {
            "last_four": "Last four digits",
            "expires_on": "Expires",
            "issue_number": "Issue number",
            "last_used_on": "Last payment",
        }
        portable = ("last_four", "expires_on", "issue_number")
        withhold = {
            "token": "A secret between us and the payment provider, of no meaning elsewhere.",
            "token_lookup": "A keyed hash of that secret.",
            "source_digest": SOURCE_DIGEST,
        }
        internal = ("id", "customer")

    def __str__(self) -> str:
        return f"Card {self.pk}"

    def token_key(self) -> str:
        return str(self.token)
