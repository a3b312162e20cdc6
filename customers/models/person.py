"""The person, and how to reach them."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q

from audit.actions import Refused
from customers import normalise
from customers.jurisdictions import Jurisdiction
from privacy.declarations import EVERY_ROW, Blank, Delete
from privacy.fields import LookupHashField, SealedDateField, SealedTextField

# why it is withheld, in every declaration
SOURCE_DIGEST = "A keyed hash that tells whether an import brings anything new."


class CustomerQuerySet(models.QuerySet["Customer"]):
    def living(self) -> Self:
        """The customers who were not erased."""
        return self.filter(erased_at__isnull=True)

    def lock_living(
        self, pk: uuid.UUID, *, refusal: str = "This customer was erased."
    ) -> "Customer":
        """Lock a customer's row until the transaction ends and return it as it is now.

        Refused, with `refusal`, for an erased customer.
        """
        customer = self.select_for_update(no_key=True).get(pk=pk)
        if customer.erased_at:
            raise Refused(refusal)
        return customer


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def in_use(self) -> Self:
        """The contact points that count today: not replaced by another."""
        return self.filter(valid_to__isnull=True)


class Customer(models.Model):
    """The data subject. Everything else refers to `id`, which is random, never reused and means
    nothing by itself.

    Erasing blanks the row to a stub, which goes as soon as nothing that must stay (an order total)
    hangs on it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer_number = models.CharField(max_length=20, unique=True, null=True)
    title = SealedTextField(null=True)
    given_names = SealedTextField(null=True)
    surname = SealedTextField(null=True)
    surname_lookup = LookupHashField(kind="surname", value_of="surname_key")
    date_of_birth = SealedDateField(null=True)
    jurisdiction = models.CharField(max_length=20, choices=Jurisdiction.choices, null=True)
    relationship_began_on = models.DateField(null=True)
    relationship_ended_on = models.DateField(
        null=True,
        help_text="Account closed and balance nil, or nothing heard for long (close_dormant).",
    )
    ended_as_dormant = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Nobody said that it ended: close_dormant found that nothing went on.",
    )
    last_contact_on = models.DateField(
        null=True,
        help_text="The last dealing that close_dormant or a sign-in noted; a later one may stand "
        "in the records.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    source_digest = models.UUIDField(null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "change")
        indexes = [
            models.Index(
                fields=["relationship_ended_on", "id"],
                name="customer_ended",
                condition=Q(relationship_ended_on__isnull=False),
            ),
            models.Index(
                fields=["last_contact_on", "id"],
                name="customer_going_on",
                condition=Q(relationship_ended_on__isnull=True, erased_at__isnull=True),
            ),
            models.Index(
                fields=["id"],
                name="customer_dormant",
                condition=Q(ended_as_dormant=True, erased_at__isnull=True),
            ),
            models.Index(
                fields=["surname_lookup"],
                name="customer_surname",
                condition=Q(surname_lookup__isnull=False),
            ),
            models.Index(
                fields=["erased_at"], name="customer_erased", condition=Q(erased_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="customer_stub_is_bare",
                condition=Q(erased_at__isnull=True)
                | Q(
                    customer_number__isnull=True,
                    title__isnull=True,
                    given_names__isnull=True,
                    surname__isnull=True,
                    surname_lookup__isnull=True,
                    date_of_birth__isnull=True,
                    source_digest__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="customer_is_numbered",
                condition=Q(erased_at__isnull=False) | Q(customer_number__isnull=False),
            ),
            models.CheckConstraint(
                name="customer_dormant_has_ended",
                condition=Q(ended_as_dormant=False)
                | Q(relationship_ended_on__isnull=False, last_contact_on__isnull=False)
                | Q(erased_at__isnull=False),
            ),
            models.CheckConstraint(
                name="customer_ends_after_beginning",
                condition=Q(relationship_ended_on__isnull=True)
                | Q(relationship_began_on__isnull=True)
                | Q(relationship_ended_on__gte=F("relationship_began_on")),
            ),
        ]

    class PersonalData:
        category = "identity"
        title = "Who you are"
        subject = "self"
        clocks = {
            "relationship_end": "relationship_ended_on",
            "last_contact": "last_contact_on",
        }
        conditions = {"going_on": Q(relationship_ended_on__isnull=True)}
        dealings = {"relationship_began_on": EVERY_ROW, "last_contact_on": EVERY_ROW}
        erase = Blank(
            (
                "customer_number",
                "title",
                "given_names",
                "surname",
                "surname_lookup",
                "date_of_birth",
                "jurisdiction",
                "relationship_began_on",
                "last_contact_on",
                "source_digest",
            ),
            marker="erased_at",
        )
        export = {
            "customer_number": "Customer number",
            "title": "Title",
            "given_names": "Given names",
            "surname": "Surname",
            "date_of_birth": "Date of birth",
            "jurisdiction": "Part of the United Kingdom",
            "relationship_began_on": "Customer since",
        }
        own = ("title", "given_names", "surname")
        portable = ("title", "given_names", "surname", "date_of_birth", "jurisdiction")
        withhold = {
            "surname_lookup": "A keyed hash for finding you by surname; it says nothing that is "
            "not said above.",
            "source_digest": SOURCE_DIGEST,
        }
        internal = (
            "id",
            "relationship_ended_on",
            "ended_as_dormant",
            "last_contact_on",
            "created_at",
            "erased_at",
        )

    def __str__(self) -> str:
        return f"Customer {str(self.pk)[:8]}"

    def surname_key(self) -> str | None:
        """The surname as it is looked up."""
        return normalise.surname(self.surname) if self.surname else None

    @property
    def full_name(self) -> str:
        """Title, given names and surname, as on a letter; empty for an erased customer."""
        return " ".join(part for part in (self.title, self.given_names, self.surname) if part)


class ContactPoint(models.Model):
    """One email address, telephone number or postal address of a customer, now or in the past."""

    class Kind(models.TextChoices):
        EMAIL = "email", "Email"
        PHONE = "phone", "Telephone"
        ADDRESS = "address", "Postal address"

    class Source(models.TextChoices):
        SHOP = "shop", "The shop"
        CUSTOMER = "customer", "The customer"
        STAFF = "staff", "Customer care"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = SealedTextField()
    lookup = LookupHashField(kind="contact_point", value_of="lookup_key")
    postcode_lookup = LookupHashField(kind="postcode", value_of="postcode_key")
    valid_from = models.DateField()
    valid_to = models.DateField(
        null=True, help_text="The day it was replaced; empty while it is in use."
    )
    source = models.CharField(max_length=8, choices=Source.choices)

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-valid_from", "-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["lookup"], name="contactpoint_lookup"),
            models.Index(
                fields=["postcode_lookup"],
                name="contactpoint_postcode",
                condition=Q(postcode_lookup__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "lookup"],
                condition=Q(valid_to__isnull=True),
                name="contactpoint_current_once",
            ),
            models.CheckConstraint(
                name="contactpoint_ends_after_beginning",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    class PersonalData:
        category = "contact"
        title = "How to reach you"
        subject = "customer"
        clocks = {"relationship_end": "customer__relationship_ended_on"}
        erase = Delete()
        with_person = True
        export = {
            "kind": "Kind",
            "value": "Contact detail",
            "valid_from": "In use from",
            "valid_to": "In use until",
            "source": "Given by",
        }
        own = ("value",)
        portable = ("kind", "value", "valid_from", "valid_to")
        withhold = {
            "lookup": "A keyed hash for finding you by this detail.",
            "postcode_lookup": "A keyed hash for finding you by postcode.",
        }
        internal = ("id", "customer")

    def __str__(self) -> str:
        return f"Contact point {self.pk} ({self.kind})"

    def lookup_key(self) -> str:
        """The normalised value with its kind: an email never matches a telephone number."""
        return f"{self.kind}:{contact_key(self.kind, self.value)}"

    def postcode_key(self) -> str | None:
        """The postcode of a postal address; None for the other kinds."""
        return (
            normalise.postcode(self.value.strip().splitlines()[-1])
            if self.kind == self.Kind.ADDRESS
            else None
        )


def contact_key(kind: str, value: str) -> str:
    """The normalised form of a contact detail by which it is looked up; ValueError when it is not
    of its kind."""
    rules = {"email": normalise.email, "phone": normalise.phone, "address": normalise.address_key}
    return rules[kind](value)
