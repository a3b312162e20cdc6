"""The ledger of what people said about marketing, and what stands on it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from pgtrigger import Protect, Update

from compliance.preferences.channels import labels
from compliance.preferences.sender_words import senders
from compliance.preferences.vocabulary import ChoiceKind, ChoiceSource, ContactKind
from customers.models import Customer
from customers.models.person import SOURCE_DIGEST
from privacy.append_only import append_only
from privacy.declarations import Delete
from privacy.fields import SealedTextField


class Wording(models.Model):
    """The exact words that somebody was shown or read out, frozen on the day they were first used.

    A consent rests on one: it names the senders and the channels, and says whether the box was
    empty to begin with.
    """

    code = models.SlugField(max_length=40)
    text = models.TextField()
    senders = ArrayField(
        models.SlugField(max_length=40),
        default=list,
        help_text="Whom it names: us, or recipients' codes.",
    )
    channels = ArrayField(models.CharField(max_length=16, choices=labels), default=list)
    unticked = models.BooleanField(
        help_text="The box was empty, or the question open, until the person acted."
    )
    first_used_at = models.DateTimeField()
    digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of all of the above but the day."
    )

    class Meta:
        ordering = ["code", "-first_used_at"]
        verbose_name_plural = "words that people were shown"
        default_permissions = ("view",)
        triggers = [Protect(name="frozen", operation=Update)]

    class NotPersonal:
        reason = "Published text."

    def __str__(self) -> str:
        return f"{self.code} {self.digest[:8]}"


class ChoiceEvent(models.Model):
    """One thing that a person said about marketing, on one channel, about one sender. Never
    changed, never overwritten.

    It belongs to a customer, or to a bare contact point of somebody whom we could not match, or (a
    consent) to both.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="choice_events")
    contact = models.UUIDField(
        null=True, help_text="Digest of the contact point, as in the suppression list."
    )
    contact_kind = models.CharField(max_length=8, choices=ContactKind.choices, blank=True)
    contact_value = SealedTextField(
        null=True, help_text="The address or number consented for: evidence needs it."
    )
    kind = models.CharField(max_length=12, choices=ChoiceKind.choices)
    channel = models.CharField(max_length=16, choices=labels)
    sender = models.SlugField(
        max_length=40, help_text="us, third_parties, or a recipient's code in the register."
    )
    source = models.CharField(max_length=12, choices=ChoiceSource.choices)
    at = models.DateTimeField(help_text="When it was said; it takes effect then.")
    recorded_at = models.DateTimeField(default=timezone.now)
    by = models.CharField(
        max_length=80, help_text="Who took it: staff:ID, customer:ID or job:NAME."
    )
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="events")
    page = models.CharField(
        max_length=80, blank=True, help_text="The page or the script that was used."
    )
    notice_version = models.PositiveIntegerField(
        null=True, help_text="The privacy notice that was in force."
    )
    origin = SealedTextField(null=True, help_text="IP address, or the reference of the recording.")
    expires_at = models.DateTimeField(null=True)
    sale = SealedTextField(
        null=True, help_text="The order or negotiation that a soft opt-in rests on."
    )
    reference = models.CharField(
        max_length=20, help_text="What belongs together: one act of one person."
    )
    source_digest = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "marketing choices"
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["contact"], name="choice_contact", condition=Q(contact__isnull=False)
            ),
            models.Index(fields=["reference"], name="choice_reference"),
            models.Index(
                fields=["at", "id"], name="choice_unmatched", condition=Q(customer__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source_digest"],
                name="choice_imported_once",
                condition=Q(source_digest__isnull=False),
            ),
            models.CheckConstraint(
                name="choice_is_somebodys",
                condition=Q(customer__isnull=False) | Q(contact__isnull=False),
            ),
            models.CheckConstraint(
                name="choice_consent_names_its_sender",
                condition=~Q(kind__in=["consent", "soft_opt_in"], sender="third_parties"),
            ),
            models.CheckConstraint(
                name="choice_soft_opt_in_names_its_sale",
                condition=~Q(kind="soft_opt_in") | Q(sale__isnull=False),
            ),
            models.CheckConstraint(
                name="choice_soft_opt_in_is_ours", condition=~Q(kind="soft_opt_in") | Q(sender="us")
            ),
        ]
        triggers = append_only(but=("contact_value", "origin", "sale", "source_digest"))

    class PersonalData:
        category = "marketing_choice"
        subject = "customer"
        clocks = {"relationship_end": "customer__relationship_ended_on", "said": "at"}
        dealings = {"at": Q(customer__isnull=False)}
        conditions = {"customer": Q(customer__isnull=False), "unmatched": Q(customer__isnull=True)}
        erase = Delete()
        with_person = True
        export = {
            "at": "When",
            "kind": "What you said",
            "channel": "Channel",
            "sender": "About whom",
            "source": "How",
            "contact_kind": "Kind of contact detail",
            "contact_value": "Contact detail",
            "wording": "What you were told",
            "page": "Where",
            "origin": "Address of your device, or recording",
            "expires_at": "Valid until",
            "sale": "Order or negotiation that it rests on",
        }
        own = ("contact_value", "origin", "sale")
        words = {"wording": "wording__text", "sender": senders}
        redact = {"by": "Taken by"}
        portable = ("at", "kind", "channel", "sender", "contact_value")
        withhold = {
            "contact": "A keyed digest of the contact detail.",
            "source_digest": SOURCE_DIGEST,
        }
        internal = ("id", "customer", "recorded_at", "notice_version", "reference")

    def __str__(self) -> str:
        return f"Choice {self.pk}"


class MarketingPermission(models.Model):
    """What permits marketing to a contact point: derived from the ledger for screening whole lists,
    and erased with the person, so that an erased person's consent can never outweigh their
    objection.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="marketing_permissions")
    digest = models.UUIDField()
    channel = models.CharField(max_length=16, choices=labels)
    sender = models.SlugField(max_length=40)
    consented_at = models.DateTimeField(
        null=True, help_text="The latest consent with full evidence."
    )
    expires_at = models.DateTimeField(null=True)
    soft_at = models.DateTimeField(null=True, help_text="The latest soft opt-in.")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "channel", "sender", "customer"], name="marketingpermission_once"
            ),
        ]

    class PersonalData:
        category = "contact"
        subject = "customer"
        clocks = {"relationship_end": "customer__relationship_ended_on"}
        erase = Delete()
        with_person = True
        withhold = {"digest": "A keyed digest of a contact detail."}
        internal = ("id", "customer", "channel", "sender", "consented_at", "expires_at", "soft_at")

    def __str__(self) -> str:
        return f"Marketing permission {self.pk}"


class PendingSuppression(models.Model):
    """A note that a customer left a contact point or a surname, or (of one with an objection) may
    have another contact point: triggers of the database write it, whatever changed the row.

    `suppress_pending` then takes along what stands on the suppression list, suppresses what is new,
    and keeps the note until every transaction that ran meanwhile is over.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    former_surname = models.BinaryField(
        null=True, help_text="The surname they left, sealed as it stood in their record."
    )
    during = models.BigIntegerField(
        db_default=RawSQL("pg_current_xact_id()::text::bigint", []),
        help_text="The transaction that noted it.",
    )

    class Meta:
        default_permissions = ()

    class PersonalData:
        category = "contact"
        subject = "customer"
        clocks = {"relationship_end": "customer__relationship_ended_on"}
        erase = Delete()
        with_person = True
        withhold = {"former_surname": "Kept for minutes, to take a stop along to the new name."}
        internal = ("id", "customer", "during")

    def __str__(self) -> str:
        return f"Pending suppression {self.pk}"
