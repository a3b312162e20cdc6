"""Taking in a request, however it came: the case, what the law wants at once, and the
acknowledgement. An email about somebody who died comes this way by itself."""

import contextlib
import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from audit.actions import Refused
from compliance import letters, outcomes
from compliance.cases.actions.opening import open_case
from compliance.cases.kinds import Arrival, CaseKind, Requester
from compliance.cases.models import Case, Letter
from compliance.mailbox import deaths
from compliance.mailbox.enquiries import Enquiry
from compliance.outcomes.marketing import ABOUT_THEM
from customers import erasure_lock
from customers.matching import Given
from customers.models import Customer


@transaction.atomic
def take(
    *,
    kind: str,
    channel: Arrival | str,
    given: Given,
    token: uuid.UUID,
    by: str,
    now: datetime.datetime,
    received_at: datetime.datetime | None = None,
    words: str = "",
    details: Mapping[str, Any] | None = None,
    codes: Mapping[str, Sequence[str]] | None = None,
    requester: Requester | str = Requester.CUSTOMER,
    requester_name: str = "",
    customer: Customer | None = None,
    identified: bool = False,
) -> Case:
    """Open a case (see `open_case`), do what waits for nobody, and acknowledge it. The same `token`
    again is the same case.

    Where there is no address to write to, the case is taken all the same, without an
    acknowledgement. Refused for an erased customer, for a day to come, and for a kind that did not
    exist on that day.
    """
    erasure_lock.exclusive()  # an open case keeps its customer
    if customer is not None and Customer.objects.get(pk=customer.pk).erased_at:
        raise Refused("This customer was erased.")
    case = open_case(
        kind=kind,
        channel=channel,
        given=given,
        token=token,
        by=by,
        now=now,
        received_at=received_at,
        words=words,
        details=details,
        codes=codes,
        requester=requester,
        requester_name=requester_name,
        customer=customer,
        identified=identified,
    )
    outcomes.at_once(case, by=by, now=now)
    with contextlib.suppress(Refused), transaction.atomic():
        letters.send(case, letter=Letter.ACKNOWLEDGEMENT, by=by, now=now)
    return case


def take_email_about_the_dead(enquiry: Enquiry, by: str, now: datetime.datetime) -> str:
    """Take in an email about somebody who died as an enquiry: marketing to what it names of them
    stops, and the kind answer goes to whoever wrote it. The reference of the case.

    Empty while an enquiry of the same writer is open: then it is an answer to ours, and somebody
    reads it.
    """
    if _writes_again(enquiry):
        return ""
    about = deaths.reached(enquiry.words, but=[enquiry.sender]).lines
    files = ", ".join(enquiry.files)
    details = {ABOUT_THEM: about, "Files with the email": files}
    case = take(
        kind=CaseKind.BEREAVEMENT,
        channel=Arrival.EMAIL,
        given=Given(
            name=deaths.name_in(enquiry.words),
            customer_number=enquiry.number,
            email=enquiry.sender,
        ),
        token=enquiry.token,
        by=by,
        now=now,
        received_at=enquiry.received_at,
        words=f"{enquiry.subject}\n\n{enquiry.words}".strip(),
        details={name: said for name, said in details.items() if said},
        requester=Requester.EXECUTOR,
        requester_name=enquiry.sender_name or enquiry.sender,
        customer=enquiry.customer,
    )
    return case.reference


def _writes_again(enquiry: Enquiry) -> bool:
    """Whether the writer of an email has an enquiry of this kind that is open. Few are at a time:
    each is answered within a fortnight."""
    others = Case.objects.open().filter(kind=CaseKind.BEREAVEMENT).exclude(token=enquiry.token)
    return any((one.email or "").lower() == enquiry.sender.lower() for one in others.only("email"))
