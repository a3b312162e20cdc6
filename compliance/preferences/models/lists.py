"""The suppression list, the preference services' lists, and the log of what was screened against
them."""

import pgtrigger
from django.db import models
from django.db.models import Q

from compliance.preferences.channels import labels
from compliance.preferences.rules import FRESH
from compliance.preferences.vocabulary import ChoiceSource, ContactKind, Service
from privacy.append_only import append_only
from privacy.declarations import Delete
from privacy.words import in_words


class Suppression(models.Model):
    """One contact point that must not be marketed to on one channel by one sender: a digest, and
    nothing to read.

    It outlives erasure and every purge. A later consent of the person does not remove it: the
    consent outweighs it (see `rules`), for as long as the consent can be proved.
    """

    digest = models.UUIDField()
    kind = models.CharField(max_length=8, choices=ContactKind.choices)
    channel = models.CharField(max_length=16, choices=labels)
    sender = models.SlugField(max_length=40, help_text="us, third_parties, or a recipient's code.")
    source = models.CharField(max_length=12, choices=ChoiceSource.choices)
    at = models.DateTimeField(help_text="The latest objection.")
    key_id = models.CharField(max_length=16)
    form = models.PositiveSmallIntegerField(help_text="Version of the normalised form.")
    feed_digest = models.BinaryField(
        max_length=32, null=True, help_text="For partners, under the feed key."
    )
    feed_key_id = models.CharField(max_length=16, blank=True)

    class Meta:
        verbose_name_plural = "suppression list entries"
        default_permissions = ("view",)
        indexes = [models.Index(fields=["at", "id"], name="suppression_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "channel", "sender"], name="suppression_once"
            ),
            models.CheckConstraint(
                name="suppression_feed_digest_has_its_key",
                condition=Q(feed_digest__isnull=True, feed_key_id="")
                | (Q(feed_digest__isnull=False) & ~Q(feed_key_id="")),
            ),
        ]
        triggers = [
            *append_only(but=("at", "source", "feed_digest", "feed_key_id")),
            pgtrigger.Protect(
                name="never_earlier",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__at__lt=pgtrigger.F("old__at")),
            ),
        ]

    class PersonalData:
        category = "suppression"
        subject = ""
        clocks = {"objection": "at"}
        erase = Delete()
        withhold = {
            "digest": "A keyed digest; nobody can read a contact detail from it.",
            "feed_digest": "A keyed digest; nobody can read a contact detail from it.",
        }
        internal = (
            "id",
            "kind",
            "channel",
            "sender",
            "source",
            "at",
            "key_id",
            "form",
            "feed_key_id",
        )

    def __str__(self) -> str:
        return f"Suppression {self.pk}"


class PreferenceServiceFile(models.Model):
    """One file of a preference service that was loaded: the newest of each service is in force."""

    service = models.CharField(max_length=4, choices=Service.choices)
    dated_on = models.DateField(
        help_text=f"The day of the service's own file; it is good for {in_words(FRESH)}."
    )
    loaded_at = models.DateTimeField()
    by = models.CharField(max_length=80)
    lines = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")

    class Meta:
        ordering = ["-dated_on", "-pk"]
        verbose_name_plural = "files of the preference services"
        default_permissions = ("view",)
        indexes = [models.Index(fields=["loaded_at", "id"], name="preferencefile_loaded")]

    class NotPersonal:
        reason = "Which file was loaded, and when."

    def __str__(self) -> str:
        return f"{self.get_service_display()} of {self.dated_on}"


class ListedContact(models.Model):
    """One number or address on a preference service's list, as a digest. Replaced by the next
    file."""

    file = models.ForeignKey(PreferenceServiceFile, models.PROTECT, related_name="contacts")
    digest = models.UUIDField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["digest"], name="listedcontact_digest")]

    class PersonalData:
        category = "preference_service"
        subject = ""
        clocks = {"service_file": "file__loaded_at"}
        erase = Delete()
        withhold = {"digest": "A keyed digest; nobody can read a contact detail from it."}
        internal = ("id", "file")

    def __str__(self) -> str:
        return f"Listed contact {self.pk}"


class Screening(models.Model):
    """One list that was screened before a campaign: who, which, with what result."""

    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    channel = models.CharField(max_length=16, choices=labels)
    sender = models.SlugField(max_length=40)
    campaign = models.SlugField(max_length=60, blank=True)
    suppression_only = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the list as it was given.")
    allowed = models.PositiveIntegerField()
    suppressed = models.PositiveIntegerField()
    unreadable = models.PositiveIntegerField()
    disclosed = models.PositiveIntegerField(
        default=0, help_text="Customers in whose log of recipients it was noted."
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "lists that were screened"
        default_permissions = ("view",)

    class NotPersonal:
        reason = "Counts; nothing about a person on the list."

    def __str__(self) -> str:
        return f"Screening {self.pk}"
