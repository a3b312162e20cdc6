"""A copy of somebody's data on its way to them: what was read and left out of it, its sealed bytes,
and who fetched it."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from compliance.access.reasons import SILENT, OmissionReason
from customers.models import Customer
from privacy.append_only import append_only
from privacy.declarations import Delete
from privacy.fields import SealedTextField

SECRET = Q(reason__in=[str(reason) for reason in SILENT])
SENT, UNSENT = Q(released_at__isnull=False), Q(released_at__isnull=True)
OF_PACK = {"sent": Q(pack__released_at__isnull=False), "unsent": Q(pack__released_at__isnull=True)}
CLOCKS = {"sent": "pack__released_at", "begun": "pack__begun_at"}
NOBODY_ELSE = "The words of a decision on what is left out would show it."
STAFF = "A member of our staff."


def _both(moment: str, actor: str) -> Q:
    """A moment and who it was: both or neither."""
    return Q(**{f"{moment}__isnull": True, actor: ""}) | (
        Q(**{f"{moment}__isnull": False}) & ~Q(**{actor: ""})
    )


class PackQuerySet(models.QuerySet["Pack"]):
    def released(self) -> Self:
        """The packs that went to the person at least once."""
        return self.filter(SENT)

    def standing(self) -> Self:
        """The packs that count: not withdrawn in favour of another."""
        return self.exclude(state=Pack.State.WITHDRAWN)


class Pack(models.Model):
    """One copy of a customer's data for one request of theirs: read, checked by a second person,
    built, released.

    It knows the request by its public reference only. The master texts stay where they are, sealed;
    this room keeps what was decided about them. Every change of state is made by an action.
    """

    class State(models.TextChoices):
        IN_REVIEW = "in_review", "Being read"
        READ = "read", "Waits for the second person"
        CHECKED = "checked", "Being built"
        FAILED = "failed", "Could not be built"
        BUILT = "built", "Ready to be released"
        RELEASED = "released", "Released"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Means(models.TextChoices):
        ONLINE = "online", "To fetch, behind a one-time code"
        POST = "post", "On paper, by post"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="packs")
    reference = models.CharField(
        max_length=20, help_text="The public reference of the request that it answers."
    )
    number = models.PositiveSmallIntegerField(
        help_text="The first copy for a request is 1; each replaces the last."
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.IN_REVIEW)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=80)
    read_at = models.DateTimeField(null=True, help_text="When the last text was read.")
    read_by = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.CharField(
        max_length=80, blank=True, help_text="A second person, never one who read."
    )
    returned_at = models.DateTimeField(
        null=True, help_text="When the second person last gave it back."
    )
    returned_by = models.CharField(max_length=80, blank=True)
    word = SealedTextField(null=True, help_text="What the second person said with it.")
    built_at = models.DateTimeField(null=True)
    fingerprint = models.CharField(
        max_length=64, blank=True, help_text="Digest of everything that was gathered."
    )
    tables = models.JSONField(
        default=dict, help_text="Digest of each table that was gathered, to tell what has changed."
    )
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the archive.")
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    records = models.PositiveIntegerField(default=0)
    means = models.CharField(max_length=6, choices=Means.choices, default=Means.ONLINE)
    released_at = models.DateTimeField(null=True, help_text="When it was last released.")
    released_by = models.CharField(max_length=80, blank=True)
    expires_at = models.DateTimeField(null=True, help_text="Not handed out from this moment on.")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_why = SealedTextField(null=True, help_text="For colleagues.")

    objects = PackQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "copy of data"
        verbose_name_plural = "copies of data"
        default_permissions = ("view", "change")
        permissions = [
            ("check_pack", "Can check, as the second person, what was left out of a copy")
        ]
        indexes = [
            models.Index(fields=["released_at", "id"], name="pack_released"),
            models.Index(fields=["begun_at", "id"], name="pack_begun"),
            models.Index(fields=["state", "id"], name="pack_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["reference", "number"], name="pack_numbered_once"),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(state="withdrawn"), name="pack_one_at_a_time"
            ),
            models.CheckConstraint(
                name="pack_read_by_somebody", condition=_both("read_at", "read_by")
            ),
            models.CheckConstraint(
                name="pack_checked_by_somebody", condition=_both("checked_at", "checked_by")
            ),
            models.CheckConstraint(
                name="pack_released_by_somebody", condition=_both("released_at", "released_by")
            ),
            models.CheckConstraint(
                name="pack_withdrawn_by_somebody", condition=_both("withdrawn_at", "withdrawn_by")
            ),
            models.CheckConstraint(
                name="pack_returned_with_a_word",
                condition=Q(returned_at__isnull=True, returned_by="", word__isnull=True)
                | (Q(returned_at__isnull=False, word__isnull=False) & ~Q(returned_by="")),
            ),
            models.CheckConstraint(
                name="pack_checker_is_never_the_reader",
                condition=Q(checked_by="")
                | (Q(read_at__isnull=False) & ~Q(checked_by=F("read_by"))),
            ),
            models.CheckConstraint(
                name="pack_state_has_its_people",
                condition=(
                    Q(state="in_review", read_at__isnull=True, checked_at__isnull=True)
                    | Q(state="read", read_at__isnull=False, checked_at__isnull=True)
                    | Q(state__in=["checked", "failed", "built"], checked_at__isnull=False)
                    | Q(state="released", checked_at__isnull=False, released_at__isnull=False)
                    | Q(state="withdrawn", withdrawn_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="pack_withdrawn_stays_so",
                condition=Q(withdrawn_at__isnull=True) | Q(state="withdrawn"),
            ),
            models.CheckConstraint(
                name="pack_built_before_it_is_released",
                condition=~Q(state__in=["built", "released"])
                | (Q(built_at__isnull=False, size__gt=0) & ~Q(digest="") & ~Q(fingerprint="")),
            ),
            models.CheckConstraint(
                name="pack_online_until_it_expires",
                condition=Q(released_at__isnull=True)
                | Q(means="post", expires_at__isnull=True)
                | Q(means="online", expires_at__gt=F("released_at")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="checked_by_somebody_else",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("checked_by"),  # type: ignore[no-untyped-call]  # untyped package
                condition=pgtrigger.Q(new__checked_by__df=pgtrigger.F("old__checked_by")),
                func="""
                IF NEW.checked_by <> '' AND EXISTS (
                    SELECT 1 FROM access_reading reading JOIN access_pack pack ON pack.id = reading.pack_id
                    WHERE pack.reference = NEW.reference AND reading.by = NEW.checked_by
                      AND reading.at > COALESCE((SELECT max(other.checked_at) FROM access_pack other
                          WHERE other.reference = NEW.reference AND other.checked_at < NEW.checked_at), '-infinity'))
                THEN RAISE EXCEPTION 'whoever read a text cannot check it' USING ERRCODE = 'restrict_violation'; END IF;
                RETURN NEW;
            """,
            )
        ]

    class PersonalData:
        category = "access_pack"
        subject = "customer"
        clocks = {"sent": "released_at", "begun": "begun_at"}
        conditions = {"sent": SENT, "unsent": UNSENT}
        erase = Delete()
        answering = True
        title = "Copies of your data"
        export = {
            "reference": "Reference of the request",
            "begun_at": "Begun on",
            "built_at": "Made on",
            "means": "How you got it",
            "released_at": "Released on",
            "expires_at": "Available until",
            "withdrawn_at": "Withdrawn on",
        }
        withhold = {
            "begun_by": STAFF,
            "read_by": STAFF,
            "checked_by": STAFF,
            "returned_by": STAFF,
            "released_by": STAFF,
            "withdrawn_by": STAFF,
            "word": NOBODY_ELSE,
            "withdrawn_why": "It may name another person, whose data stood in the copy by mistake.",
        }
        internal = (
            "id",
            "customer",
            "number",
            "state",
            "read_at",
            "checked_at",
            "returned_at",
            "fingerprint",
            "tables",
            "digest",
            "size",
            "records",
        )

    def __str__(self) -> str:
        return f"Copy of data {self.pk}"


class PackPart(models.Model):
    """A piece of a copy's archive, sealed. In pieces, so that nothing large is ever in memory."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    content = SealedTextField(help_text="The bytes, one character each (Latin-1).")

    class Meta:
        ordering = ["pack", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["pack", "number"], name="packpart_numbered_once")
        ]

    class PersonalData:
        category = "access_pack"
        subject = "pack__customer"
        clocks = CLOCKS
        conditions = OF_PACK
        erase = Delete()
        withhold = {"content": "The copy itself: it repeats what stands elsewhere in this file."}
        internal = ("id", "pack", "number")

    def __str__(self) -> str:
        return f"Part {self.number} of copy {self.pack_id}"


class Reading(models.Model):
    """What one person decided about one text, or about one whole record (then `field` is empty).
    Never changed.

    The latest one counts, and only while the text is still the one that was read: `digest` tells.
    """

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="readings")
    label = models.CharField(max_length=80, help_text="The model, as app.Model.")
    row = models.CharField(max_length=40, help_text="Its primary key.")
    field = models.CharField(max_length=60, blank=True)
    digest = models.UUIDField(null=True, help_text="Keyed digest of the text that was read.")
    reason = models.CharField(
        max_length=13,
        choices=OmissionReason.choices,
        blank=True,
        help_text="Why all of it is held back.",
    )
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        triggers = append_only()
        indexes = [models.Index(fields=["pack", "label", "row"], name="reading_of_record")]
        constraints = [
            models.CheckConstraint(
                name="reading_of_a_text_knows_it",
                condition=Q(field="", digest__isnull=True)
                | (~Q(field="") & Q(digest__isnull=False)),
            ),
            models.CheckConstraint(name="reading_by_somebody", condition=~Q(by="")),
        ]

    class PersonalData:
        category = "access_pack"
        subject = "pack__customer"
        clocks = CLOCKS
        conditions = OF_PACK
        erase = Delete()
        no_tipping_off = SECRET
        withhold = {"reason": NOBODY_ELSE, "by": STAFF}
        internal = ("id", "pack", "label", "row", "field", "digest", "at")

    def __str__(self) -> str:
        return f"Reading {self.pk}"


class Redaction(models.Model):
    """One passage of a text that is left out: from which character to which, and why. Never
    changed."""

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="redactions")
    start = models.PositiveIntegerField(help_text="The first character left out, counted from 0.")
    end = models.PositiveIntegerField(help_text="The first character after it.")
    reason = models.CharField(max_length=13, choices=OmissionReason.choices)

    class Meta:
        ordering = ["reading", "start"]
        default_permissions = ("view",)
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(fields=["reading", "start"], name="redaction_begins_once"),
            models.CheckConstraint(name="redaction_has_words", condition=Q(end__gt=F("start"))),
        ]

    class PersonalData:
        category = "access_pack"
        subject = "reading__pack__customer"
        clocks = {"sent": "reading__pack__released_at", "begun": "reading__pack__begun_at"}
        conditions = {
            "sent": Q(reading__pack__released_at__isnull=False),
            "unsent": Q(reading__pack__released_at__isnull=True),
        }
        erase = Delete()
        no_tipping_off = SECRET
        withhold = {"reason": NOBODY_ELSE}
        internal = ("id", "reading", "start", "end")

    def __str__(self) -> str:
        return f"Redaction {self.pk}"


class PackFetch(models.Model):
    """One time that a copy left us: fetched by its customer, or printed by a colleague who posts
    it. Never changed."""

    class How(models.TextChoices):
        DOWNLOAD = "download", "Fetched"
        PRINT = "print", "Printed for the post"

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="fetches")
    how = models.CharField(max_length=8, choices=How.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        verbose_name_plural = "pack fetches"
        triggers = append_only()
        constraints = [models.CheckConstraint(name="packfetch_by_somebody", condition=~Q(by=""))]

    class PersonalData:
        category = "access_pack"
        subject = "pack__customer"
        clocks = CLOCKS
        conditions = OF_PACK
        erase = Delete()
        answering = True
        title = "Times that a copy of your data was fetched"
        export = {"how": "How", "at": "When"}
        withhold = {"by": "Yourself, or a member of our staff."}
        internal = ("id", "pack")

    def __str__(self) -> str:
        return f"Fetch {self.pk}"
