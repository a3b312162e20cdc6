"""Writing down that something about somebody was passed on, where no act of the portal and no file says
so: to a collector, an insurer, the ombudsman, a court."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from audit import events
from audit.actions import AlreadyDone, Refused
from compliance.disclosures.models import FITS, HANDED_ON, Disclosure, DisclosureKind
from compliance.register.models import Recipient
from customers.models import Customer
from privacy.free_text import mask_cards


@transaction.atomic
def write_down(
    customer: Customer,
    *,
    token: uuid.UUID,
    kind: str,
    recipient: str,
    on: datetime.date,
    purpose: str,
    detail: str,
    by: str,
    now: datetime.datetime,
) -> Disclosure:
    """Enter in the log that data went to a recipient of the register on a day (in London), under
    the name that it had then.

    Refused for a day to come, for a recipient that the register did not know on that day, and for
    one of another sort than the kind; AlreadyDone for a form that was sent before.
    """
    customer = Customer.objects.lock_living(customer.pk)
    if on > timezone.localdate(now):
        raise Refused("That day has yet to come.")
    found = Recipient.objects.on(on).filter(code=recipient).order_by("-valid_from").first()
    if found is None:
        raise Refused("The register knew no such recipient on that day.")
    given = DisclosureKind(kind)
    if given not in HANDED_ON or found.kind not in FITS[given]:
        raise Refused(f"{found.name} is of another kind: choose what fits it.")
    reference = f"desk-{token}"
    if Disclosure.objects.filter(reference=reference).exists():
        raise AlreadyDone("That is in the log already. Nothing was changed.")
    row = Disclosure.objects.create(
        customer=customer,
        kind=given,
        reference=reference,
        occurred_on=on,
        recipient=recipient,
        recipient_name=found.name,
        purpose=purpose,
        detail=mask_cards(detail.strip()),
    )
    events.disclosure_written_down(
        by=by, subject=customer.pk, kind=str(given), recipient=recipient, disclosure=row.pk
    )
    return row
