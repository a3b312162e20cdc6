"""Erasing one person who asks for it (UK GDPR Article 17): what goes now, what stays, why and until
when.

`plan` reads every record of the person once and decides; `erase` does what a plan says, in the
caller's transaction, under the lock against erasure, and leaves the evidence that a purge leaves.
A record goes unless

- only some records were asked for, and it is none of them;
- a legal hold is in place: then all stay;
- a rule that still runs says that it stays although the person asks (`RetentionRule.on_request`);
- another request of the person is open and needs it, unless a colleague decides otherwise;
- an agreement that runs needs its category: a credit account that is open, or on which money is
owed;
- something else that stays hangs on it.

Who the person is and how to reach them goes with the last record that needs it. Records that must
not be tipped off are decided like the others, and are in no line, count or date that is told; what
stays because of them alone is told by the rule of the register that runs for it anyway.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    F,
    ForeignKey,
    Q,
    Value,
    When,
    prefetch_related_objects,
)

from compliance.register.models import DataCategory, LawfulBasis, Purpose, RetentionRule
from compliance.retention import reasons
from compliance.retention.models import LegalHold
from compliance.retention.periods import LONDON, last_protected_day
from compliance.retention.reasons import NEEDED, NO_ROUTINE, Reason
from compliance.retention.rules import Protection, Schedule
from compliance.retention.rules import PurgePlan as Schedules
from customers.models import CreditAccount, Customer
from customers.open_requests import OpenRequest
from privacy.declarations import Blank, Delete, kept_from_the_person

OnRequest = RetentionRule.OnRequest
Key = tuple[type[models.Model], Any]
Needless = Mapping[type[models.Model], Q]
Chosen = AbstractSet[str] | None  # categories and names of records; None: all of them


@dataclass
class Record:
    """One record of the person and its fate."""

    schedule: Schedule
    pk: Any
    parents: list[Key]
    secret: bool  # not to be told of
    needs: bool  # of no use without the person
    answers: bool = False  # it is the request that is being answered
    reason: Reason | None = None  # what is told of why it stays
    kept: bool = False
    asked: bool = True  # whether its erasure was asked for
    own: bool = False  # belongs to the very request that is being answered
    anyway: Reason | None = None  # the rule that would run for it if nobody had asked
    needs_until: datetime.date | None = None  # the last day on which it needs the person

    @property
    def key(self) -> Key:
        return self.schedule.model, self.pk

    def keep(self, reason: Reason) -> None:
        """Keep it, for the first reason that was found."""
        if not self.kept:
            self.kept, self.reason = True, reason

    def keep_quietly(self) -> None:
        """Keep it for what must not be told: as the rule that runs anyway would, or without a
        word."""
        if not self.kept:
            self.kept, self.reason = True, self.anyway
            until = self.anyway.until if self.anyway else None
            self.needs = True
            self.needs_until = until if isinstance(until, datetime.date) else None

    @property
    def told(self) -> bool:
        """Whether the person may be told of its fate."""
        return (
            bool(self.schedule.declaration.export)
            and not self.secret
            and self.asked
            and (not self.kept or self.reason is not None)
        )


@dataclass(frozen=True)
class CategoryFate:
    """What is told of one category: so many records of it are erased, or kept for a reason until a
    day or until something has happened."""

    category: str
    erased: bool
    count: int
    why: str = ""
    until: datetime.date | str = ""


@dataclass
class ErasurePlan:
    """The fate of every record of one person."""

    customer: Customer
    records: list[Record]  # children before what they hang on
    held: bool
    requests: Sequence[OpenRequest] = ()  # other open requests, whose needs stay
    names: Mapping[str, str] = field(
        default_factory=dict
    )  # of the categories, in the order in which they are told
    whole: bool = False  # who the person is goes too

    def going(self) -> list[Record]:
        """What is erased: the person's own row is not among them."""
        return [
            one
            for one in self.records
            if not one.kept and not isinstance(one.schedule.declaration.erase, Blank)
        ]

    def lines(self) -> list[CategoryFate]:
        """What the person may be told, category by category: records that they can see, and that
        tip nobody off."""
        groups: dict[tuple[str, bool, str], list[Record]] = defaultdict(list)
        for one in self.records:
            if one.told:
                why = one.reason.why if one.reason else ""
                groups[one.schedule.declaration.category, not one.kept, why].append(one)
        order = list(self.names)
        return [
            CategoryFate(
                self.names[code],
                gone,
                len(found),
                why,
                _last_of([one.reason.until for one in found if one.reason]),
            )
            for (code, gone, why), found in sorted(
                groups.items(), key=lambda one: (order.index(one[0][0]), not one[0][1], one[0][2])
            )
        ]

    def stays(self) -> int:
        """How many records that were asked for stay, of those that are told; what it takes to
        answer is not among them."""
        return sum(one.told and one.kept and not one.own for one in self.records)

    def goes(self) -> int:
        """How many records go, of those that are told."""
        return sum(one.told and not one.kept for one in self.records)

    def rules(self) -> set[str]:
        """The codes of the rules that are told as the reason why something stays."""
        return {one.reason.rule for one in self.records if one.told and one.reason} - {""}

    def counts(self) -> dict[str, int]:
        """How many rows go, by table: for the evidence."""
        counted: dict[str, int] = defaultdict(int)
        for one in self.going():
            counted[one.schedule.declaration.label] += 1
        return dict(counted)


def _latest(days: Sequence[datetime.date | None]) -> datetime.date | None:
    """The latest of several last days."""
    return None if None in days else max((day for day in days if day), default=None)


def _last_of(ends: Sequence[datetime.date | str]) -> datetime.date | str:
    """The latest of several ends; what has yet to happen comes after every day."""
    return next((end for end in ends if isinstance(end, str)), "") or max(ends, default="")


def plan(
    customer: Customer,
    *,
    today: datetime.date,
    needless: Needless | None = None,
    chosen: Chosen = None,
    requests: Sequence[OpenRequest] = (),
) -> ErasurePlan:
    """Decide on every record of a person as of a London day. Changes nothing; about one query for
    each table.

    `needless` names records that stay whatever happens, and need nobody for that: the very request
    that is being answered. `chosen` are the categories and records (`name_of`) to which it is
    limited, and `requests` other open requests whose needs stay.
    """
    schedules = [s for s in Schedules(today).every if s.declaration.subject_path is not None]
    prefetch_related_objects(
        [p.rule for s in schedules for p in s.protections], "purpose__lawful_bases"
    )
    running = _categories_of_a_running_agreement(customer)
    holds = set(
        LegalHold.objects.standing().filter(customer=customer).values_list("kind", flat=True)
    )
    records = [
        one
        for schedule in schedules
        for one in _records(
            schedule,
            customer,
            today,
            (needless or {}).get(schedule.model),
            schedules,
            holds=holds,
            running=schedule.declaration.category in running,
            requests=requests,
        )
    ]
    names = dict(DataCategory.objects.order_by("position", "name").values_list("code", "name"))
    made = ErasurePlan(
        customer,
        records,
        bool(holds),
        requests,
        {
            **names,
            **{code: code for s in schedules if (code := s.declaration.category) not in names},
        },
    )
    _own(made, needless or {})
    if chosen is not None:
        _leave_what_was_not_asked_for(made, chosen)
    _hang_together(made)
    _the_person(made)
    return made


def name_of(one: Record) -> str:
    """How a form names one record: `customers.PaymentCard:12`."""
    return f"{one.schedule.declaration.label}:{one.pk}"


def _own(made: ErasurePlan, needless: Needless) -> None:
    """Mark what belongs to the request that is being answered: its own row, and what hangs on
    it."""
    mine = {one.key for one in made.records if one.answers and one.schedule.model in needless}
    for one in reversed(made.records):  # a parent comes after its children
        one.own = one.key in mine or any(key in mine for key in one.parents)


def _leave_what_was_not_asked_for(made: ErasurePlan, chosen: AbstractSet[str]) -> None:
    """Keep every record but those that were chosen, by their category or their name, and what is a
    part of these."""
    going: set[Key] = set()
    for one in reversed(made.records):
        one.asked = (
            one.schedule.declaration.category in chosen
            or name_of(one) in chosen
            or any(key in going for key in one.parents)
        ) and not isinstance(one.schedule.declaration.erase, Blank)
        if one.asked:
            going.add(one.key)
        else:
            one.kept = True


def _categories_of_a_running_agreement(customer: Customer) -> set[str]:
    """The categories that purposes resting on a contract use, if a credit account of the person is
    open or owes money."""
    accounts = CreditAccount.objects.filter(customer=customer)
    owing = Q(status=CreditAccount.Status.SETTLED, balance__gt=0)
    if not accounts.filter(Q(status=CreditAccount.Status.OPEN) | owing).exists():
        return set()
    purposes = Purpose.objects.in_use().filter(
        lawful_bases__article=LawfulBasis.Article.CONTRACT, categories__code="credit_account"
    )
    return set(DataCategory.objects.filter(purposes__in=purposes).values_list("code", flat=True))


def _records(
    schedule: Schedule,
    customer: Customer,
    today: datetime.date,
    needless: Q | None,
    schedules: Sequence[Schedule],
    *,
    holds: AbstractSet[str],
    running: bool,
    requests: Sequence[OpenRequest],
) -> Iterator[Record]:
    purged = {one.model for one in schedules}
    declaration, parents = schedule.declaration, _parents(schedule, purged)
    assert declaration.subject_path is not None  # noqa: S101 the caller has sorted out the others
    needs = declaration.needs_person
    columns: dict[str, Any] = {f"up{number}": F(one.attname) for number, one in enumerate(parents)}
    columns |= {
        "secret": _yes(kept_from_the_person(schedule.model)),
        "needs": _yes(needs),
        "answers": _yes(needless),
    }
    for number, protection in enumerate(schedule.protections):
        columns[f"applies{number}"] = _yes(protection.condition, otherwise=True)
        if protection.path:
            columns[f"clock{number}"] = F(protection.path)
    rows = schedule.model._default_manager.filter(**{declaration.subject_path: customer.pk})
    for row in rows.order_by("pk").values("pk", **columns):
        one = Record(
            schedule,
            row["pk"],
            [
                (field.related_model, row[f"up{number}"])
                for number, field in enumerate(parents)
                if row[f"up{number}"] is not None
            ],
            row["secret"],
            row["needs"],
            answers=row["answers"],
        )
        applying = _running_for(one, row, today)
        _judge(one, applying, today)
        if not (isinstance(declaration.erase, Blank) or declaration.with_person):
            _keep_what_is_needed(one, running=running, requests=requests)
            if holds:
                _hold(one, holds)
            if row["answers"] or not isinstance(declaration.erase, Delete):
                one.keep(NO_ROUTINE)
            one.needs = one.needs and not row["answers"]
        yield one


def _parents(schedule: Schedule, purged: set[type[models.Model]]) -> list[ForeignKey[Any, Any]]:
    return [
        one
        for one in schedule.model._meta.concrete_fields
        if isinstance(one, ForeignKey) and one.related_model in purged
    ]


def _yes(condition: Q | None, *, otherwise: bool = False) -> Any:
    """Whether a condition holds for a row; `otherwise` where there is none."""
    whens = [When(condition, then=Value(True))] if condition is not None else []
    return Case(
        *whens,
        default=Value(otherwise if condition is None else False),
        output_field=BooleanField(),
    )


Applying = list[tuple[Protection, datetime.date | None]]


def _running_for(one: Record, row: Mapping[str, Any], today: datetime.date) -> Applying:
    """The rules that protect a record on a day, with their last days; None where there is none."""
    found = [
        (protection, _until(protection, row.get(f"clock{number}")))
        for number, protection in enumerate(one.schedule.protections)
        if row[f"applies{number}"]
    ]
    return [(protection, until) for protection, until in found if until is None or until >= today]


def _judge(one: Record, applying: Applying, today: datetime.date) -> None:
    """Keep a record that a rule keeps although the person asks; who the person is, and what goes
    with them, is decided apart."""
    if applying:
        protection, until = max(applying, key=lambda found: (found[1] is None, found[1] or today))
        one.anyway = reasons.of_rule(protection.rule, until)
    declaration = one.schedule.declaration
    if isinstance(declaration.erase, Blank) or declaration.with_person:
        return
    stays = [(p, until) for p, until in applying if p.rule.on_request != OnRequest.ERASED]
    if stays:
        protection, until = max(stays, key=lambda found: (found[1] is None, found[1] or today))
        one.keep(reasons.of_rule(protection.rule, until))
        whole = [until for p, until in stays if p.rule.on_request == OnRequest.KEPT_WHOLE]
        one.needs_until = _latest(whole) if whole and not one.needs else until
        one.needs = one.needs or bool(whole)


def _keep_what_is_needed(one: Record, *, running: bool, requests: Sequence[OpenRequest]) -> None:
    """Keep a record that an agreement or another open request needs."""
    category = one.schedule.declaration.category
    asking = next((request for request in requests if request.needs(category)), None)
    if one.kept:
        return
    if running:
        one.keep(reasons.CONTRACT)
    elif asking is not None:
        one.keep(reasons.of_request(asking.label))
    one.needs = one.needs or one.kept


def _hold(one: Record, holds: AbstractSet[str]) -> None:
    """Keep a record under a legal hold, whose kind says what may be told of it."""
    speaks = next((reasons.HOLDS[kind] for kind in reasons.HOLDS if kind in holds), None)
    if speaks is not None:
        one.keep(speaks)
    else:
        one.keep_quietly()


def _until(protection: Protection, clock: Any) -> datetime.date | None:
    """The last day on which a rule protects a row; None while it does not run out."""
    if protection.rule.period is None or clock is None:
        return None
    day = clock.astimezone(LONDON).date() if isinstance(clock, datetime.datetime) else clock
    return last_protected_day(day, protection.rule.period, protection.rule.unit)


def _hang_together(made: ErasurePlan) -> None:
    """What stays keeps what it hangs on. The person's own row is decided apart."""
    known = {one.key: one for one in made.records}
    carried: dict[Key, list[Record]] = defaultdict(list)
    for one in made.records:  # children come first
        if not one.kept:
            continue
        for key in one.parents:
            parent = known.get(key)
            if parent is None or isinstance(parent.schedule.declaration.erase, Blank):
                continue
            if not parent.kept:
                # it stays as a part of the other, which may need nobody
                parent.kept, parent.needs = True, False
            elif key not in carried:
                continue  # it stays for a reason of its own
            carried[key].append(one)
            _tell_why_it_hangs(parent, carried[key])


def _tell_why_it_hangs(parent: Record, children: Sequence[Record]) -> None:
    """Why a record stays because of others: for the reason of that one which stays longest, of
    those that may be told of."""
    told = [one for one in children if one.told]
    parent.own = bool(told) and all(one.own for one in told)
    found = [one.reason for one in told if one.reason]
    last = _last_of([reason.until for reason in found])
    parent.reason = next((one for one in found if one.until == last), parent.anyway)


def _the_person(made: ErasurePlan) -> None:
    """Who the person is, and what goes with it, stays while a record needs it, for as long as the
    last of these."""
    needing = [one for one in made.records if one.kept and one.needs and not one.own]
    some = any(not one.asked for one in made.records)
    made.whole = not needing and not made.held and not some
    if made.whole:
        return
    told = [one for one in needing if one.told]
    last = _latest([one.needs_until for one in told]) if told else None
    for one in made.records:
        declaration = one.schedule.declaration
        if isinstance(declaration.erase, Blank) or declaration.with_person:
            if told or some:
                one.keep(Reason(NEEDED.why, last or NEEDED.until))
            else:
                one.keep_quietly()
