"""What a person bought."""

from django.db import models
from django.db.models import F, Q

from customers.models.person import SOURCE_DIGEST, Customer
from privacy.declarations import EVERY_ROW, Delete


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
        dealings = {"placed_on": EVERY_ROW, "delivered_on": EVERY_ROW}
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
