"""What left the building: searches with credit reference agencies, monthly reports to them, fraud
filings, partner feeds."""

from collections.abc import Callable
from typing import Self

from django.db import models
from django.db.models import F, Q

from compliance.register.models import Purpose, Recipient
from customers.models import CreditAccount, Customer
from customers.models.person import SOURCE_DIGEST
from privacy.declarations import EVERY_ROW, Delete
from privacy.fields import SealedTextField


def purposes_in_words() -> Callable[[str], str]:
    """The function from a purpose's code to its name in the register."""
    names = dict(Purpose.objects.values_list("code", "name"))
    return lambda code: names.get(code) or code.replace("-", " ").capitalize()


# Shown to nobody but those who investigate, about anybody: beside a letter that leaves these
# agencies out, what was asked of them would tell why (decision 0023). Whether there is an
# investigation makes no difference here.
FRAUD_AGENCIES = Recipient.objects.filter(kind=Recipient.Kind.FRAUD_AGENCY).values("code")


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def feeds(self) -> Self:
        """What went to marketing partners: a list on which the person stood."""
        return self.filter(kind=Disclosure.Kind.FEED)


class Disclosure(models.Model):
    """One occasion on which data about one person went to one recipient, named as it was called on
    that day."""

    class Kind(models.TextChoices):
        SEARCH = "credit_search", "Search with a credit reference agency"
        REPORT = "account_report", "Monthly report of the account's conduct"
        FILING = "fraud_filing", "Filing with a fraud prevention agency"
        FEED = "partner_feed", "List passed to a partner"

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
    source_digest = models.UUIDField(null=True, editable=False)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_on", "-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["occurred_on", "id"], name="disclosure_occurred"),
            models.Index(fields=["kind", "occurred_on", "id"], name="disclosure_kind"),
            models.Index(fields=["recipient", "occurred_on", "id"], name="disclosure_recipient"),
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
                name="disclosure_search_precedes_the_end",
                condition=Q(negotiations_ended_on__isnull=True)
                | Q(negotiations_ended_on__gte=F("occurred_on")),
            ),
        ]

    class PersonalData:
        category = "disclosure"
        subject = "customer"
        clocks = {"disclosed": "occurred_on", "account_end": "credit_account__ended_on"}
        conditions = {
            "search": Q(kind="credit_search"),
            "report": Q(kind="account_report"),
            "filing": Q(kind="fraud_filing"),
            "feed": Q(kind="partner_feed"),
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
        }
        words = {"purpose": purposes_in_words}
        withhold = {"source_digest": SOURCE_DIGEST}
        internal = ("id", "customer", "reference", "recipient", "credit_account")
        title = "Who received your data"
        no_tipping_off = Q(kind="fraud_filing") | Q(recipient__in=FRAUD_AGENCIES)

    def __str__(self) -> str:
        return f"Disclosure {self.pk}"


class FilingWithdrawal(models.Model):
    """A filing with a fraud prevention agency that was found wrong (UK GDPR Article 16): the agency
    is told, and confirms it (Article 19)."""

    filing = models.OneToOneField(Disclosure, models.PROTECT, related_name="withdrawal")
    why = SealedTextField(help_text="What was wrong about it, for colleagues.")
    withdrawn_on = models.DateField()
    withdrawn_by = models.CharField(max_length=80, help_text="staff:ID or job:NAME.")
    due_on = models.DateField(help_text="Until when the agency is to be told.")
    told_on = models.DateField(null=True)
    told_by = models.CharField(max_length=80, blank=True)
    confirmed_on = models.DateField(null=True)
    confirmed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        default_permissions = ("view", "add", "change")
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                name="filingwithdrawal_open",
                condition=Q(confirmed_on__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="filingwithdrawal_told_by_somebody",
                condition=Q(told_on__isnull=True, told_by="")
                | (Q(told_on__gte=F("withdrawn_on")) & ~Q(told_by="")),
            ),
            models.CheckConstraint(
                name="filingwithdrawal_told_before_confirmed",
                condition=Q(confirmed_on__isnull=True, confirmed_by="")
                | (Q(confirmed_on__gte=F("told_on")) & ~Q(confirmed_by="")),
            ),
        ]

    class PersonalData:
        category = "disclosure"
        subject = "filing__customer"
        clocks = {"disclosed": "filing__occurred_on"}
        conditions = {"filing": EVERY_ROW}
        erase = Delete()
        withhold = {
            name: "Part of an investigation."
            for name in (
                "why",
                "withdrawn_on",
                "withdrawn_by",
                "due_on",
                "told_on",
                "told_by",
                "confirmed_on",
                "confirmed_by",
            )
        }
        internal = ("id", "filing")
        no_tipping_off = EVERY_ROW

    def __str__(self) -> str:
        return f"Withdrawal {self.pk}"
