"""The end of relationships that nobody ended: no agreement runs, and nothing was heard for as long
as the register says (the rule `identity-dormant`; UK GDPR Article 5(1)(e)).

A relationship ends on the day after that time, and the clocks that count from the end start. It
goes on again when the customer has to do with us (`customers.dealings`). The purge only reads ends
that stand in the rows.
"""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from audit import events
from compliance.register.models import RetentionRule
from compliance.retention.periods import last_protected_day, latest_due_anchor
from customers.dealings import last_dealing, owes, resume_returned
from customers.models import Customer

RULE = "identity-dormant"
AT_ONCE = 2_000  # customers in one transaction


@dataclass(frozen=True)
class Dormancy:
    """For how long nothing must have been heard: `period` of `unit`, and whether the owner
    confirmed it."""

    period: int
    unit: str
    confirmed: bool

    def ended_on(self, last: datetime.date) -> datetime.date:
        """The day of the end for whoever was last heard from on a day."""
        return last_protected_day(last, self.period, self.unit) + datetime.timedelta(days=1)

    def latest(self, as_of: datetime.date) -> datetime.date:
        """The latest last dealing with which a relationship is over on a day."""
        return latest_due_anchor(as_of, self.period, self.unit)


def rule() -> Dormancy | None:
    """What the register says; None when the rule is retired or runs for ever."""
    found = RetentionRule.objects.in_use().filter(code=RULE, period__isnull=False).first()
    if found is None or found.period is None:
        return None
    return Dormancy(found.period, found.unit, found.confirmed_on is not None)


def over(dormancy: Dormancy, as_of: datetime.date) -> QuerySet[Customer]:
    """The customers whose relationship is over on a London day and has no end yet.

    Only those are looked at of whom nothing later is known: their last dealing is noted at each
    look, so nobody is looked at twice within the period. Agreements that run are left out.
    """
    latest = dormancy.latest(as_of)
    return _to_look_at(latest).annotate(last=last_dealing()).filter(last__lte=latest)


def _to_look_at(latest: datetime.date) -> QuerySet[Customer]:
    return Customer.objects.living().filter(
        Q(last_contact_on__isnull=True) | Q(last_contact_on__lte=latest),
        ~owes(),
        relationship_ended_on__isnull=True,
    )


def count(as_of: datetime.date) -> int:
    """How many relationships `close` would end on a day."""
    dormancy = rule()
    return over(dormancy, as_of).count() if dormancy else 0


def close(
    dormancy: Dormancy,
    *,
    as_of: datetime.date,
    by: str,
    progress: Callable[[int], object] = lambda rows: None,
) -> tuple[int, int]:
    """End every relationship that is over on `as_of`, and resume those whose customer returned.
    Returns how many ended and how many go on.

    In batches of one transaction each, so it may be killed and run again. Whoever is being worked
    on at this moment is left to the next run.
    """
    resumed, ended = resume_returned(Q(), by=by), 0
    while True:
        looked_at, closed = _batch(dormancy, as_of, by=by)
        if not looked_at:
            if ended >= AT_ONCE:  # the purge that follows plans by what stands there now
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE customers_customer")
            return ended, resumed
        ended += closed
        progress(looked_at)


@transaction.atomic
def _batch(dormancy: Dormancy, as_of: datetime.date, *, by: str) -> tuple[int, int]:
    """Look at some customers: note their last dealing, and end what is over. Three statements."""
    latest = dormancy.latest(as_of)
    # The lock is the one that a new row of theirs waits for; what was written before it is seen by
    # the next statement.
    ids = list(
        _to_look_at(latest)
        .select_for_update(of=("self",), skip_locked=True)
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    last: dict[uuid.UUID, datetime.date] = dict(
        Customer.objects.filter(~owes(), pk__in=ids)
        .annotate(last=last_dealing())
        .values_list("pk", "last")
    )
    ends = {who: dormancy.ended_on(day) for who, day in last.items() if day <= latest}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer c SET last_contact_on = n.last, "
            "relationship_ended_on = n.ended, ended_as_dormant = n.ended IS NOT NULL "
            "FROM unnest(%s::uuid[], %s::date[], %s::date[]) AS n (id, last, ended) "
            "WHERE c.id = n.id",
            [[str(who) for who in last], list(last.values()), [ends.get(who) for who in last]],
        )
    if ends:
        events.dormant_relationships_ended(by=by, ends=ends)
    return len(ids), len(ends)
