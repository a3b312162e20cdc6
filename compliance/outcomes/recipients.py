"""Recipients who must be told that data was corrected, erased or restricted (UK GDPR Article 19).

The log of disclosures says who they are, as they were called when they last received something, and
the register who receives something with every order, payment or message. Each gets an instruction,
which is followed on the desk. Of whom the person may not know (see `customers.models.markers`) is
told apart: no letter names them.
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q

from audit.evidence import Evidence
from compliance.cases.lines import Line
from compliance.cases.models import Case, Outcome, Restriction
from compliance.disclosures import instructions, received
from compliance.disclosures.instructions import Addressee
from compliance.disclosures.models import Instruction
from compliance.outcomes.base import token_of
from customers.models import Customer
from privacy import declarations

What = Instruction.What
STOPPING = (What.RESTRICT, What.RELEASE, What.STOP, What.RESUME)
# What it makes no sense to tell any more whoever is to erase everything.
WITHIN = (What.CORRECT, What.RESTRICT, What.RELEASE, What.STOP, What.RESUME)
ERASED = "They are told to erase it instead."
LIFTED = "The restriction was lifted before they were told: there is nothing to tell any more."


@dataclass(frozen=True)
class Told:
    """Who had a person's data, and the lines by which they find the person: read before an erasure
    takes both away."""

    holders: list[received.Holder]
    apart: dict[str, str]  # those of whom the person may not know
    short: str
    full: str
    own: str  # for our own systems: the customer number too

    @property
    def partners(self) -> dict[str, str]:
        """Marketing partners and no more: they had nothing but a list."""
        return {one.code: one.name for one in self.holders if one.lists_only}

    def lines_for(self, one: received.Holder) -> str:
        """The lines by which one of them finds the person: no more than it can have had."""
        return self.full if one.can_have is None else self.short

    @property
    def others(self) -> list[received.Holder]:
        """Everyone who had anything else."""
        return [one for one in self.holders if not one.lists_only]


def read(customer: Customer, *, filings: bool) -> Told:
    """Who had a person's data; with `filings` also who was told of a fraud."""
    full = instructions.find_by(customer)
    return Told(
        received.holders(customer, filings=filings),
        received.in_confidence(customer, filings=filings),
        instructions.find_by(customer, short=True),
        full,
        f"{instructions.NUMBER}{customer.customer_number}\n{full}",
    )


def to_tell(
    case: Case, outcome: Outcome, what: What, *, said: Mapping[str, str] | None = None
) -> None:
    """List everyone who received what was corrected or restricted as to be told of it.

    `said` tells what was corrected, by field: nobody learns of a field that it cannot have had. A
    filing must be right too; but it stays with its agency when the person's data is restricted.
    """
    told, said = read(case.person, filings=what == What.CORRECT), said or {}
    to = []
    for one in told.holders:
        known = {
            field: text
            for field, text in said.items()
            if one.can_have is None or field in one.can_have
        }
        if known or not said:
            to.append(_addressee(one.code, one.name, told.lines_for(one), known))
    to += [_addressee(*one, told.full, said, confidential=True) for one in told.apart.items()]
    _list(case, outcome, what, to)


def erased(case: Case, outcome: Outcome, told: Told, *, whole: bool) -> None:
    """List who must be told that it was erased: marketing partners, who had nothing but what is
    erased now; the others when nothing of the person stays, and the shop, from which the person
    would come back with the next file."""
    to = [_addressee(*one, told.short) for one in told.partners.items()]
    if whole:
        to += [_addressee(one.code, one.name, told.lines_for(one)) for one in told.others]
        ours = instructions.named([instructions.SHOP], on=outcome.day)
        to += [_addressee(*one, told.own) for one in ours.items()]
        to += [_addressee(*one, told.full, confidential=True) for one in told.apart.items()]
    _list(case, outcome, What.ERASE, to)
    if whole:
        _overtaken(case, outcome)


def _overtaken(case: Case, outcome: Outcome) -> None:
    """Whoever is to erase everything need not be told any more what else was to be done with it."""
    mine = case.person.instructions
    erasing = mine.filter(origin=outcome.token, what=What.ERASE).values("recipient")
    rows = mine.to_tell().filter(what__in=WITHIN, recipient__in=erasing)
    if keys := list(rows.values_list("pk", flat=True)):
        instructions.impossible(keys, why=ERASED, by=outcome.by, now=outcome.at)


def take_back(restriction: Restriction, *, by: str, now: datetime.datetime) -> None:
    """List everyone who was told of a restriction, now that it is lifted; nobody who was not."""
    case = restriction.case
    rows = list(Instruction.objects.filter(reference=case.reference, what=What.RESTRICT))
    untold = [row.pk for row in rows if row.told_on is None and not row.settled]
    if untold:
        instructions.impossible(untold, why=LIFTED, by=by, now=now)
    told = [row for row in rows if row.told_on]
    if not told or restriction.customer.erased_at:
        return
    case.customer = restriction.customer
    outcome = Outcome.objects.create(
        case=case, effect="lift", token=token_of(case, f"lift {restriction.pk}"), at=now, by=by
    )
    about = instructions.find_by(restriction.customer)
    to = [
        _addressee(row.recipient, row.recipient_name, about, confidential=row.confidential)
        for row in told
    ]
    _list(case, outcome, What.RELEASE, to)


def _addressee(
    code: str,
    name: str,
    lines: str,
    said: Mapping[str, str] | None = None,
    *,
    confidential: bool = False,
) -> Addressee:
    about = "\n".join([lines, *(said or {}).values()])
    return Addressee(code, name, about, tuple(said or ()), confidential)


def _list(case: Case, outcome: Outcome, what: What, to: Collection[Addressee]) -> None:
    instructions.instruct_each(
        case.person,
        list({one.code: one for one in reversed(list(to))}.values()),  # the first of each
        what,
        origin=outcome.token,
        reference=case.reference,
        by=outcome.by,
        now=outcome.at,
    )


def told(case: Case) -> list[Line]:
    """The recipients that a letter may name, each with how far it is with telling them, and why
    where that proved impossible: never those of whom the person may not know. What one of our own
    systems is to stop, or to put right itself, stands in a line of its own."""
    rows = declarations.told(Instruction.objects.filter(reference=case.reference)).exclude(
        Q(what__in=STOPPING) | Q(parts=["other"]), recipient__in=instructions.OURS
    )
    latest = {
        row.recipient_name: row for row in rows.order_by("recipient_name", "asked_at", "-what")
    }
    return [
        Line.told(
            f"{name}, a system of our own" if row.recipient in instructions.OURS else name,
            row,
            Evidence.row(row, row.asked_at),
        )
        for name, row in latest.items()
    ]
