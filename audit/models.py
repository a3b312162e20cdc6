"""The audit trail: what happened, who did it, when. Append-only and hash-chained by the database
itself.

The triggers of migration 0001 give each row its number and digest under one lock as its transaction
ends, refuse every
UPDATE, DELETE and TRUNCATE, and leave one way out for expired rows: the function
`audit_remove_expired`, which keeps the digest of the last row it removed so that the chain still
verifies. No foreign keys, so nothing cascades into it and it blocks nothing.
"""

from django.db import models

from privacy.declarations import Routine

LOG = (
    "It proves that nobody hides what they did. What was done with your data stands in the "
    "records themselves."
)


class Entry(models.Model):
    """One event. Holds ids, codes, counts and field names; never a personal value."""

    number = models.BigIntegerField(primary_key=True, editable=False)
    at = models.DateTimeField(editable=False)
    actor = models.CharField(max_length=80, help_text="staff:ID, job:NAME or customer:ID")
    event = models.CharField(max_length=60)
    subject = models.UUIDField(
        null=True, help_text="The data subject's id, which outlives the person's data."
    )
    facts = models.JSONField(default=dict)
    previous = models.BinaryField(editable=False)
    digest = models.BinaryField(editable=False)

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "entries"
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["at"], name="audit_entry_at"),
            models.Index(
                fields=["subject", "number"],
                name="audit_entry_subject",
                condition=models.Q(subject__isnull=False),
            ),
            models.Index(fields=["event", "number"], name="audit_entry_event"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor__regex=r"^(staff|job|customer):."),
                name="audit_entry_actor_named",
            ),
        ]

    class PersonalData:
        category = "audit_trail"
        subject = ""
        clocks = {"recorded": "at"}
        erase = Routine("audit_remove_expired")
        title = "Log of what was done"
        withhold = {"at": LOG, "facts": LOG, "actor": "A member of our staff, or a program."}
        internal = ("number", "event", "subject", "previous", "digest")

    def __str__(self) -> str:
        return f"{self.number} {self.event}"


class NewEntry(models.Model):
    """An entry until its transaction ends: then a deferred trigger chains it, and this row is gone.
    So the head of the chain is the last lock that a transaction takes."""

    actor = models.CharField(max_length=80)
    event = models.CharField(max_length=60)
    subject = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor__regex=r"^(staff|job|customer):."),
                name="audit_newentry_actor_named",
            ),
        ]

    class NotPersonal:
        reason = "Empty but for the entries of the transaction under way."

    def __str__(self) -> str:
        return f"new: {self.event}"


class ChainHead(models.Model):
    """The one row that carries the chain's end (and, once entries expired, its start). Kept by the
    triggers alone."""

    number = models.BigIntegerField()
    digest = models.BinaryField()
    removed_number = models.BigIntegerField(default=0)
    removed_digest = models.BinaryField(default=b"")

    class Meta:
        default_permissions = ()

    class NotPersonal:
        reason = "Counters and digests of the audit chain."

    def __str__(self) -> str:
        return f"chain at {self.number}"
