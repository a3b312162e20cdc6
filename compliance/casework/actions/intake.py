"""Taking in a request, however it came: the case, what the law wants at once, and the
acknowledgement."""

import contextlib
import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from audit.actions import Refused
from compliance import letters, outcomes
from compliance.cases.actions.opening import open_case
from compliance.cases.kinds import Arrival, Requester
from compliance.cases.models import Case, Letter
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
