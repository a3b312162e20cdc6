"""What the customer's page shows of this room: what is held, why and until when; and legal
holds."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.desk import names_of, staff
from compliance.retention.explain import KeptRecord, explain
from compliance.retention.models import LegalHold
from customers.models import Customer
from customers.panels import Panel, register, sees_investigations, visible


@dataclass(frozen=True)
class KeptKind:
    """All records of one kind: the fate of those that stay longest, and what awaits the others."""

    what: str
    count: int
    last: KeptRecord
    others: list[KeptRecord]

    @property
    def rest(self) -> int:
        """How many records meet another fate than the last ones."""
        return self.count - self.last.count


def what_we_hold(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """One line for each kind of record held on the customer."""
    today = timezone.localdate()
    shown = [
        line
        for line in explain(customer, today=today, show_all=sees_investigations(staff(request)))
        if request.user.has_perm(line.permission)
    ]
    kinds: dict[str, list[KeptRecord]] = {}
    for line in shown:
        kinds.setdefault(line.what, []).append(line)
    return {"kinds": [_kept(what, found) for what, found in kinds.items()], "today": today}


def _kept(what: str, lines: list[KeptRecord]) -> KeptKind:
    """The longest first; records whose last day is not known yet stay longest of all."""
    lines = sorted(lines, key=lambda line: line.until or datetime.date.max, reverse=True)
    return KeptKind(what, sum(line.count for line in lines), lines[0], lines[1:])


def legal_holds(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """Holds in place first, then those released."""
    found = list(
        visible(LegalHold.objects.filter(customer=customer).order_by("-placed_at"), staff(request))
    )
    names = names_of(hold.owner for hold in found)
    today = timezone.localdate()
    for hold in found:
        hold.owner_name, hold.overdue = (
            names[hold.owner],
            not hold.released_on and hold.review_on < today,
        )
    return {
        "active": [hold for hold in found if not hold.released_on],
        "released": [hold for hold in found if hold.released_on],
        "may_place": request.user.has_perm("retention.add_legalhold") and not customer.erased_at,
        "may_release": request.user.has_perm("retention.change_legalhold"),
    }


register(
    Panel(
        "What we hold, why and until when",
        "admin/retention/panels/what_we_hold.html",
        what_we_hold,
        "customers.view_customer",
        20,
    )
)
register(
    Panel(
        "Legal holds",
        "admin/retention/panels/legal_holds.html",
        legal_holds,
        "retention.view_legalhold",
        30,
    )
)
