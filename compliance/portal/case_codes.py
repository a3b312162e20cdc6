"""The one-time code of one case: what reference was typed, where its code goes, whose visit it is.

Whoever gives it need not be a customer of ours: it shows only that they read what is sent to the
address of that request. How codes are asked for, sent and tried stands in `customers/identity/`.
"""

import re
import uuid
from collections.abc import Mapping

from django.http import HttpRequest

from audit import events
from audit.actions import Refused
from compliance.cases.models import Case, CaseChallenge, CaseVisit
from compliance.letters import WhereTo, recipient
from compliance.preferences.references import ALPHABET
from customers.identity import visits
from customers.identity.subjects import Destination, Subject
from customers.models import contact_key
from customers.outbox.models import Message
from privacy import seal

SIGNS = re.compile(rf"[{ALPHABET}]{{12}}")
Means = Message.Means


class CaseSubject(Subject[CaseChallenge, CaseVisit]):
    """A visitor reads what is sent to the address of one case."""

    code, message, code_page = "case", "status_code", "portal:status_code"
    actor = events.job("status_proof")
    trail_names_unsent = True
    challenges, visits = CaseChallenge, CaseVisit

    def find(self, given: Mapping[str, str]) -> Destination | None:
        """Where the letters of the case with this `reference` go."""
        if not given.get("reference"):
            return None
        locked = Case.objects.select_for_update(of=("self",))
        case = locked.filter(reference=given["reference"]).first()
        if case is None:
            return None
        try:
            where = recipient(case)
        except Refused:
            return Destination(of=case)
        return Destination(
            of=case,
            means=where.means,
            recipient=where.lines if where.means == Means.LETTER else where.address,
            customer=where.customer,
            sent_to=contact_digest(where),
            words={"reference": case.reference, "greeting": where.greeting},
        )

    def person(self, of: Case) -> uuid.UUID | None:
        return of.customer_id

    def can_open(self, challenge: CaseChallenge) -> bool:
        return challenge.case is not None and challenge.contact_digest is not None

    def record_opened(self, visit: CaseVisit) -> None:
        events.case_step(
            by=self.actor,
            subject=visit.case.customer_id,
            case=visit.case_id,
            step="followed",
            visit=visit.pk,
        )


CASE = CaseSubject()


def reference_in(typed: str) -> str:
    """A reference as we write it, from however somebody typed it; an empty text when it is none."""
    signs = re.sub(r"[^0-9A-Z]", "", typed.upper())
    signs = signs.removeprefix("R") if len(signs) == 13 else signs
    return f"R-{signs[:4]}-{signs[4:8]}-{signs[8:]}" if SIGNS.fullmatch(signs) else ""


def contact_digest(where: WhereTo) -> uuid.UUID:
    """A keyed hash of an address to which letters go, the same for two spellings of it."""
    return point_digest("email" if where.means == Means.EMAIL else "address", where.address)


def point_digest(kind: str, value: str) -> uuid.UUID:
    """The same for one contact point, of a kind as in `ContactPoint.Kind`."""
    try:
        key = contact_key(kind, value)
    except ValueError:
        key = value.casefold()
    return seal.lookup_hash("status_contact", f"{kind}:{key}")


def visit_of(request: HttpRequest) -> CaseVisit | None:
    """The running visit of a case that a request's cookie names, with its case. One query, and none
    without the cookie."""
    found: CaseVisit | None = visits.named_by(
        request, CaseVisit.objects.select_related("case__customer")
    )
    return found
