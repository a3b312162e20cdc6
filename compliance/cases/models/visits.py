"""Following a request by its reference and a one-time code: the code that was asked for, and the
short visit it opens.

The prover need not be a customer of ours, so this is no proof of who somebody is
(`customers.identity.visits` is): it shows that they read what is sent to the address of one case,
and opens that case alone.
"""

import uuid

from django.db import models
from django.db.models import Q

from compliance.cases.models.case import Case
from privacy.declarations import Delete
from privacy.fields import SealedTextField


class StatusAttempt(models.Model):
    """Somebody asked for a code to follow a request, from one browser. Whether there is such a
    request shows only in `case`.

    The page stores what was typed and nothing else; a job looks for the case, blanks what was typed
    and sends the code.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_digest = models.UUIDField(
        unique=True, editable=False, help_text="A keyed hash of the browser's cookie."
    )
    given = SealedTextField(
        null=True, help_text="What was typed, as JSON; blank once it was looked up."
    )
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="status_attempts")
    contact_digest = models.UUIDField(
        null=True, editable=False, help_text="A keyed hash of where the code went."
    )
    letter_digest = models.UUIDField(null=True, unique=True, editable=False)
    code_digest = models.UUIDField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    looked_up_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["expires_at", "id"], name="statusattempt_expiry"),
            models.Index(
                fields=["asked_at"],
                name="statusattempt_waiting",
                condition=Q(looked_up_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="statusattempt_forgets_what_was_typed",
                condition=Q(looked_up_at__isnull=True) | Q(given__isnull=True),
            ),
            models.CheckConstraint(
                name="statusattempt_code_is_of_a_case",
                condition=Q(code_digest__isnull=True)
                | Q(case__isnull=False, contact_digest__isnull=False),
            ),
        ]

    class PersonalData:
        category = "proof"
        title = "Codes to follow a request"
        answering = True
        subject = "case__customer"
        clocks = {"expiry": "expires_at"}
        erase = Delete()
        export = {"asked_at": "Code asked for", "used_at": "Used"}
        withhold = {
            "given": "What was typed, kept until it is looked up; it may be somebody else’s.",
            "token_digest": "A keyed hash of the cookie.",
            "letter_digest": "A keyed hash of the letter’s number.",
            "code_digest": "A keyed hash of the code.",
            "contact_digest": "A keyed hash of where the code went.",
        }
        internal = ("id", "case", "tries", "looked_up_at", "expires_at")

    def __str__(self) -> str:
        return f"Status attempt {str(self.pk)[:8]}"


class StatusVisit(models.Model):
    """A browser whose visitor gave the code of one case, for a short time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="status_visits")
    token_digest = models.UUIDField(
        unique=True, editable=False, help_text="A keyed hash of the browser's cookie."
    )
    browser_digest = models.UUIDField(
        editable=False, help_text="A keyed hash of what the browser calls itself."
    )
    contact_digest = models.UUIDField(
        editable=False, help_text="A keyed hash of the address that the code went to."
    )
    proved_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(
        help_text="Over from this moment on; set to now when it is ended."
    )

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["expires_at", "id"], name="statusvisit_expiry")]

    class PersonalData:
        category = "proof"
        title = "Visits to follow a request"
        answering = True
        subject = "case__customer"
        clocks = {"expiry": "expires_at"}
        erase = Delete()
        export = {"proved_at": "Code given", "last_seen_at": "Last seen"}
        withhold = {
            "token_digest": "A keyed hash of the cookie.",
            "browser_digest": "A keyed hash of the browser’s name.",
            "contact_digest": "A keyed hash of where the code went.",
        }
        internal = ("id", "case", "expires_at")

    def __str__(self) -> str:
        return f"Status visit {str(self.pk)[:8]}"
