"""When a customer last had to do with us, and the return of one whose relationship had ended
because nothing was heard for long.

What counts is declared by each model (`dealings` in its PersonalData): orders, payments, credit
accounts, calls and letters, requests, choices. A sign-in leaves no row for long, so it is noted on
the customer. The end itself is set by `compliance.retention.dormancy`.
"""

import datetime
import uuid
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest, TruncDate

from audit import events
from customers import erasure_lock
from customers.models import CreditAccount, Customer
from privacy import declarations


def last_dealing() -> Any:
    """The last day (London) on which a customer had to do with us, as an expression on customers.

    Whoever never had counts from the day on which the record was made.
    """
    own: list[Any] = []
    for declaration in declarations.declarations():
        for path, rows in declaration.dealings.items():
            if declaration.model is Customer:
                own.append(F(path))
                continue
            day = _day(declaration.model, path)
            own.append(
                Subquery(
                    declaration.model._default_manager.filter(
                        rows, **{f"{declaration.subject_path}": OuterRef("pk")}
                    )
                    .order_by()
                    .values(declaration.subject)
                    .annotate(last_dealing=Max(day))
                    .values("last_dealing"),
                    output_field=models.DateField(),
                )
            )
    return Coalesce(Greatest(*own), TruncDate("created_at"))


def _day(model: type[models.Model], path: str) -> Any:
    timed = isinstance(declarations.resolve(model, path), models.DateTimeField)
    return TruncDate(path) if timed else F(path)


def owes() -> Exists:
    """Whether an agreement still runs: a credit account is open, or settled with something owed."""
    return Exists(
        CreditAccount.objects.filter(
            Q(status=CreditAccount.Status.OPEN)
            | (Q(status=CreditAccount.Status.SETTLED) & ~Q(balance=0)),
            customer=OuterRef("pk"),
        )
    )


def heard_from(customer: uuid.UUID, *, on: datetime.date, by: str, signed_in: bool = False) -> None:
    """A customer had to do with us on a day (London): a relationship that had ended as dormant
    before goes on. Call it first in a transaction that writes the dealing down; one query.

    `signed_in`: the dealing leaves no row that stays, so the day is noted on the customer.
    """
    _resume(_dormant().filter(pk=customer, last_contact_on__lt=on), by=by)
    if signed_in:
        earlier = Q(last_contact_on__isnull=True) | Q(last_contact_on__lt=on)
        Customer.objects.living().filter(earlier, pk=customer).update(last_contact_on=on)


def resume_returned(among: Q, *, by: str) -> int:
    """Of some customers, those whose records show a dealing that the dormant end did not know of:
    their relationships go on. Returns how many; one query where there is none."""
    return _resume(
        _dormant()
        .filter(among)
        .annotate(last=last_dealing())
        .filter(last__gt=F("last_contact_on")),
        by=by,
    )


def _dormant() -> QuerySet[Customer]:
    return Customer.objects.living().filter(ended_as_dormant=True)


def _resume(rows: QuerySet[Customer], *, by: str) -> int:
    return _resume_found(rows, by=by) if rows.exists() else 0


@transaction.atomic
def _resume_found(rows: QuerySet[Customer], *, by: str) -> int:
    erasure_lock.exclusive()  # what is kept from now on may not go with a batch under way
    found = list(
        rows.order_by("pk")
        .select_for_update(of=("self",), no_key=True)
        .values_list("pk", flat=True)
    )
    Customer.objects.filter(pk__in=found).update(relationship_ended_on=None, ended_as_dormant=False)
    if found:
        events.dormant_relationships_resumed(by=by, subjects=found)
    return len(found)
