"""What left the building: searches with credit reference agencies, monthly reports to them, fraud
filings, partner feeds; and what those who received it were told to do."""

import datetime
import uuid
from collections.abc import Callable
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q

from compliance.register import gate
from compliance.register.models import Purpose, Recipient
from customers.models import CreditAccount, Customer
from customers.models.markers import investigated, kept_from
from customers.models.person import SOURCE_DIGEST
from privacy.append_only import append_only
from privacy.declarations import Delete
from privacy.fields import SealedTextField


def purposes_in_words() -> Callable[[str], str]:
    """The function from a purpose's code to its name in the register."""
    names = dict(Purpose.objects.values_list("code", "name"))
    return lambda code: names.get(code) or code.replace("-", " ").capitalize()


UNSCREENED = "unscreened"  # a list for a partner that did not go through our screening


def stops_in_words() -> Callable[[str], str]:
    """The function from what something went out against to words for its person."""
    words = {one.code: one.law for one in gate.stops()}
    words |= {UNSCREENED: "It was not screened here first"}
    return lambda code: words.get(code, code)


FRAUD_AGENCIES = Recipient.objects.filter(kind=Recipient.Kind.FRAUD_AGENCY).values("code")

# What is kept from somebody under an investigation, and may be by decision: filings, and whatever
# else went to agencies against fraud. That they were asked about an application is so of everybody
# who applied, and tells of nothing.
FRAUD_WORK = Q(kind="fraud_filing") | Q(recipient__in=FRAUD_AGENCIES)
CHECK = Q(kind="credit_search") & ~Q(application="")


# about an account in default that was never satisfied: it ends with that account
UNSATISFIED_ACCOUNT = Q(
    credit_account__status=CreditAccount.Status.OPEN,
    credit_account__defaulted_on__isnull=False,
    credit_account__default_resolved_on__isnull=True,
)


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def against_a_stop(self) -> Self:
        """What went out although the person had stopped it, and nobody has looked into yet."""
        return self.exclude(against="").filter(looked_into_on__isnull=True)

    def feeds(self) -> Self:
        """What went to marketing partners: a list on which the person stood."""
        return self.filter(kind=DisclosureKind.FEED)


def _kept_disclosures() -> Q:
    return kept_from(FRAUD_WORK, unless_told=~CHECK & investigated(since="occurred_on"))


class DisclosureKind(models.TextChoices):
    """Occasions on which data goes to somebody outside; who is told with every order or message has
    no row for each (see `received.py`)."""

    SEARCH = "credit_search", "Search with a credit reference agency"
    REPORT = "account_report", "Monthly report of the account's conduct"
    FILING = "fraud_filing", "Filing with a fraud prevention agency"
    FEED = "partner_feed", "List passed to a partner"
    DELIVERY = "delivery", "Delivery of an order"
    PAYMENT = "card_payment", "Payment by card"
    MAILING = "mailing", "Sending or printing for us"
    RECOVERY = "recovery", "Debt collection or tracing"
    SALE = "debt_sale", "Sale of a debt"
    INSURANCE = "insurance", "Insurance proposal or claim"
    OMBUDSMAN = "ombudsman", "Papers for the ombudsman"
    COURT = "court", "Papers for a court"
    TAX = "tax", "Records for the tax authority"
    PROCESSING = "processing", "Other work done for us"


# Which recipients of the register each kind fits.
FITS = {
    DisclosureKind.SEARCH: (Recipient.Kind.CREDIT_AGENCY, Recipient.Kind.FRAUD_AGENCY),
    DisclosureKind.REPORT: (Recipient.Kind.CREDIT_AGENCY,),
    DisclosureKind.FILING: (Recipient.Kind.FRAUD_AGENCY,),
    DisclosureKind.FEED: (Recipient.Kind.PARTNER,),
    DisclosureKind.DELIVERY: (Recipient.Kind.CARRIER,),
    DisclosureKind.PAYMENT: (Recipient.Kind.PROCESSOR,),
    DisclosureKind.MAILING: (Recipient.Kind.PROCESSOR,),
    DisclosureKind.RECOVERY: (Recipient.Kind.DEBT, Recipient.Kind.CREDIT_AGENCY),
    DisclosureKind.SALE: (Recipient.Kind.DEBT,),
    DisclosureKind.INSURANCE: (Recipient.Kind.INSURER,),
    DisclosureKind.OMBUDSMAN: (Recipient.Kind.AUTHORITY,),
    DisclosureKind.COURT: (Recipient.Kind.AUTHORITY,),
    DisclosureKind.TAX: (Recipient.Kind.AUTHORITY,),
    DisclosureKind.PROCESSING: (Recipient.Kind.PROCESSOR,),
}
# Those that no act of the portal writes: they are imported, or a colleague writes them down.
HANDED_ON = tuple(DisclosureKind)[4:]


class Disclosure(models.Model):
    """One occasion on which data about one person went to one recipient, named as it was called on
    that day."""

    Kind = DisclosureKind

    id = models.UUIDField(
        primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False
    )  # no number: a gap in numbers would tell of what is not shown
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="disclosures")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    reference = models.CharField(max_length=64, unique=True)
    occurred_on = models.DateField()
    recipient = models.SlugField(max_length=40, help_text="The recipient's code in the register.")
    recipient_name = models.CharField(max_length=120, help_text="As it was called on that day.")
    purpose = models.SlugField(max_length=40, help_text="The purpose's code in the register.")
    application = models.CharField(
        max_length=40, blank=True, help_text="Reference of the credit application."
    )
    negotiations_ended_on = models.DateField(
        null=True, help_text="Consumer Credit Act 1974 s.157(1)"
    )
    credit_account = models.ForeignKey(
        CreditAccount, models.PROTECT, null=True, related_name="disclosures"
    )
    detail = models.CharField(
        max_length=120, blank=True, help_text="Search type, reported status, or name of the feed."
    )
    against = models.SlugField(
        max_length=40,
        blank=True,
        db_default="",
        help_text="It went out against a stop (see the gate of the register): its code.",
    )
    looked_into_on = models.DateField(null=True, help_text="Somebody found out how that came.")
    looked_into_by = models.CharField(max_length=80, blank=True, db_default="")
    source_digest = models.UUIDField(null=True, editable=False)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_on", "-pk"]
        default_permissions = ("view", "add")
        permissions = [("look_into_stray", "Looks into what went out against a stop")]
        indexes = [
            models.Index(fields=["occurred_on", "id"], name="disclosure_occurred"),
            models.Index(fields=["kind", "occurred_on", "id"], name="disclosure_kind"),
            models.Index(fields=["recipient", "occurred_on", "id"], name="disclosure_recipient"),
            models.Index(
                fields=["occurred_on", "id"],
                name="disclosure_against",
                condition=~Q(against="") & Q(looked_into_on__isnull=True),
            ),
            models.Index(
                fields=["application"], name="disclosure_application", condition=~Q(application="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="disclosure_report_names_its_account",
                condition=~Q(kind="account_report") | Q(credit_account__isnull=False),
            ),
            models.CheckConstraint(
                name="disclosure_looked_into_by_somebody",
                condition=Q(looked_into_on__isnull=True, looked_into_by="")
                | (Q(looked_into_on__isnull=False) & ~Q(looked_into_by="") & ~Q(against="")),
            ),
            models.CheckConstraint(
                name="disclosure_search_precedes_the_end",
                condition=Q(negotiations_ended_on__isnull=True)
                | Q(negotiations_ended_on__gte=F("occurred_on")),
            ),
        ]

    class PersonalData:
        category = "disclosure"
        subject = "customer"
        clocks = {
            "disclosed": "occurred_on",
            "account_end": "credit_account__ended_on",
            "default": "credit_account__defaulted_on",
        }
        conditions = {
            "search": Q(kind="credit_search"),
            "search_account": Q(kind="credit_search", credit_account__isnull=False)
            & ~UNSATISFIED_ACCOUNT,
            "report": Q(kind="account_report") & ~UNSATISFIED_ACCOUNT,
            "report_unsatisfied": Q(kind="account_report") & UNSATISFIED_ACCOUNT,
            "filing": Q(kind="fraud_filing"),
            "feed": Q(kind="partner_feed"),
            "handed_on": Q(kind__in=[kind.value for kind in HANDED_ON]),
        }
        erase = Delete()
        export = {
            "kind": "Kind",
            "occurred_on": "When",
            "recipient_name": "To whom",
            "purpose": "What for",
            "application": "Application",
            "negotiations_ended_on": "Application decided on",
            "detail": "What",
            "against": "Although you had stopped it",
            "looked_into_on": "We looked into that on",
        }
        words = {"purpose": purposes_in_words, "against": stops_in_words}
        redact = {"looked_into_by": "Looked into by"}
        withhold = {"source_digest": SOURCE_DIGEST}
        internal = ("id", "customer", "reference", "recipient", "credit_account")
        title = "Who received your data"
        no_tipping_off = _kept_disclosures

    def __str__(self) -> str:
        return f"Disclosure {self.pk}"


# Of an instruction: the columns that a key rotation seals anew, the days that are noted once, and
# who noted them.
SEALED_ANEW = ("about", "why", "confirmation", "impossible_why")
NOTED = ("told_on", "acknowledged_on", "impossible_on", "escalated_on")
BY_WHOM = ("told_by", "acknowledged_by", "impossible_by", "escalated_by")


class InstructionQuerySet(models.QuerySet["Instruction"]):
    def to_tell(self) -> Self:
        """Those of which the addressee was not told yet."""
        return self.filter(told_on__isnull=True, impossible_on__isnull=True)

    def told(self) -> Self:
        """Those that wait for a confirmation."""
        return self.unsettled().filter(told_on__isnull=False)

    def unsettled(self) -> Self:
        """Those that wait for us or for the addressee."""
        return self.filter(acknowledged_on__isnull=True, impossible_on__isnull=True)

    def settled(self) -> Self:
        """Those that were confirmed, and those that cannot be passed on."""
        return self.filter(Q(acknowledged_on__isnull=False) | Q(impossible_on__isnull=False))

    def overdue(self, today: datetime.date) -> Self:
        """Those of which the addressee should have been told, or should have confirmed, by now."""
        return self.unsettled().filter(due_on__lt=today)


def _kept_instructions() -> Q:
    return kept_from(Q(confidential=True), unless_told=investigated(since="asked_at"))


class Instruction(models.Model):
    """What one recipient, or one other system of ours, is to do with one person's data: listed,
    told, confirmed, or found impossible (UK GDPR Articles 19, 21 and 28(3)).

    `about` says whose data it is, in the words by which the addressee finds the person; it goes
    when the matter is settled. What was noted once is never changed.
    """

    class What(models.TextChoices):
        CORRECT = "correct", "Correct it"
        ERASE = "erase", "Erase it"
        RESTRICT = "restrict", "Restrict its use"
        RELEASE = "release", "No longer restricted"
        NO_MARKETING = "no_marketing", "Stop marketing"
        STOP = "stop", "Stop a use"
        RESUME = "resume", "The use may go on"
        WITHDRAW = "withdraw", "Take a filing out"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="instructions")
    recipient = models.SlugField(max_length=40, help_text="The addressee's code in the register.")
    recipient_name = models.CharField(max_length=120, help_text="As it is called by us.")
    what = models.CharField(max_length=12, choices=What.choices)
    parts = ArrayField(
        models.SlugField(max_length=40),
        default=list,
        help_text="Of what: codes of fields, channels or purposes.",
    )
    about = SealedTextField(null=True, help_text="Whose data it is, for the addressee.")
    why = SealedTextField(null=True, help_text="Why, for colleagues.")
    origin = models.UUIDField(help_text="The act that it follows from: told to each once.")
    reference = models.CharField(max_length=64, help_text="Of the request, or of the filing.")
    confidential = models.BooleanField(
        default=False, help_text="Told while something about the person was kept from them."
    )
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    due_on = models.DateField(help_text="When they are to be told; then, to have confirmed.")
    told_on = models.DateField(null=True)
    told_by = models.CharField(max_length=80, blank=True)
    file = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the file or letter that told them."
    )
    acknowledged_on = models.DateField(null=True)
    acknowledged_by = models.CharField(max_length=80, blank=True, help_text="Who noted it here.")
    confirmation = SealedTextField(
        null=True, help_text="Who confirmed it there, and their reference."
    )
    impossible_on = models.DateField(
        null=True, help_text="Telling them proved impossible or disproportionate."
    )
    impossible_by = models.CharField(max_length=80, blank=True)
    impossible_why = SealedTextField(null=True)
    escalated_on = models.DateField(null=True, help_text="Handed to the data protection lead.")
    escalated_by = models.CharField(max_length=80, blank=True)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "asked_at", "pk"]
        default_permissions = ("view", "change")
        permissions = [("hear_of_late_instructions", "Is told of instructions that are late")]
        indexes = [
            models.Index(fields=["asked_at", "id"], name="instruction_asked"),
            models.Index(fields=["reference"], name="instruction_reference"),
            models.Index(
                fields=["due_on", "asked_at", "id"],
                name="instruction_open",
                condition=Q(acknowledged_on__isnull=True, impossible_on__isnull=True),
            ),
            models.Index(fields=["recipient", "told_on"], name="instruction_recipient"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "recipient", "what"], name="instruction_once"
            ),
            models.CheckConstraint(
                name="instruction_told_by_somebody",
                condition=Q(told_on__isnull=True, told_by="", file="")
                | (Q(told_on__isnull=False) & ~Q(told_by="")),
            ),
            models.CheckConstraint(
                name="instruction_confirmed_after_telling",
                condition=Q(acknowledged_on__isnull=True, acknowledged_by="")
                | (
                    Q(acknowledged_on__gte=F("told_on"), told_on__isnull=False)
                    & ~Q(acknowledged_by="")
                ),
            ),
            models.CheckConstraint(
                name="instruction_impossible_or_confirmed",
                condition=Q(impossible_on__isnull=True, impossible_by="")
                | (Q(acknowledged_on__isnull=True) & ~Q(impossible_by="")),
            ),
            models.CheckConstraint(
                name="instruction_settled_forgets_whom",
                condition=Q(about__isnull=True)
                | Q(acknowledged_on__isnull=True, impossible_on__isnull=True),
            ),
            models.CheckConstraint(
                name="instruction_escalated_by_somebody",
                condition=Q(escalated_on__isnull=True, escalated_by="")
                | (Q(escalated_on__isnull=False) & ~Q(escalated_by="")),
            ),
        ]
        triggers = [
            *append_only(but=(*SEALED_ANEW, *NOTED, "due_on", "file", *BY_WHOM)),
            pgtrigger.Trigger(
                name="noted_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=" ".join(
                    f"IF OLD.{name} IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name} THEN "
                    "RAISE EXCEPTION 'an instruction is noted once' "
                    "USING ERRCODE = 'restrict_violation'; END IF;"
                    for name in NOTED
                )
                + " RETURN NEW;",
            ),
        ]

    class PersonalData:
        category = "instruction"
        subject = "customer"
        clocks = {"asked": "asked_at"}
        erase = Delete()
        export = {
            "recipient_name": "Whom we told",
            "what": "What they are to do",
            "reference": "Your request",
            "asked_at": "Listed on",
            "told_on": "Told on",
            "acknowledged_on": "They confirmed on",
            "impossible_why": "Why they could not be told",
        }
        review = ("impossible_why",)
        redact = {
            "asked_by": "Listed by",
            "told_by": "Told by",
            "acknowledged_by": "Confirmation noted by",
            "impossible_by": "Found impossible by",
            "escalated_by": "Handed on by",
            "confirmation": "Who confirmed it there",
        }
        withhold = {
            "about": "What they need to find you, as it stands in this file already.",
            "why": "Part of an investigation.",
        }
        title = "What we told others to do"
        answering = True
        internal = (
            "id",
            "customer",
            "recipient",
            "parts",
            "origin",
            "confidential",
            "due_on",
            "file",
            "impossible_on",
            "escalated_on",
        )
        no_tipping_off = _kept_instructions

    def __str__(self) -> str:
        return f"Instruction {str(self.pk)[:8]}"

    @property
    def settled(self) -> bool:
        """Whether it waits for nobody any more."""
        return bool(self.acknowledged_on or self.impossible_on)
