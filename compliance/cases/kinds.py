"""The kinds of case that people can open, in everyday words. Their clocks are in `clock.rules`, by
the same code."""

from collections.abc import Callable

from django.db import models


class CaseKind(models.TextChoices):
    """What a person asks for. The code is that of the clock's rule."""

    ACCESS = "sar", "A copy of my data"
    AGENCIES = "cra_disclosure", "Which credit reference agencies were asked"
    RECTIFICATION = "rectification", "Correction"
    ERASURE = "erasure", "Erasure"
    RESTRICTION = "restriction", "Restriction of use"
    OBJECTION = "objection", "Objection to a use"
    MARKETING = "marketing_objection", "Objection to marketing"
    WITHDRAWAL = "consent_withdrawal", "Withdrawal of consent"
    PORTABILITY = "portability", "Moving data"
    REVIEW = "adm_review", "Human review of a credit decision"
    COMPLAINT = "complaint_ack", "Complaint about data protection"
    CREDIT_COMPLAINT = "fca_complaint_final", "Complaint about credit"


class Arrival(models.TextChoices):
    """How a request arrived."""

    WEB = "web", "This site"
    LETTER = "letter", "Letter"
    TELEPHONE = "telephone", "Telephone"
    EMAIL = "email", "Email"
    IN_PERSON = "in_person", "In person"
    AGENT = "agent", "Agent with authority"
    SOCIAL = "social", "Social media"


class Requester(models.TextChoices):
    """Who asks."""

    CUSTOMER = "customer", "The person themselves"
    AGENT = "agent", "Somebody acting for them"
    PARENT = "parent", "Parent or guardian"
    EXECUTOR = "executor", "Executor of an estate"


class Status(models.TextChoices):
    """Where a case stands. What may follow what is in `transitions`."""

    OPEN = "open", "To be worked on"
    WAITING = "waiting", "Waiting for the customer"
    COMPLETED = "completed", "Done"
    PARTLY = "partly", "Done in part"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    MERGED = "merged", "Part of another case"
    LAPSED = "lapsed", "Closed without an answer from the customer"


OPEN_STATUSES = (Status.OPEN, Status.WAITING)

NEVER_ASK_IDENTITY = (
    CaseKind.MARKETING,
    CaseKind.WITHDRAWAL,
)  # UK GDPR Articles 7(3) and 21(2): at once, as easy as giving
NEVER_LAPSE = (
    CaseKind.MARKETING,
    CaseKind.WITHDRAWAL,
    CaseKind.OBJECTION,
    CaseKind.COMPLAINT,
    CaseKind.CREDIT_COMPLAINT,
    CaseKind.AGENCIES,
)
NEVER_REFUSED = (
    CaseKind.MARKETING,
    CaseKind.WITHDRAWAL,
    CaseKind.COMPLAINT,
    CaseKind.CREDIT_COMPLAINT,
)


class EventKind(models.TextChoices):
    """What can happen to a case. Those of the first block move its clock (see `clock.events`)."""

    RECEIVED = "received", "Received"
    ID_REQUESTED = "id_requested", "Proof of identity asked for"
    ID_RECEIVED = "id_received", "Proof of identity received"
    AUTHORITY_REQUESTED = "authority_requested", "Authority asked for"
    AUTHORITY_RECEIVED = "authority_received", "Authority received"
    FEE_REQUESTED = "fee_requested", "Fee asked for"
    FEE_PAID = "fee_paid", "Fee paid"
    PAUSED = "paused", "Clarification asked for"
    RESUMED = "resumed", "Clarification received"
    EXTENDED = "extended", "Notice of extension sent"
    NEGOTIATIONS_ENDED = "negotiations_ended", "Credit negotiations ended"

    DUE_CHANGED = "due_changed", "Due date worked out"
    IDENTIFIED = "identified", "Identity proved"
    MATCHED = "matched", "Matched to a customer"
    ASSIGNED = "assigned", "Assigned"
    NOTED = "noted", "Internal note"
    WRITTEN = "written", "Message to the customer"
    HEARD = "heard", "Message from the customer"
    ATTACHED = "attached", "File added"
    EFFECT = "effect", "Carried out"
    REMINDED = "reminded", "Reminder sent"
    COMPLETED = "completed", "Completed"
    REFUSED = "refused", "Refused"
    PARTLY = "partly", "Completed in part"
    WITHDRAWN = "withdrawn", "Withdrawn by the customer"
    MERGED = "merged", "Merged with another case"
    LAPSED = "lapsed", "Closed without an answer"
    REOPENED = "reopened", "Opened again"


DONE = {
    "prepare_copy": "We began the copy of your data",
    "release_copy": "We released the copy of your data",
    "withdraw_copy": "We took the copy of your data back",
    "agencies": "We looked up which agencies we asked",
    "nothing_held": "We searched for data about you",
    "review": "A person looked at the decision afresh",
    "complaint": "We looked into your complaint",
    "erase": "We erased data",
    "stop_marketing": "We stopped marketing",
    "objection": "We weighed your objection",
    "make_file": "We made a file with your data",
    "correct": "We corrected your data",
    "statement": "We kept your statement",
    "restrict": "We restricted the use of your data",
    "lift": "We ended a restriction",
}


def effects_in_words() -> Callable[[str], str]:
    """The function from the code of what was carried out to words for the person."""
    return lambda code: DONE.get(code) or code.replace("_", " ").capitalize()
