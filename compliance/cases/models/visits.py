"""Following a request by its reference and a one-time code: the code that was asked for, and the
short visit it opens.

The prover need not be a customer of ours, so this is no proof of who somebody is (a
`CustomerVisit` is): it shows that they read what is sent to the address of one case, and opens that
case alone.
"""

from django.db import models
from django.db.models import Q

from compliance.cases.models.case import Case
from customers.identity.models import Challenge, Visit
from privacy.declarations import Delete


class CaseChallenge(Challenge):
    """A code by which somebody follows one case. Whether there is such a case shows only in
    `case`."""

    OF, SENT_TO = "case", "contact_digest"

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="challenges")
    contact_digest = models.UUIDField(
        null=True, editable=False, help_text="A keyed hash of where the code went."
    )

    class Meta(Challenge.Meta):
        constraints = [
            *Challenge.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_code_is_of_a_case",
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


class CaseVisit(Visit):
    """A visit of somebody who gave the code of one case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="visits")
    contact_digest = models.UUIDField(
        editable=False, help_text="A keyed hash of the address that the code went to."
    )

    class Meta(Visit.Meta):
        pass

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
