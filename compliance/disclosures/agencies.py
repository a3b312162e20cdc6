"""Which credit reference agencies were asked during which negotiations (Consumer Credit Act 1974
section 157).

Facts from the log and the register, nothing written. An agency is named as the log named it on the
day of the search: that is the name which the person will recognise. Where it is called something
else today, that is said too, and its address is today's, so that a letter reaches it. Fraud
prevention agencies are none of them: the register tells them apart.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from audit.evidence import Evidence
from compliance.disclosures.models import Disclosure
from compliance.register import time_limits
from compliance.register.models import Recipient
from customers.models import Customer
from privacy.declarations import kept_from_the_person

FRAUD, CREDIT = Recipient.Kind.FRAUD_AGENCY, Recipient.Kind.CREDIT_AGENCY
DECIDING = "credit-decision"  # the purpose of a search for an application, in the register


def window() -> datetime.timedelta:
    """How long after the negotiations ended a request still comes in time (section 157(2))."""
    return datetime.timedelta(days=time_limits.rule("cra_disclosure").window_days or 0)


@dataclass(frozen=True)
class Search:
    """One search: the day in London, and what sort of search it was."""

    on: datetime.date
    what: str
    logged: Evidence


@dataclass(frozen=True)
class Agency:
    """One agency that was asked during one application, with how it is reached today."""

    code: str
    name: str  # as the log named it when it was last asked
    now: str  # what it is called today, where that is another name
    address: str
    telephone: str
    website: str
    searches: tuple[Search, ...]

    @property
    def missing(self) -> list[str]:
        """What the register lacks of what the letter must say."""
        return [
            what
            for what, value in (("address", self.address), ("telephone", self.telephone))
            if not value
        ]


@dataclass(frozen=True)
class Application:
    """One application for credit, and whom we asked while it was negotiated."""

    reference: str
    ended_on: datetime.date | None  # the negotiations; None: the log does not say
    agencies: tuple[Agency, ...]
    fraud_agencies: Mapping[str, Evidence]  # those that may be told of, by the name in the log


@dataclass(frozen=True)
class Asked:
    """Everything that the log knows of a person's searches. `loose` are searches for credit that
    name no application."""

    applications: tuple[Application, ...] = ()
    loose: int = 0

    def of(self, reference: str) -> Application | None:
        """The application of a reference, however it was typed."""
        wanted = _plain(reference)
        return next((one for one in self.applications if _plain(one.reference) == wanted), None)


def asked(customer: Customer | None, *, today: datetime.date) -> Asked:
    """Whom we asked about a person, application by application, the newest first. Two queries
    whatever there is."""
    if customer is None:
        return Asked()
    kept = kept_from_the_person(Disclosure) or Q(pk__in=[])
    rows = list(
        Disclosure.objects.filter(
            ~(kept & Q(application="")), customer=customer, kind=Disclosure.Kind.SEARCH
        )
        .annotate(kept=ExpressionWrapper(kept, BooleanField()))
        .order_by("occurred_on", "pk")
    )
    known = _Register({row.recipient for row in rows}, today)
    found: dict[str, list[Any]] = {}
    loose = 0
    for row in rows:
        if row.application:
            found.setdefault(row.application, []).append(row)
        elif row.purpose == DECIDING and known.may_be_credit(row.recipient):
            loose += 1
    applications = [
        _application(reference, searches, known) for reference, searches in found.items()
    ]
    newest = sorted(
        applications, key=lambda one: (one.ended_on or today, one.reference), reverse=True
    )
    return Asked(tuple(newest), loose)


def of_application(
    reference: str, *, until: datetime.date, codes: Collection[str]
) -> tuple[Agency, ...]:
    """Those of some agencies that were asked in one application up to a day, as the register knew
    them on that day."""
    rows = list(
        Disclosure.objects.filter(
            application=reference,
            kind=Disclosure.Kind.SEARCH,
            occurred_on__lte=until,
            recipient__in=codes,
        ).order_by("occurred_on", "pk")
    )
    return tuple(_agencies(rows, _Register({row.recipient for row in rows}, until)))


def notices(today: datetime.date) -> list[tuple[str, str]]:
    """The credit reference agencies of today with the address of their joint notice (CRAIN), by
    name."""
    rows = (
        Recipient.objects.on(today).filter(kind=CREDIT).exclude(website="").order_by("name", "pk")
    )
    return list(rows.values_list("name", "website"))


class _Register:
    """What the register says of some recipients: two look-ups in one query."""

    def __init__(self, codes: Iterable[str], day: datetime.date) -> None:
        self.now: dict[str, Recipient] = {}
        self.kinds: dict[str, set[str]] = {}
        for row in Recipient.objects.filter(code__in=set(codes)).order_by(
            F("valid_from").asc(nulls_first=True), "pk"
        ):
            self.kinds.setdefault(row.code, set()).add(row.kind)
            if (
                row.valid_from is None or row.valid_from <= day
            ):  # the one of the day, or else the last there was
                self.now[row.code] = row

    def is_fraud(self, code: str) -> bool:
        return FRAUD in self.kinds.get(code, set()) and not self.may_be_credit(code)

    def may_be_credit(self, code: str) -> bool:
        """Whether a recipient is a credit reference agency; one that the register does not know may
        be."""
        return code not in self.kinds or CREDIT in self.kinds[code]


def _application(reference: str, rows: Sequence[Any], known: _Register) -> Application:
    ended = max(
        (row.negotiations_ended_on for row in rows if row.negotiations_ended_on), default=None
    )
    names = {
        row.recipient_name: Evidence.row(row, row.occurred_on)
        for row in rows
        if known.is_fraud(row.recipient) and not row.kept
    }
    return Application(reference, ended, tuple(_agencies(rows, known)), names)


def _agencies(rows: Sequence[Disclosure], known: _Register) -> Iterator[Agency]:
    by_code: dict[str, list[Disclosure]] = {}
    for row in rows:
        if known.may_be_credit(row.recipient):
            by_code.setdefault(row.recipient, []).append(row)
    for code, searches in by_code.items():
        now, name = known.now.get(code), searches[-1].recipient_name
        yield Agency(
            code,
            name,
            now.name if now and _plain(now.name) != _plain(name) else "",
            now.address if now else "",
            now.telephone if now else "",
            now.website if now else "",
            tuple(
                Search(row.occurred_on, row.detail, Evidence.row(row, row.occurred_on))
                for row in searches
            ),
        )


def _plain(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
