"""What a person bought, and the cards that paid."""

from django.db import models
from django.db.models import F, Q

from customers.models.person import SOURCE_DIGEST, Customer
from privacy.declarations import Delete
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


class Order(models.Model):
    """One order. Its tax clock starts at the end of the controller's financial year in which it was
    placed."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="orders")
    number = models.CharField(max_length=32, unique=True)
    placed_on = models.DateField()
    financial_year_end = models.DateField()
    total = models.DecimalField(max_digits=12, decimal_places=2)
    delivered_on = models.DateField(null=True)
    source_digest = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["-placed_on", "-number"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["placed_on", "id"], name="order_placed"),
            models.Index(fields=["financial_year_end", "id"], name="order_financial_year"),
        ]
        constraints = [
            models.CheckConstraint(
                name="order_year_ends_after_placing",
                condition=Q(financial_year_end__gte=F("placed_on")),
            ),
        ]

    class PersonalData:
        category = "order"
        subject = "customer"
        clocks = {"financial_year_end": "financial_year_end", "sale": "placed_on"}
        erase = Delete()
        # An order after the end of the relationship says that the customer returned; an older one
        # is only a total.
        needs_person = Q(placed_on__gt=F("customer__relationship_ended_on"))
        export = {
            "number": "Order number",
            "placed_on": "Placed on",
            "total": "Total in pounds",
            "delivered_on": "Delivered on",
        }
        portable = ("number", "placed_on", "total", "delivered_on")
        withhold = {"source_digest": SOURCE_DIGEST}
        internal = ("id", "customer", "financial_year_end")

    def __str__(self) -> str:
        return f"Order {self.pk}"


class OrderLine(models.Model):
    """One product of an order. Safety-critical ones are kept longer, so that a recall can name what
    was supplied."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    line_number = models.PositiveIntegerField()
    product_code = models.CharField(max_length=40)
    description = models.CharField(max_length=200, blank=True)
    quantity = models.IntegerField()
    unit_price = models.DecimalField(max_digits=12, decimal_places=2)
    safety_critical = models.BooleanField(default=False)
    supplied_on = models.DateField()

    class Meta:
        ordering = ["order", "line_number"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["supplied_on", "id"],
                name="orderline_safety_critical",
                condition=Q(safety_critical=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "line_number"], name="orderline_once"),
        ]

    class PersonalData:
        category = "order"
        title = "Products you ordered"
        subject = "order__customer"
        clocks = {
            "financial_year_end": "order__financial_year_end",
            "sale": "order__placed_on",
            "supply": "supplied_on",
        }
        conditions = {"safety_critical": Q(safety_critical=True)}
        erase = Delete()
        export = {
            "line_number": "Line",
            "product_code": "Product",
            "description": "Description",
            "quantity": "Quantity",
            "unit_price": "Price each in pounds",
            "safety_critical": "Safety-critical product",
            "supplied_on": "Supplied on",
        }
        portable = ("product_code", "description", "quantity", "unit_price", "supplied_on")
        internal = ("id", "order")

    def __str__(self) -> str:
        return f"Order line {self.pk}"
