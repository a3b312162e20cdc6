"""Customers put their own contact details right: one act, recorded as the rectification that it is
(UK GDPR Article 16).

The request is opened, carried out and answered in one transaction, through the same actions as on
the desk: the log, the figures and the recipients to be told (Article 19) are the same. Whoever
could be written to before learns of it.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.db import transaction

from audit.actions import Refused
from compliance import outcomes
from compliance.cases import promises
from compliance.cases.actions.opening import open_case, wait_for
from compliance.cases.kinds import Arrival, CaseKind
from compliance.cases.models import Case
from compliance.casework.actions import work
from compliance.outcomes.corrections import Changes
from customers import erasure_lock
from customers.contact_words import CONTACT_NOUNS
from customers.identity.models import CustomerVisit
from customers.matching import Given
from customers.models import ContactPoint, Customer
from customers.outbox import messages
from customers.outbox.models import Message
from privacy import seal

WRITES_TO = ("email", "address")
LAST_ONE = (
    "This is the only address at which we can write to you, and you need one to show who you "
    "are. Give another one "
    "first, or change this one."
)
TOLD = (
    "Customer proved who they are on this site, and read it there: there is no address to write to."
)


@dataclass(frozen=True)
class ContactWish:
    """What is to be different: a value instead of the contact point `replaces`, or a further one;
    no value ends it."""

    kind: str
    value: str = ""
    replaces: int | None = None

    @property
    def does(self) -> str:
        """What happens to the contact detail, in one word."""
        if self.replaces is None:
            return "added"
        return "changed" if self.value else "removed"


@transaction.atomic
def change(
    customer: Customer,
    wish: ContactWish,
    *,
    form: uuid.UUID,
    visit: CustomerVisit,
    now: datetime.datetime,
) -> Case:
    """Do what a proven customer wishes, and return the request as which it is recorded, answered
    already.

    The same `form` and wish again is the same request. Refused when nothing would be different,
    when it was changed meanwhile (by a colleague, or in another window), and for the last address
    at which we can write to them. Every other visit of theirs ends, and every code that is still on
    its way: they may be in the hands of whoever reads the old address.
    """
    erasure_lock.exclusive()  # before any row is locked
    token = seal.lookup_hash("own_contact_change", f"{customer.pk} {form} {wish!r}")
    wait_for(token)
    if known := Case.objects.filter(token=token).first():
        return known
    customer = Customer.objects.lock_living(customer.pk, refusal="Your data was erased.")
    _keep_a_way(customer, wish)
    by, before = f"customer:{customer.pk}", _emails(customer)
    case = open_case(
        kind=CaseKind.RECTIFICATION,
        channel=Arrival.WEB,
        given=Given(),
        token=token,
        by=by,
        now=now,
        customer=customer,
        identified=True,
        details={
            "What it is about": f"My {CONTACT_NOUNS[wish.kind]}",
            "How": "You did it yourself under “My data”.",
        },
    )
    if wish.replaces is None:
        changes = Changes(add=[(wish.kind, wish.value)])
    else:
        changes = Changes(replace={wish.replaces: wish.value or None})
    given = {"changes": changes, "visit": visit}
    outcomes.carry_out(case, "correct", given, by=by, now=now, token=uuid.uuid5(token, "correct"))
    _tell(customer, wish, case, before=before, by=by, now=now)
    return _answered(case, wish, by=by, now=now)


def _keep_a_way(customer: Customer, wish: ContactWish) -> None:
    """Refuse to end the last contact detail at which the person can be written to."""
    if wish.value or wish.kind not in WRITES_TO:
        return
    left = (
        ContactPoint.objects.in_use()
        .filter(customer=customer, kind__in=WRITES_TO)
        .exclude(pk=wish.replaces or 0)
    )
    if not left.exists():
        raise Refused(LAST_ONE)


def _emails(customer: Customer) -> dict[int, str]:
    points = ContactPoint.objects.in_use().filter(customer=customer, kind="email")
    return dict(points.values_list("pk", "value"))


def _tell(
    customer: Customer,
    wish: ContactWish,
    case: Case,
    *,
    before: dict[int, str],
    by: str,
    now: datetime.datetime,
) -> None:
    """Say so at every email address that stays in use. The one that was replaced is told by
    `correcting`."""
    words = messages.render(
        "details_changed",
        {
            "what": CONTACT_NOUNS[wish.kind],
            "does": wish.does,
            "reference": case.reference,
            "put_back_within": promises.PUT_BACK.words,
        },
    )
    for pk, address in before.items():
        if pk != wish.replaces:
            messages.queue(
                kind="contact_changed",
                key=f"details_changed:{case.pk}:{pk}",
                recipient=address,
                customer=customer,
                means=Message.Means.EMAIL,
                by=by,
                now=now,
                **words,
            )


def _answered(case: Case, wish: ContactWish, *, by: str, now: datetime.datetime) -> Case:
    """Complete the request, with a letter where there is an address for one."""
    text = (
        f"Your {CONTACT_NOUNS[wish.kind]} was {wish.does} under “My data” on our site, by somebody who "
        "gave a one-time code of "
        "yours. If that was not you, tell us at once: answer this message, or call us."
    )
    try:
        return work.complete(case, text=text, by=by, now=now)
    except Refused:  # there is nowhere to write to
        return work.complete(case, text=TOLD, by=by, now=now, write=False)
