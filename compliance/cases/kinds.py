"""The kinds of case that people can open, and the other codes that are stored with a case."""

from collections.abc import Callable
from typing import Any, cast

from django.db import models

from compliance.cases.rights import FILES, RIGHTS

# What a person asks for: one member for each file in `rights`, such as `CaseKind.ACCESS`. It is made
# when the program starts, so a type checker sees no class here: a kind is its code, a `str`.
CaseKind: Any = cast(Any, models.TextChoices)(
    "CaseKind", {name.upper(): (right.code, right.label) for name, right in FILES.items()}
)
COMPLAINTS = tuple(right.code for right in RIGHTS if right.complaint)


# The question of a form by which somebody asks for large print, Braille or the like.
NEEDS = "Another form that you can read best"


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
    EXECUTOR = "executor", "Somebody who writes about a person who died"


class CaseStatus(models.TextChoices):
    """Where a case stands. What may follow what is in `transitions`."""

    OPEN = "open", "To be worked on"
    WAITING = "waiting", "Waiting for the customer"
    COMPLETED = "completed", "Done"
    PARTLY = "partly", "Done in part"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    MERGED = "merged", "Part of another case"
    LAPSED = "lapsed", "Closed without an answer from the customer"


OPEN_STATUSES = (CaseStatus.OPEN, CaseStatus.WAITING)


class EventKind(models.TextChoices):
    """What can happen to a case. Those of the first block move its clock (see `clock.events`)."""

    RECEIVED = "received", "Received"
    ID_REQUESTED = "id_requested", "Proof of identity asked for"
    ID_RECEIVED = "id_received", "Proof of identity received"
    AUTHORITY_REQUESTED = "authority_requested", "Authority asked for"
    AUTHORITY_RECEIVED = "authority_received", "Authority received"
    FEE_REQUESTED = "fee_requested", "Fee asked for"
    FEE_PAID = "fee_paid", "Fee paid"
    ID_NOT_NEEDED = "id_not_needed", "Proof of identity not needed after all"
    AUTHORITY_NOT_NEEDED = "authority_not_needed", "Authority not needed after all"
    FEE_NOT_NEEDED = "fee_not_needed", "Fee not due after all"
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


def effects_in_words() -> Callable[[str], str]:
    """The function from the code of what was carried out to words for the person."""
    done = {code: words for right in RIGHTS for code, words in right.carried_out.items()}
    return lambda code: done.get(code) or code.replace("_", " ").capitalize()
