"""What we collect, why, on which basis, for how long, who receives it. No row is about a person.

The shipped rows (`data/register.toml`) are reviewed defaults. The data protection lead edits them
on the desk; the database keeps every earlier state with who changed it, when and why. Rows are
retired, never deleted, so that history still reads; only a lawful basis or a link of a purpose can
be taken away, and that is kept too.
"""

import datetime
from typing import Any, Self

import pghistory
import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

RETIRED = "From this day the row no longer counts. It stays here, with its history."


class NotRetired(models.QuerySet[Any]):
    def in_use(self) -> Self:
        """The rows that count today: not retired."""
        return self.filter(retired_on__isnull=True)


@pghistory.track()
class DataCategory(models.Model):
    """One kind of personal data, in words a customer understands. Models name it by `code` in their
    declaration.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    description = models.TextField(
        help_text="What it is, for a customer: “Your name, date of birth and customer number.”"
    )
    source = models.CharField(max_length=200, help_text="Where we get it from.")
    position = models.PositiveSmallIntegerField(
        default=100, help_text="Order in the privacy notice."
    )
    retired_on = models.DateField(null=True, blank=True, help_text=RETIRED)

    objects = NotRetired.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "data categories"
        default_permissions = ("view", "add", "change")

    class NotPersonal:
        reason = "The register describes kinds of data, not persons."

    def __str__(self) -> str:
        return self.name


class PurposeQuerySet(NotRetired):
    def weighed(self) -> Self:
        """The uses in force to which somebody can object with reasons, which are weighed (UK GDPR
        Article 21(1)): never direct marketing."""
        return self.in_use().filter(
            pk__in=LawfulBasis.objects.filter(article__in=LawfulBasis.WEIGHED).values("purpose"),
            direct_marketing=False,
        )


@pghistory.track()
class Purpose(models.Model):
    """One reason for which we use personal data."""

    class WhenRestricted(models.TextChoices):
        """What lets a use go on although somebody's data is restricted (UK GDPR Article 18(2)), as the
        person reads it."""

        CONSENT = "consent", "because you ask us for it"
        CLAIMS = "claims", "for legal claims"
        OTHERS = "others", "to protect the rights of others"
        PUBLIC = "public", "for reasons of important public interest"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    description = models.TextField(help_text="What we do and why, for a customer.")
    categories = models.ManyToManyField(DataCategory, related_name="purposes")
    recipients: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Recipient", related_name="purposes", blank=True
    )
    automated_decision = models.TextField(
        blank=True, help_text="If a machine decides alone: the logic and what it means."
    )
    when_restricted = models.CharField(
        "while the use of somebody's data is restricted",
        max_length=7,
        choices=WhenRestricted.choices,
        blank=True,
        default="",
        db_default="",
        help_text="Empty: the use stops. What lets it go on is a proposal, decided for each person "
        "(UK GDPR Article 18(2)).",
    )
    direct_marketing = models.BooleanField(
        default=False,
        db_default=False,
        help_text="An objection to it is never weighed: it stops at once, whoever asks (UK GDPR "
        "Article 21(2)-(3)). So is choosing by somebody's habits what is offered to them.",
    )
    condition = models.CharField(
        max_length=250,
        blank=True,
        help_text="What in Schedule 1 of the 2018 Act lets us use data about offences or health.",
    )
    policy = models.TextField(
        "policy document",
        blank=True,
        help_text="With a condition (paragraph 39): how Article 5 is kept to, what is kept how long.",
    )
    policy_review_on = models.DateField(
        null=True,
        blank=True,
        help_text="When it is looked at again. Empty: nobody has read it yet.",
    )
    position = models.PositiveSmallIntegerField(default=100)
    retired_on = models.DateField(null=True, blank=True, help_text=RETIRED)

    objects = PurposeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        default_permissions = ("view", "add", "change")
        constraints = [
            models.CheckConstraint(
                name="purpose_condition_has_a_policy", condition=Q(condition="") | ~Q(policy="")
            )
        ]

    class NotPersonal:
        reason = "The register describes kinds of data, not persons."

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class LawfulBasis(models.Model):
    """The lawful basis of a purpose (UK GDPR Article 6(1)); a purpose may rest on more than one."""

    class Article(models.TextChoices):
        CONSENT = "a", "Consent"
        CONTRACT = "b", "Contract"
        LEGAL_OBLIGATION = "c", "Legal obligation"
        VITAL_INTERESTS = "d", "Vital interests"
        PUBLIC_TASK = "e", "Public task"
        RECOGNISED_INTEREST = "ea", "Recognised legitimate interest"
        LEGITIMATE_INTERESTS = "f", "Legitimate interests"

    WEIGHED = (Article.PUBLIC_TASK, Article.RECOGNISED_INTEREST, Article.LEGITIMATE_INTERESTS)

    purpose = models.ForeignKey(Purpose, models.CASCADE, related_name="lawful_bases")
    article = models.CharField("Article 6(1)", max_length=2, choices=Article.choices)
    explanation = models.TextField(
        help_text="Why it applies: the law, the contract, or the interest and its balance."
    )

    class Meta:
        ordering = ["purpose", "article"]
        verbose_name_plural = "lawful bases"
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(fields=["purpose", "article"], name="lawfulbasis_once")
        ]

    class NotPersonal:
        reason = "The register describes kinds of data, not persons."

    def __str__(self) -> str:
        return f"{self.get_article_display()} (Article 6(1)({self.article}))"


class Dated(models.QuerySet[Any]):
    def on(self, day: datetime.date) -> Self:
        """The rows that stood on a day, the first and the last day included."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )


class RecipientQuerySet(Dated):
    def partners(self) -> Self:
        """The marketing partners, of whatever day."""
        return self.filter(kind=Recipient.Kind.PARTNER)

    def outside(self) -> Self:
        """Without our own other systems: they can be told what to do, and receive nothing that
        leaves us."""
        return self.exclude(kind=Recipient.Kind.OWN_SYSTEM)


@pghistory.track()
class AdequacyDecision(models.Model):
    """A country to which UK law lets personal data go as if it stayed (UK GDPR Article 45A)."""

    country = models.CharField(max_length=2, help_text="ISO 3166 code")
    name = models.CharField(max_length=60)
    scope = models.CharField(max_length=200, blank=True, help_text="Empty: every recipient there.")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        ordering = ["name"]
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "valid_from"], nulls_distinct=False, name="adequacydecision_once"
            )
        ]

    class NotPersonal:
        reason = "The register describes kinds of data, not persons."

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Recipient(models.Model):
    """Somebody outside who receives personal data, or another system of our own that is told what
    to do with it. Rows are dated: a renamed agency keeps its `code` in a new row.
    """

    class Kind(models.TextChoices):
        CREDIT_AGENCY = "credit_reference_agency", "Credit reference agency"
        FRAUD_AGENCY = "fraud_prevention_agency", "Fraud prevention agency"
        CARRIER = "carrier", "Carrier"
        PROCESSOR = "processor", "Processor acting for us"
        DEBT = "debt_collection", "Debt collection and tracing"
        INSURER = "insurer", "Insurer"
        PARTNER = "marketing_partner", "Marketing partner"
        AUTHORITY = "authority", "Public authority"
        OWN_SYSTEM = "own_system", "Another system of our own"

    class Standing(models.TextChoices):
        ORDER = "order", "Delivery of your orders"
        CARD_PAYMENT = "card_payment", "Payments with your cards"
        EMAIL = "email", "Emails that we sent you"
        TEXT_MESSAGE = "text_message", "Text messages that we sent you"
        LETTER = "letter", "Letters that were printed for us"

    class Safeguard(models.TextChoices):
        ADEQUACY = "adequacy", "Adequacy regulations (Article 45A)"
        IDTA = "idta", "International data transfer agreement (Article 46)"
        ADDENDUM = "addendum", "UK addendum to the EU standard clauses (Article 46)"
        CORPORATE_RULES = "bcr", "Binding corporate rules (Article 47)"
        EXCEPTION = "exception", "Exception for a specific situation (Article 49)"

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    receives = models.CharField(
        max_length=200, help_text="What it gets and what for, for a customer."
    )
    with_every = models.CharField(
        "receives something with every",
        max_length=12,
        choices=Standing.choices,
        blank=True,
        help_text="Then nobody logs it one by one: the records themselves say how often.",
    )
    address = models.TextField(blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    country = models.CharField(
        max_length=2, default="GB", help_text="ISO 3166 code of where the data goes"
    )
    safeguard = models.CharField(
        max_length=12,
        choices=Safeguard.choices,
        blank=True,
        help_text="Needed when the country is not the United Kingdom.",
    )
    safeguard_detail = models.CharField(
        max_length=200, blank=True, help_text="Where a copy can be had."
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    verified_on = models.DateField(
        null=True, blank=True, help_text="Address and telephone were last checked on this day."
    )

    objects = RecipientQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name", "valid_from"]
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"], nulls_distinct=False, name="recipient_code_dated"
            ),
            models.CheckConstraint(
                name="recipient_ends_after_beginning",
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    class NotPersonal:
        reason = "Organisations, not persons."

    def __str__(self) -> str:
        return self.name


class RetentionRuleQuerySet(NotRetired):
    def unconfirmed(self) -> Self:
        """The rules that count today, and that the owner has not confirmed yet."""
        return self.in_use().filter(confirmed_on__isnull=True)


@pghistory.track()
class RetentionRule(models.Model):
    """For how long one category is protected for one purpose: `period` from the day of `clock`, on
    this authority.

    A record is due when every rule that protects it has run out. `condition` narrows a rule to the
    records that the models' declarations name by that word. A rule without a period protects for
    ever.
    """

    class Unit(models.TextChoices):
        DAYS = "days", "days"
        MONTHS = "months", "months"
        YEARS = "years", "years"

    class OnRequest(models.TextChoices):
        ERASED = "erased", "It is erased"
        KEPT = "kept", "It is kept"
        KEPT_WHOLE = "kept_whole", "It is kept, and so are who the person is and how to reach them"

    code = models.SlugField(max_length=40, unique=True)
    category = models.ForeignKey(DataCategory, models.PROTECT, related_name="retention_rules")
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="retention_rules")
    clock = models.SlugField(
        max_length=40, help_text="A clock that every model of the category declares."
    )
    clock_name = models.CharField(
        max_length=120, help_text="In words, after “from”: “the end of your account”."
    )
    condition = models.SlugField(
        max_length=40, blank=True, help_text="Empty: every record of the category."
    )
    condition_name = models.CharField(
        max_length=120, blank=True, help_text="In words: “confirmed fraud”."
    )
    period = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(0)], help_text="Empty: for ever."
    )
    unit = models.CharField(max_length=6, choices=Unit.choices, default=Unit.YEARS)
    authority = models.CharField(
        max_length=200, help_text="The law or policy that the period rests on."
    )
    on_request = models.CharField(
        "if the person asks for erasure before that",
        max_length=10,
        choices=OnRequest.choices,
        default=OnRequest.KEPT_WHOLE,
        db_default=OnRequest.KEPT_WHOLE,
        help_text="Kept only because of a duty of law, or of legal claims that cannot be met "
        "without it (UK GDPR Article "
        "17(3)). Who somebody is goes with the last of their records that needs it, whatever is "
        "said here.",
    )
    confirmed_on = models.DateField(
        null=True, blank=True, help_text="The owner confirmed this period on this day."
    )
    confirmed_by = models.CharField(max_length=80, blank=True, editable=False)
    retired_on = models.DateField(null=True, blank=True, help_text=RETIRED)

    objects = RetentionRuleQuerySet.as_manager()

    class Meta:
        ordering = ["category", "code"]
        default_permissions = ("view", "add", "change")
        constraints = [
            models.CheckConstraint(
                name="retentionrule_confirmed_by_somebody",
                condition=Q(confirmed_on__isnull=True, confirmed_by="")
                | (Q(confirmed_on__isnull=False) & ~Q(confirmed_by="")),
            ),
        ]

    class NotPersonal:
        reason = "The register describes kinds of data, not persons."

    def __str__(self) -> str:
        return self.code

    @property
    def period_in_words(self) -> str:
        """“6 years”, “1 month”, “for ever”."""
        if self.period is None:
            return "for ever"
        if self.period == 0:
            return "not at all"
        return f"{self.period} {self.unit if self.period != 1 else self.unit.removesuffix('s')}"

    @property
    def in_words(self) -> str:
        """“6 years from the end of your account”, “no longer than the day the link is broken”, “for
        ever”."""
        if self.period is None:
            return self.period_in_words
        return (
            f"{self.period_in_words} from {self.clock_name}"
            if self.period
            else f"no longer than {self.clock_name}"
        )


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    obj_field=None,
    model_name="PurposeCategoryEvent",
)
class PurposeCategory(Purpose.categories.through):  # type: ignore[name-defined, misc]  # made by Django
    """Which categories a purpose uses, under history like the rest."""

    class Meta:
        proxy = True
        default_permissions = ()

    class NotPersonal:
        reason = "The register describes kinds of data, not persons."


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    obj_field=None,
    model_name="PurposeRecipientEvent",
)
class PurposeRecipient(Purpose.recipients.through):  # type: ignore[name-defined, misc]  # made by Django
    """Who receives data for a purpose, under history like the rest."""

    class Meta:
        proxy = True
        default_permissions = ()

    class NotPersonal:
        reason = "The register describes kinds of data, not persons."


class NoticeVersion(models.Model):
    """One published privacy notice, frozen as it was shown. The database refuses to change or
    delete it."""

    number = models.PositiveIntegerField(unique=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80, help_text="staff:ID or job:NAME")
    summary = models.CharField(max_length=200, help_text="What changed, for a customer.")
    content = models.JSONField(help_text="Headings and blocks, as composed from the register.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content.")

    class Meta:
        ordering = ["-number"]
        verbose_name = "privacy notice"
        default_permissions = ("view", "add")
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    class NotPersonal:
        reason = "Published text."

    def __str__(self) -> str:
        return f"Version {self.number}"


class StopList(models.Model):
    """One list of those whose data may not be used for a purpose, as it was handed to the system
    that does the work. The list itself is not kept."""

    purpose = models.SlugField(max_length=40)
    written_at = models.DateTimeField()
    by = models.CharField(max_length=80, help_text="staff:ID or job:NAME")
    people = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")

    class Meta:
        ordering = ["-written_at"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["purpose", "-written_at"], name="stoplist_latest")]

    class NotPersonal:
        reason = "A count, and a digest of a whole file."

    def __str__(self) -> str:
        return f"Stop list {self.pk}"
