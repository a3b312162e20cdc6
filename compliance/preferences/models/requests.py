"""What people asked for in their own words, so that nothing waits unseen."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from compliance.preferences.channels import labels
from compliance.preferences.sender_words import senders
from compliance.preferences.vocabulary import ChoiceSource
from customers.models import Customer
from privacy.declarations import Delete
from privacy.fields import SealedTextField


class MarketingRequestQuerySet(models.QuerySet["MarketingRequest"]):
    def open(self) -> Self:
        """The requests that are still to be matched to a customer."""
        return self.filter(state=MarketingRequest.State.OPEN)


class MarketingRequest(models.Model):
    """One request about marketing as it came in. The contact points in it are suppressed in the
    same transaction; only the matching to a customer may wait for the desk.
    """

    class State(models.TextChoices):
        DONE = "done", "Done"
        OPEN = "open", "To be matched"
        NOBODY = "nobody", "Nobody of ours"

    reference = models.CharField(max_length=20, unique=True, help_text="Told to the sender.")
    token = models.UUIDField(
        unique=True,
        help_text="One for each form shown or message read: the same twice is one request.",
    )
    source = models.CharField(max_length=12, choices=ChoiceSource.choices)
    received_at = models.DateTimeField()
    channels = ArrayField(models.CharField(max_length=16, choices=labels), default=list)
    senders = ArrayField(models.SlugField(max_length=40), default=list)
    name = SealedTextField(null=True)
    customer_number = SealedTextField(null=True)
    email = SealedTextField(null=True)
    phone = SealedTextField(null=True)
    address = SealedTextField(null=True)
    words = SealedTextField(null=True, help_text="What was written, where it was not a form.")
    state = models.CharField(max_length=6, choices=State.choices)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="marketing_requests"
    )
    handled_at = models.DateTimeField(null=True)
    handled_by = models.CharField(max_length=80, blank=True)

    objects = MarketingRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        verbose_name_plural = "requests about marketing"
        default_permissions = ("view", "change")
        indexes = [
            models.Index(fields=["received_at", "id"], name="marketingrequest_received"),
            models.Index(
                fields=["received_at"], name="marketingrequest_open", condition=Q(state="open")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="marketingrequest_handled_when_closed",
                condition=Q(state="open", handled_at__isnull=True)
                | (~Q(state="open") & Q(handled_at__isnull=False)),
            ),
        ]

    class PersonalData:
        category = "marketing_request"
        subject = "customer"
        clocks = {"received": "received_at"}
        erase = Delete()
        export = {
            "reference": "Reference",
            "source": "How it came",
            "received_at": "When",
            "channels": "Channels",
            "senders": "About whom",
            "name": "Name",
            "customer_number": "Customer number",
            "email": "Email address",
            "phone": "Telephone number",
            "address": "Postal address",
            "words": "Your words",
        }
        review = ("words",)
        own = ("name", "customer_number", "email", "phone", "address")
        words = {"senders": senders}
        internal = ("id", "token", "state", "customer", "handled_at", "handled_by")

    def __str__(self) -> str:
        return f"Marketing request {self.pk}"
