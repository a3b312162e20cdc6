"""Which open cases need records of a person, as their rights say (`Right.needs`). A closed one in which
something is still promised that takes the records counts as open.

A case in which nobody has shown who asks keeps records only until the day on which we look again
for the answer: an unproven request has no power for longer than the law forces.
"""

import datetime
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from compliance.cases.models import Case, Task
from compliance.cases.models.case import OPEN
from compliance.cases.promises import PROMISES
from compliance.cases.rights import RIGHTS, right_of
from customers.models import Customer
from customers.open_requests import OpenRequest


def counting(on: datetime.date) -> QuerySet[Case]:
    """The open cases whose needs count on a London day."""
    proven = Q(identified_at__isnull=False)
    taking = [kind.code for kind in PROMISES.values() if kind.needs_records]
    promised = Exists(Task.objects.to_do().filter(case=OuterRef("pk"), kind__in=taking))
    return Case.objects.filter(OPEN | promised).filter(
        proven | Q(review_on__isnull=True) | Q(review_on__gte=on), customer__isnull=False
    )


def needing(category: str, on: datetime.date) -> QuerySet[Case]:
    """Those that need a category of the register."""
    return counting(on).filter(kind__in=_kinds(category))


@lru_cache(maxsize=128)
def _kinds(category: str) -> list[str]:
    return [right.code for right in RIGHTS if right.needs_category(category)]


def of(customer: Customer, on: datetime.date) -> list[OpenRequest]:
    """The open cases of a customer that need something on a London day, the first received
    first."""
    return [
        OpenRequest(
            case.pk,
            case.reference,
            case.get_kind_display(),
            case.due_on,
            right.needs_category,
            reverse("admin:cases_case_change", args=[case.pk]),
        )
        for case in counting(on)
        .filter(customer=customer)
        .order_by("received_at", "pk")
        .only("reference", "kind", "due_on")
        if (right := right_of(case.kind)).needs
    ]
