"""Whose data: the person, and everything the privacy notice says is collected about them."""

import uuid

from django.db import models
from django.db.models import F, Q

from customers import normalise
from privacy.declarations import Blank, Delete
from privacy.fields import LookupHashField, SealedDateField, SealedTextField


class Jurisdiction(models.TextChoices):
    """The law of the customer's home; also the bank-holiday calendar that letters may need."""

    ENGLAND_AND_WALES = "england-and-wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"


class Customer(models.Model):
    """The data subject. Everything else refers to `id`, which is random, never reused and means nothing by itself.

    Erasing blanks the row to a stub, which goes as soon as nothing that must stay (an order total) hangs on it.
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
        null=True, help_text="Account closed and balance nil. Set by an action or an import, never guessed.")
    created_at = models.DateTimeField(auto_now_add=True)
    source_digest = models.UUIDField(null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        default_permissions = ("view", "change")
        indexes = [
            models.Index(fields=["relationship_ended_on", "id"], name="customer_ended",
                         condition=Q(relationship_ended_on__isnull=False)),
            models.Index(fields=["surname_lookup"], name="customer_surname", condition=Q(surname_lookup__isnull=False)),
            models.Index(fields=["erased_at"], name="customer_erased", condition=Q(erased_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="customer_stub_is_bare",
                condition=Q(erased_at__isnull=True) | Q(
                    customer_number__isnull=True, title__isnull=True, given_names__isnull=True, surname__isnull=True,
                    surname_lookup__isnull=True, date_of_birth__isnull=True, source_digest__isnull=True)),
            models.CheckConstraint(
                name="customer_is_numbered",
                condition=Q(erased_at__isnull=False) | Q(customer_number__isnull=False)),
            models.CheckConstraint(
                name="customer_ends_after_beginning",
                condition=Q(relationship_ended_on__isnull=True) | Q(relationship_began_on__isnull=True)
                | Q(relationship_ended_on__gte=F("relationship_began_on"))),
        ]

    class PersonalData:
        category = "identity"
        subject = "self"
        clocks = {"relationship_end": "relationship_ended_on"}
        erase = Blank(
            ("customer_number", "title", "given_names", "surname", "surname_lookup", "date_of_birth", "jurisdiction",
             "relationship_began_on", "source_digest"),
            marker="erased_at",
        )
        export = {
            "customer_number": "Customer number", "title": "Title", "given_names": "Given names", "surname": "Surname",
            "date_of_birth": "Date of birth", "jurisdiction": "Part of the United Kingdom",
            "relationship_began_on": "Customer since",
        }
        withhold = {
            "surname_lookup": "A keyed hash for finding you by surname; it says nothing that is not said above.",
            "source_digest": "A keyed hash that tells whether an import brings anything new.",
        }
        internal = ("id", "relationship_ended_on", "created_at", "erased_at")

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
    valid_to = models.DateField(null=True, help_text="The day it was replaced; empty while it is in use.")
    source = models.CharField(max_length=8, choices=Source.choices)

    class Meta:
        ordering = ["kind", "-valid_from", "-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["lookup"], name="contactpoint_lookup"),
            models.Index(fields=["postcode_lookup"], name="contactpoint_postcode",
                         condition=Q(postcode_lookup__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "lookup"], condition=Q(valid_to__isnull=True),
                                    name="contactpoint_current_once"),
            models.CheckConstraint(name="contactpoint_ends_after_beginning",
                                   condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))),
        ]

    class PersonalData:
        category = "contact"
        subject = "customer"
        clocks = {"relationship_end": "customer__relationship_ended_on"}
        erase = Delete()
        export = {"kind": "Kind", "value": "Contact detail", "valid_from": "In use from", "valid_to": "In use until",
                  "source": "Given by"}
        withhold = {"lookup": "A keyed hash for finding you by this detail.",
                    "postcode_lookup": "A keyed hash for finding you by postcode."}
        internal = ("id", "customer")

    def __str__(self) -> str:
        return f"Contact point {self.pk} ({self.kind})"

    def lookup_key(self) -> str:
        """The normalised value with its kind: an email never matches a telephone number."""
        return f"{self.kind}:{contact_key(self.kind, self.value)}"

    def postcode_key(self) -> str | None:
        """The postcode of a postal address; None for the other kinds."""
        return normalise.postcode(self.value.splitlines()[-1]) if self.kind == self.Kind.ADDRESS else None


def contact_key(kind: str, value: str) -> str:
    """The normalised form of a contact detail by which it is looked up; ValueError when it is not of its kind."""
    rules = {"email": normalise.email, "phone": normalise.phone, "address": normalise.address_key}
    return rules[kind](value)


class PaymentCard(models.Model):
    """A card as the payment provider's token. No column can hold a full number or a security code (PCI DSS 3.3)."""

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
            models.Index(fields=["last_used_on", "id"], name="paymentcard_last_used",
                         condition=Q(last_used_on__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer", "token_lookup"], name="paymentcard_once"),
            models.CheckConstraint(name="paymentcard_last_four_only", condition=Q(last_four__regex=r"^[0-9]{4}$")),
            models.CheckConstraint(name="paymentcard_issue_number", condition=Q(issue_number__regex=r"^[0-9]{0,2}$")),
        ]

    class PersonalData:
        category = "payment_card"
        subject = "customer"
        clocks = {"last_payment": "last_used_on", "card_expiry": "expires_on"}
        conditions = {"used": Q(last_used_on__isnull=False)}
        erase = Delete()
        export = {"last_four": "Last four digits", "expires_on": "Expires", "issue_number": "Issue number",
                  "last_used_on": "Last payment"}
        withhold = {"token": "A secret between us and the payment provider, of no meaning elsewhere.",
                    "token_lookup": "A keyed hash of that secret.",
                    "source_digest": "A keyed hash that tells whether an import brings anything new."}
        internal = ("id", "customer")

    def __str__(self) -> str:
        return f"Card {self.pk}"

    def token_key(self) -> str:
        return str(self.token)


class Order(models.Model):
    """One order. Its tax clock starts at the end of the controller's financial year in which it was placed."""

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
            models.CheckConstraint(name="order_year_ends_after_placing",
                                   condition=Q(financial_year_end__gte=F("placed_on"))),
        ]

    class PersonalData:
        category = "order"
        subject = "customer"
        clocks = {"financial_year_end": "financial_year_end", "sale": "placed_on"}
        erase = Delete()
        export = {"number": "Order number", "placed_on": "Placed on", "total": "Total in pounds",
                  "delivered_on": "Delivered on"}
        withhold = {"source_digest": "A keyed hash that tells whether an import brings anything new."}
        internal = ("id", "customer", "financial_year_end")

    def __str__(self) -> str:
        return f"Order {self.pk}"


class OrderLine(models.Model):
    """One product of an order. Safety-critical ones are kept longer, so that a recall can name what was supplied."""

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
            models.Index(fields=["supplied_on", "id"], name="orderline_safety_critical", condition=Q(safety_critical=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "line_number"], name="orderline_once"),
        ]

    class PersonalData:
        category = "order"
        subject = "order__customer"
        clocks = {"financial_year_end": "order__financial_year_end", "sale": "order__placed_on", "supply": "supplied_on"}
        conditions = {"safety_critical": Q(safety_critical=True)}
        erase = Delete()
        export = {"line_number": "Line", "product_code": "Product", "description": "Description", "quantity": "Quantity",
                  "unit_price": "Price each in pounds", "safety_critical": "Safety-critical product",
                  "supplied_on": "Supplied on"}
        internal = ("id", "order")

    def __str__(self) -> str:
        return f"Order line {self.pk}"


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
    default_resolved_on = models.DateField(null=True, help_text="The default was satisfied or written off on this day.")
    source_digest = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["-opened_on"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["ended_on", "id"], name="creditaccount_ended", condition=Q(ended_on__isnull=False)),
            models.Index(fields=["default_resolved_on", "id"], name="creditaccount_default",
                         condition=Q(default_resolved_on__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(name="creditaccount_end_is_dated",
                                   condition=Q(status="open", ended_on__isnull=True)
                                   | (~Q(status="open") & Q(ended_on__isnull=False))),
            models.CheckConstraint(name="creditaccount_ends_after_opening",
                                   condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("opened_on"))),
            models.CheckConstraint(name="creditaccount_resolves_a_default",
                                   condition=Q(default_resolved_on__isnull=True)
                                   | Q(defaulted_on__isnull=False, default_resolved_on__gte=F("defaulted_on"))),
        ]

    class PersonalData:
        category = "credit_account"
        subject = "customer"
        clocks = {"account_end": "ended_on", "default_resolved": "default_resolved_on"}
        conditions = {"defaulted": Q(defaulted_on__isnull=False), "sold": Q(status="sold")}
        erase = Delete()
        export = {"account_number": "Account number", "opened_on": "Opened on", "credit_limit": "Credit limit in pounds",
                  "balance": "Balance owed in pounds", "status": "State", "ended_on": "Ended on",
                  "defaulted_on": "Defaulted on", "default_resolved_on": "Default resolved on"}
        withhold = {"source_digest": "A keyed hash that tells whether an import brings anything new."}
        internal = ("id", "customer")

    def __str__(self) -> str:
        return f"Credit account {self.pk}"


class FraudMarker(models.Model):
    """A suspicion or finding of fraud, or a warning that somebody else uses this person's name."""

    class Status(models.TextChoices):
        SUSPECTED = "suspected", "Suspected"
        CONFIRMED = "confirmed", "Confirmed"
        CLEARED = "cleared", "Cleared"
        VICTIM = "victim", "Victim of impersonation"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="fraud_markers")
    reference = models.CharField(max_length=40, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    details = SealedTextField(null=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, help_text="The investigation ended on this day.")
    filed_on = models.DateField(null=True, help_text="Filed with a fraud prevention agency on this day.")
    source_digest = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["-opened_on"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["closed_on", "id"], name="fraudmarker_closed", condition=Q(closed_on__isnull=False)),
            models.Index(fields=["filed_on", "id"], name="fraudmarker_filed", condition=Q(filed_on__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(name="fraudmarker_closes_after_opening",
                                   condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on"))),
        ]

    class PersonalData:
        category = "fraud_marker"
        subject = "customer"
        clocks = {"investigation_closed": "closed_on", "filed": "filed_on"}
        conditions = {"confirmed": Q(status="confirmed"), "victim": Q(status="victim"),
                      "unconfirmed": Q(status__in=["suspected", "cleared"])}
        erase = Delete()
        export = {"reference": "Reference", "status": "State", "details": "Details", "opened_on": "Opened on",
                  "closed_on": "Closed on", "filed_on": "Filed on"}
        withhold = {"source_digest": "A keyed hash that tells whether an import brings anything new."}
        internal = ("id", "customer")
        no_tipping_off = Q(status="suspected")

    def __str__(self) -> str:
        return f"Fraud marker {self.pk}"


class FinancialLink(models.Model):
    """Somebody linked with the customer by a joint account, or living in the same household. Another person's data."""

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
            models.Index(fields=["disassociated_on", "id"], name="financiallink_disassociated",
                         condition=Q(disassociated_on__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "linked_person_lookup"], name="financiallink_once"),
            models.CheckConstraint(name="financiallink_ends_after_beginning",
                                   condition=Q(disassociated_on__isnull=True) | Q(disassociated_on__gte=F("linked_on"))),
        ]

    class PersonalData:
        category = "financial_link"
        subject = "customer"
        clocks = {"relationship_end": "customer__relationship_ended_on", "disassociation": "disassociated_on"}
        conditions = {"linked": Q(disassociated_on__isnull=True), "disassociated": Q(disassociated_on__isnull=False)}
        erase = Delete()
        export = {"kind": "Kind", "linked_on": "Linked on", "disassociated_on": "Disassociated on"}
        withhold = {"linked_person": "Another person's name.", "linked_person_lookup": "A keyed hash of that name.",
                    "source_digest": "A keyed hash that tells whether an import brings anything new."}
        internal = ("id", "customer")

    def __str__(self) -> str:
        return f"Financial link {self.pk}"

    def linked_person_key(self) -> str:
        return normalise.fold(self.linked_person)


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
                    "source_digest": "A keyed hash that tells whether an import brings anything new."}
        internal = ("id", "customer")

    def __str__(self) -> str:
        return f"Prize entry {self.pk}"

    def email_key(self) -> str:
        return f"email:{normalise.email(self.email)}"


class ContactNote(models.Model):
    """What was said by telephone, email, chat or letter, and what was noted about it."""

    class Kind(models.TextChoices):
        CALL = "call", "Telephone call"
        EMAIL = "email", "Email"
        CHAT = "chat", "Chat"
        LETTER = "letter", "Letter"
        VULNERABILITY = "vulnerability", "Support need"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contact_notes")
    reference = models.CharField(max_length=40, unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    at = models.DateTimeField()
    text = SealedTextField()
    taken_by = models.CharField(max_length=80, help_text="staff:ID, or the name of the system it came from")
    thread_closed_on = models.DateField(null=True, help_text="The matter was closed on this day.")
    source_digest = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["-at"]
        default_permissions = ("view", "add")
        indexes = [
            models.Index(fields=["thread_closed_on", "id"], name="contactnote_closed",
                         condition=Q(thread_closed_on__isnull=False)),
            models.Index(fields=["kind", "id"], name="contactnote_support_needs", condition=Q(kind="vulnerability")),
        ]

    class PersonalData:
        category = "contact_note"
        subject = "customer"
        clocks = {"thread_closed": "thread_closed_on", "relationship_end": "customer__relationship_ended_on"}
        conditions = {"correspondence": ~Q(kind="vulnerability"), "vulnerability": Q(kind="vulnerability")}
        erase = Delete()
        export = {"kind": "Kind", "at": "When", "text": "What was said", "thread_closed_on": "Closed on"}
        withhold = {"taken_by": "A member of our staff.",
                    "source_digest": "A keyed hash that tells whether an import brings anything new."}
        internal = ("id", "customer", "reference")

    def __str__(self) -> str:
        return f"Contact note {self.pk}"
