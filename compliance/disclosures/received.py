"""Who has received a person's data: by the log, and standing recipients (a carrier with every order)
by the records that give rise to it.

A standing recipient leaves no row for each time. The register says of it “with every order”, from
when to when, and the orders themselves say how often: so the two cannot disagree, and a million
orders make no second million of rows.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet, Value

from compliance.disclosures.models import Disclosure
from compliance.register.models import Recipient
from customers.models import Customer, OrderLine, PaymentCard
from customers.outbox.models import Message
from privacy.declarations import told

WITH = Recipient.Standing
NAMES = ("title", "given_names", "surname")
# What of a person somebody can have had who receives no more than this: fields that are corrected
# (“other” is what another system of ours holds, of which nothing is known here).
LISTED = frozenset((*NAMES, "email", "address", "other"))  # a marketing partner
CAN_HAVE = {
    WITH.ORDER: frozenset((*NAMES, "address", "phone", "other")),
    WITH.CARD_PAYMENT: frozenset((*NAMES, "address", "email", "other")),
    WITH.EMAIL: frozenset((*NAMES, "email", "other")),
    WITH.TEXT_MESSAGE: frozenset((*NAMES, "phone", "other")),
    WITH.LETTER: frozenset((*NAMES, "address", "other")),
}


@dataclass(frozen=True)
class Standing:
    """One standing recipient of one person's data: with what, how often, from when to when."""

    code: str
    name: str
    what: str
    times: int
    first: datetime.date
    last: datetime.date
    can_have: frozenset[str]


@dataclass(frozen=True)
class Source:
    """The records with which a standing recipient gets something: those of a customer, their day,
    and what counts as one. `parts` are the paths from them to records by the models' labels."""

    rows: Callable[[Customer], QuerySet[Any]]
    day: str
    parts: Mapping[str, str]
    one: str = "pk"


def _sent(means: Message.Means) -> Callable[[Customer], QuerySet[Any]]:
    return lambda customer: Message.objects.filter(
        customer=customer, means=means, state=Message.State.SENT
    )


SENT = "sent_at__date", {"outbox.Message": "pk"}
SOURCES = {
    WITH.ORDER: Source(
        lambda customer: OrderLine.objects.filter(order__customer=customer, quantity__gt=0),
        "supplied_on",
        {"customers.Order": "order", "customers.OrderLine": "pk"},
        one="order",
    ),
    WITH.CARD_PAYMENT: Source(
        lambda customer: PaymentCard.objects.filter(customer=customer, last_used_on__isnull=False),
        "last_used_on",
        {"customers.PaymentCard": "pk"},
    ),
    WITH.EMAIL: Source(_sent(Message.Means.EMAIL), *SENT),
    WITH.TEXT_MESSAGE: Source(_sent(Message.Means.SMS), *SENT),
    WITH.LETTER: Source(_sent(Message.Means.LETTER), *SENT),
}


def standing(
    customer: Customer, *, without: Mapping[str, Collection[str]] | None = None
) -> list[Standing]:
    """The standing recipients who received something of a person, by name. Two queries.

    `without` are records that are not to be counted: primary keys by the model's label.
    """
    ordered = Recipient.objects.exclude(with_every="").order_by("name", F("valid_from").asc(), "pk")
    rows = list(ordered)
    parts = [
        _with_each(row, customer, without or {})
        .order_by()
        .values(place=Value(place))
        .annotate(times=Count(source.one, distinct=True))
        .annotate(first=Min(source.day), last=Max(source.day))
        for place, row in enumerate(rows)
        for source in (SOURCES[WITH(row.with_every)],)
    ]
    found = {}
    if parts:
        found = {one.pop("place"): one for one in parts[0].union(*parts[1:], all=True)}
    return [
        Standing(
            row.code,
            row.name,
            row.get_with_every_display(),
            **found[place],
            can_have=CAN_HAVE[WITH(row.with_every)],
        )
        for place, row in enumerate(rows)
        if found.get(place, {}).get("times")
    ]


def _with_each(
    row: Recipient, customer: Customer, without: Mapping[str, Collection[str]]
) -> QuerySet[Any]:
    """The records of a person with which a recipient got something, while the register had it."""
    source = SOURCES[WITH(row.with_every)]
    mine = source.rows(customer)
    if row.valid_from:
        mine = mine.filter(**{f"{source.day}__gte": row.valid_from})
    if row.valid_to:
        mine = mine.filter(**{f"{source.day}__lte": row.valid_to})
    for label, path in source.parts.items():
        if without.get(label):
            mine = mine.exclude(**{f"{path}__in": without[label]})
    return mine


@dataclass(frozen=True)
class Holder:
    """Somebody who had data of a person from us; `can_have` are the fields that it can have had,
    None where anything can be among them. `lists_only`: it had lists for marketing and no more."""

    code: str
    name: str
    can_have: frozenset[str] | None = None
    lists_only: bool = False


def holders(customer: Customer, *, filings: bool) -> list[Holder]:
    """Everyone outside who received a person's data, under the last name, as far as the person may
    know of it; with `filings` also who was told of a fraud and of nothing else."""
    found: dict[str, Holder] = {}
    for one in standing(customer):
        before = found.get(one.code)
        more = (before.can_have if before else None) or frozenset()
        found[one.code] = Holder(one.code, one.name, one.can_have | more)
    log = told(_log(customer, filings=filings))
    rows: Iterable[tuple[str, str, str]] = log.order_by("occurred_on", "pk").values_list(
        "recipient", "recipient_name", "kind"
    )
    whole: set[str] = set()
    for code, name, kind in rows:
        if kind != Disclosure.Kind.FEED:
            whole.add(code)
        before = found.get(code)
        known = (before.can_have if before else None) or frozenset()
        lists_only = kind == Disclosure.Kind.FEED and (before is None or before.lists_only)
        found[code] = Holder(code, name, None if code in whole else LISTED | known, lists_only)
    return sorted(found.values(), key=lambda one: one.code)


def in_confidence(customer: Customer, *, filings: bool) -> dict[str, str]:
    """The names by code of those of whom the person may not know: all that they received is kept
    from the person."""
    log = _log(customer, filings=filings)
    rows = log.exclude(recipient__in=told(log).order_by().values("recipient"))
    return dict(rows.order_by("occurred_on", "pk").values_list("recipient", "recipient_name"))


def _log(customer: Customer, *, filings: bool) -> QuerySet[Disclosure]:
    rows = Disclosure.objects.filter(customer=customer)
    return rows if filings else rows.exclude(kind=Disclosure.Kind.FILING)
