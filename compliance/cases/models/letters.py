"""What we wrote about a case, and the wordings that it was written in."""

from django.db import models

from compliance.cases.kinds import COMPLAINTS
from compliance.cases.models.case import Case
from customers.outbox.models import Message
from privacy.append_only import append_only
from privacy.declarations import Delete


class Letter(models.TextChoices):
    """The letters that a case can need."""

    ACKNOWLEDGEMENT = "acknowledgement", "Acknowledgement"
    IDENTITY = "identity", "Who are you?"
    AUTHORITY = "authority", "May you act for them?"
    FEE = "fee", "A fee"
    CLARIFICATION = "clarification", "A question about the request"
    EXTENSION = "extension", "We need longer"
    REFUSAL = "refusal", "Refusal"
    PARTLY = "partly", "Done in part"
    COMPLETION = "completion", "Answer"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LAPSED = "lapsed", "Closed without an answer"
    COMPLAINT_ACKNOWLEDGEMENT = "complaint_acknowledgement", "Acknowledgement of a complaint"
    COMPLAINT_OUTCOME = "complaint_outcome", "Outcome of a complaint"
    AGENCIES = "agencies", "Credit reference agencies"
    REMINDER = "reminder_to_customer", "Reminder"
    MESSAGE = "message", "Message"


class LetterWording(models.Model):
    """One version of the words of one letter, frozen for good. The latest is the one in use."""

    letter = models.CharField(max_length=30, choices=Letter.choices)
    number = models.PositiveIntegerField(help_text="1, 2, 3 ... for each letter.")
    blocks = models.JSONField(help_text="The words, block by block, with their placeholders.")
    shipped = models.BooleanField(
        help_text="It came with this version of the program; nobody here wrote it."
    )
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=80, help_text="staff:ID or job:NAME.")
    why = models.TextField()

    class Meta:
        ordering = ["letter", "-number"]
        verbose_name_plural = "letters about cases"
        default_permissions = ("view", "add")
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="letterwording_number")
        ]
        triggers = append_only()

    class NotPersonal:
        reason = "Our own words, the same for everybody; ids of staff."

    def __str__(self) -> str:
        return f"{self.get_letter_display()}, version {self.number}"


class CaseMessage(models.Model):
    """One letter or email about a case. Its words, and the PDF of a letter, are sealed in the
    message itself."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="messages")
    letter = models.CharField(max_length=30, choices=Letter.choices)
    number = models.PositiveIntegerField(
        help_text="The first, second ... of this letter in this case."
    )
    wording = models.ForeignKey(LetterWording, models.PROTECT, related_name="messages")
    message = models.OneToOneField(Message, models.PROTECT, related_name="of_case")
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=80, help_text="staff:ID, customer:ID or job:NAME.")

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["case", "letter", "number"], name="casemessage_once")
        ]
        triggers = append_only()

    class PersonalData:
        category = "rights_request"
        subject = "case__customer"
        clocks = {"closed": "case__closed_on"}
        conditions = {
            "request": ~models.Q(case__kind__in=COMPLAINTS),
            "complaint": models.Q(case__kind__in=COMPLAINTS),
        }
        erase = Delete()
        export = {"letter": "What we wrote about your request", "written_at": "Written on"}
        redact = {"written_by": "Written by"}
        title = "Letters about your requests"
        answering = True
        internal = ("id", "case", "number", "wording", "message")

    def __str__(self) -> str:
        return f"{self.get_letter_display()} {self.number} of case {self.case_id}"
