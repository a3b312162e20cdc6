"""Prize draws."""

from django.db import models
from django.db.models import F, Q

from customers import normalise
from customers.models.person import SOURCE_DIGEST, Customer
from privacy.declarations import Delete
from privacy.fields import LookupHashField, SealedTextField


class PrizeDraw(models.Model):
    """One prize draw."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    opens_on = models.DateField()
    closes_on = models.DateField()

    class Meta:
        ordering = ["-closes_on"]
        indexes = [models.Index(fields=["closes_on"], name="prizedraw_closes")]
        constraints = [
            models.CheckConstraint(name="prizedraw_closes_after_opening", condition=Q(closes_on__gte=F("opens_on"))),
        ]
        default_permissions = ("view", "add", "change")

    class NotPersonal:
        reason = "A draw's name and dates; its entries are the personal part."

    def __str__(self) -> str:
        return self.name


class PrizeEntry(models.Model):
    """One entry in a draw: name, address, customer number and email, as the notice says; by a customer or anyone."""

    draw = models.ForeignKey(PrizeDraw, models.PROTECT, related_name="entries")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="prize_entries")
    name = SealedTextField()
    address = SealedTextField()
    email = SealedTextField()
    email_lookup = LookupHashField(kind="contact_point", value_of="email_key")
    customer_number = SealedTextField(null=True)
    entered_on = models.DateField()
    awarded_on = models.DateField(null=True, help_text="The day on which it won; empty for the others.")
    source_digest = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["-entered_on"]
        verbose_name_plural = "prize entries"
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["awarded_on", "id"], name="prizeentry_awarded", condition=Q(awarded_on__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["draw", "email_lookup"], name="prizeentry_once"),
        ]

    class PersonalData:
        category = "prize_entry"
        subject = "customer"
        clocks = {"draw_closed": "draw__closes_on", "award": "awarded_on"}
        conditions = {"won": Q(awarded_on__isnull=False)}
        erase = Delete()
        export = {"name": "Name", "address": "Address", "email": "Email", "customer_number": "Customer number",
                  "draw": "Prize draw", "entered_on": "Entered on", "awarded_on": "Won on"}
        withhold = {"email_lookup": "A keyed hash that keeps entries to one each.",
                    "source_digest": SOURCE_DIGEST}
        internal = ("id", "customer")

    def __str__(self) -> str:
        return f"Prize entry {self.pk}"

    def email_key(self) -> str:
        return f"email:{normalise.email(self.email)}"
