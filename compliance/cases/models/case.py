"""A request as a case: what was asked, where it stands, when its answer is due, and everything that
happened to it."""

import json
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from compliance.cases.kinds import COMPLAINTS, Arrival, CaseKind, CaseStatus, EventKind, Requester
from compliance.cases.models.guard import by_the_table
from compliance.cases.rights import RIGHTS
from customers.jurisdictions import Jurisdiction
from customers.models import Customer
from privacy.append_only import append_only
from privacy.declarations import EVERY_ROW, Delete
from privacy.fields import SealedTextField
from privacy.words import json_in_words

OPEN = Q(closed_at__isnull=True)

CODES = "What was chosen"  # among the details: “purposes:fraud-prevention”


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        """The cases that wait for an answer: not closed."""
        return self.filter(OPEN)


class Case(models.Model):
    """One request of one person. Every change of its state or clock is also an event (see
    CaseEvent).

    The due date is stored with the version of the rule that gave it. Everything that shows, lists,
    counts, exports or reminds goes by that stored date and by one function (`buckets`).
    """

    reference = models.CharField(
        max_length=20, unique=True, help_text="Told to the person; it cannot be guessed."
    )
    token = models.UUIDField(
        unique=True, help_text="One for each form shown: the same twice is one case."
    )
    kind = models.CharField(max_length=20, choices=CaseKind.choices)
    channel = models.CharField(max_length=10, choices=Arrival.choices)
    requester = models.CharField(
        max_length=8, choices=Requester.choices, default=Requester.CUSTOMER
    )
    status = models.CharField(max_length=9, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    received_at = models.DateTimeField(
        help_text="When it reached any part of the organisation; never taken from the public."
    )
    received_on = models.DateField(help_text="The day of that in London.")
    recorded_at = models.DateTimeField(auto_now_add=True)
    jurisdiction = models.CharField(max_length=20, choices=Jurisdiction.choices)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="cases")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="cases"
    )

    name = SealedTextField(null=True)
    requester_name = SealedTextField(null=True, help_text="Of whoever asks for somebody else.")
    customer_number = SealedTextField(null=True)
    email = SealedTextField(null=True)
    phone = SealedTextField(null=True)
    address = SealedTextField(null=True)
    words = SealedTextField(null=True, help_text="What they asked, in their words.")
    details = SealedTextField(null=True, help_text="What the form of this kind asks for, as JSON.")

    # The clock, as it was last worked out (`actions.clock.apply`).
    start_on = models.DateField(null=True)
    due_on = models.DateField(
        null=True,
        help_text="Empty while the clock waits or is paused, and when there is no last day.",
    )
    target_on = models.DateField(null=True)
    review_on = models.DateField(
        null=True, help_text="When to look again while there is no last day."
    )
    extension_until = models.DateField(
        null=True, help_text="The last day on which a notice of extension counts."
    )
    extended = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)
    rule_version = models.CharField(max_length=60)
    examined_from = models.DateField(
        null=True, help_text="A bank holiday between these days may move the due date."
    )
    examined_to = models.DateField(null=True)

    identified_at = models.DateTimeField(
        null=True, help_text="When it was clear that the requester is who they say."
    )
    identified_by = models.CharField(
        max_length=80, blank=True, help_text="customer:ID after a one-time code, or staff:ID."
    )
    outcome_ground = models.SlugField(
        max_length=40, blank=True, help_text="Why it was refused, whole or in part."
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    closed_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = "request"
        default_permissions = ("view", "add", "change")
        triggers = [by_the_table()]
        indexes = [
            models.Index(
                F("due_on").asc(nulls_last=True), "id", name="case_open_due", condition=OPEN
            ),
            models.Index(
                fields=["closed_on", "id"], name="case_closed", condition=Q(closed_on__isnull=False)
            ),
            models.Index(
                fields=["closed_on", "id"],
                name="case_closed_late",
                condition=Q(closed_on__gt=F("due_on")),
            ),
            models.Index(
                fields=["examined_from", "examined_to"], name="case_examined", condition=OPEN
            ),
            models.Index(fields=["assignee", "due_on"], name="case_assignee_open", condition=OPEN),
            models.Index(fields=["kind", "status"], name="case_kind_status_open", condition=OPEN),
            models.Index(fields=["kind", "received_on"], name="case_kind_received"),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_closed_when_finished",
                condition=Q(
                    status__in=["open", "waiting"], closed_at__isnull=True, closed_on__isnull=True
                )
                | (
                    ~Q(status__in=["open", "waiting"])
                    & Q(closed_at__isnull=False, closed_on__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="case_merged_names_the_other",
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="case_refused_names_its_ground",
                condition=~Q(status__in=["refused", "partly"]) | ~Q(outcome_ground=""),
            ),
            models.CheckConstraint(
                name="case_marketing_is_never_refused",
                condition=~Q(
                    kind__in=[right.code for right in RIGHTS if right.anybody_may],
                    status__in=["refused", "partly", "lapsed"],
                ),
            ),
            models.CheckConstraint(
                name="case_pause_is_for_access",
                condition=Q(paused=False)
                | Q(kind__in=[right.code for right in RIGHTS if right.may_pause]),
            ),
            models.CheckConstraint(
                name="case_paused_has_no_due_date",
                condition=Q(paused=False) | Q(due_on__isnull=True),
            ),
            models.CheckConstraint(
                name="case_identified_by_somebody",
                condition=Q(identified_at__isnull=True, identified_by="")
                | (Q(identified_at__isnull=False) & ~Q(identified_by="")),
            ),
            models.CheckConstraint(
                name="case_received_before_it_was_recorded",
                condition=Q(recorded_at__gte=F("received_at")),
            ),
        ]

    class PersonalData:
        category = "rights_request"
        subject = "customer"
        clocks = {"closed": "closed_on"}
        dealings = {"received_on": EVERY_ROW}
        conditions = {
            "request": ~Q(kind__in=COMPLAINTS),
            "complaint": Q(kind__in=COMPLAINTS),
        }
        erase = Delete()
        needs_person = OPEN
        export = {
            "reference": "Reference",
            "kind": "What you asked for",
            "channel": "How it came",
            "requester": "Who asked",
            "status": "Where it stands",
            "received_at": "Received",
            "name": "Name",
            "customer_number": "Customer number",
            "email": "Email address",
            "phone": "Telephone number",
            "address": "Postal address",
            "words": "Your words",
            "details": "What you told us",
            "due_on": "To be answered by",
            "closed_on": "Closed on",
        }
        review = (
            "email",
            "phone",
            "address",
            "words",
            "details",
        )  # those of somebody who acts for the person, it may be
        own = ("name", "customer_number")
        words = {"details": json_in_words}
        redact = {
            "requester_name": "Asked for you by",
            "identified_by": "Made sure who asks",
            "assignee": "Works on it",
        }
        title = "Requests and complaints"
        answering = True
        internal = (
            "id",
            "token",
            "received_on",
            "recorded_at",
            "jurisdiction",
            "customer",
            "start_on",
            "target_on",
            "review_on",
            "extension_until",
            "extended",
            "paused",
            "rule_version",
            "examined_from",
            "examined_to",
            "identified_at",
            "outcome_ground",
            "merged_into",
            "closed_at",
        )

    def __str__(self) -> str:
        return f"Case {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer."""
        return self.closed_at is None

    @property
    def person(self) -> Customer:
        """The customer of a case that was matched to one. ValueError for any other."""
        if self.customer is None:
            raise ValueError(f"{self} is matched to nobody.")
        return self.customer

    @property
    def given(self) -> dict[str, Any]:
        """Everything that is kept of the form of this kind."""
        return dict(json.loads(self.details)) if self.details else {}

    @property
    def facts(self) -> dict[str, Any]:
        """What the form of this kind asked for, in words."""
        return {name: said for name, said in self.given.items() if name != CODES}

    def codes(self, name: str) -> list[str]:
        """What was chosen of one sort (`channels`, `senders`, `purposes`), for what carries it
        out."""
        pairs = (one.partition(":") for one in self.given.get(CODES, ()))
        return [code for sort, _, code in pairs if sort == name]


class CaseEvent(models.Model):
    """One thing that happened to a case: who, when, why. Never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    at = models.DateTimeField(help_text="When it was written down.")
    on = models.DateField(
        help_text="The day on which it happened, in London: what the clock counts."
    )
    by = models.CharField(max_length=80, help_text="staff:ID, customer:ID or job:NAME.")
    codes = models.JSONField(
        default=dict, help_text="Dates, codes and versions; no personal value."
    )
    text = SealedTextField(null=True, help_text="A reason or a note, for colleagues.")

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["case", "id"], name="caseevent_case")]
        triggers = append_only(but=("text",))

    class PersonalData:
        category = "rights_request"
        subject = "case__customer"
        clocks = {"closed": "case__closed_on"}
        conditions = {
            "request": ~Q(case__kind__in=COMPLAINTS),
            "complaint": Q(case__kind__in=COMPLAINTS),
        }
        erase = Delete()
        export = {"at": "When", "kind": "What happened", "text": "What we noted"}
        review = ("text",)
        redact = {"by": "By"}
        withhold = {
            "codes": "Dates and codes from which a due date is worked out; the date itself is "
            "shown."
        }
        title = "Steps of your requests"
        answering = True
        internal = ("id", "case", "on")

    def __str__(self) -> str:
        return f"Event {self.pk} ({self.kind})"


class Attachment(models.Model):
    """One file with a case: the scan of a letter, an authority, proof of identity. Sealed; served
    only as a download."""

    class Purpose(models.TextChoices):
        LETTER = "letter", "Letter"
        AUTHORITY = "authority", "Authority"
        IDENTITY = "identity", "Proof of identity"
        OTHER = "other", "Other"

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    purpose = models.CharField(max_length=9, choices=Purpose.choices)
    name = SealedTextField(help_text="As the sender called it.")
    media_type = models.CharField(max_length=60, help_text="As its content shows, not its name.")
    size = models.PositiveIntegerField(help_text="Bytes.")
    content = SealedTextField(help_text="The bytes, one character each (Latin-1).")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)
    checked_on = models.DateField(
        null=True, help_text="When proof of identity was looked at: its period begins then."
    )

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view", "add")
        indexes = [
            models.Index(
                fields=["checked_on", "id"],
                name="attachment_checked",
                condition=Q(checked_on__isnull=False),
            )
        ]

    class PersonalData:
        category = "request_file"
        subject = "case__customer"
        clocks = {"closed": "case__closed_on", "checked": "checked_on"}
        conditions = {
            "identity": Q(purpose="identity", checked_on__isnull=False),
            "identity_unchecked": Q(purpose="identity", checked_on__isnull=True),
            "file": ~Q(purpose="identity"),
        }
        erase = Delete()
        export = {"purpose": "What it is", "name": "Name of the file", "added_at": "Received"}
        review = ("name",)
        redact = {"added_by": "Added by"}
        withhold = {
            "content": "The file itself: you, or whoever acts for you, sent it. Ask us if you "
            "need it back."
        }
        title = "Files with your requests"
        internal = ("id", "case", "media_type", "size", "checked_on")

    def __str__(self) -> str:
        return f"Attachment {self.pk} ({self.purpose})"
