"""What must be told beside the data (UK GDPR Article 15(1)(a) to (h) and 15(2)), from the register
and the log of recipients.

It goes by the categories of which something is shown, and by the records that are shown: of what
must not be tipped off it says what the privacy notice says to everybody, and no more.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from compliance.access.records import shown, title_of
from compliance.disclosures.received import Standing
from compliance.register import notice, regulator
from compliance.register.countries import name_of
from compliance.register.models import DataCategory, Purpose, Recipient
from compliance.register.promises import rights
from compliance.register.shape import HOME
from compliance.register.wording import BASES, KINDS, SAFEGUARDS
from privacy.declarations import Declaration, declarations


@dataclass(frozen=True)
class RecipientLine:
    """One organisation that received something, named as it was called then: what, how often, from
    when to when."""

    recipient: str
    what: str
    times: int
    first: str
    last: str

    @classmethod
    def of(cls, one: Standing) -> "RecipientLine":
        """One that receives something with every order, payment or message."""
        return cls(one.name, one.what, one.times, one.first.isoformat(), one.last.isoformat())


@dataclass(frozen=True)
class KeptUntil:
    """How long records of one table are kept: how many alike, and until which day where there is
    one."""

    records: int
    until: str | None
    why: str


@dataclass(frozen=True)
class Explanation:
    """Everything that is told beside the data, as plain values."""

    categories: list[dict[str, Any]]  # Article 15(1)(b) and (g)
    purposes: list[dict[str, Any]]  # (a), with the lawful bases
    received: list[dict[str, Any]]  # (c): by name, from the log
    recipients: list[dict[str, Any]]  # (c): who else may receive such data, from the register
    rights: list[dict[str, str]]  # (e)
    complaints: dict[str, dict[str, str]]  # (ea) and (f): to us, to the regulator
    decisions: list[dict[str, str]]  # (h): logic and consequence
    transfers: list[dict[str, str]]  # Article 15(2)
    withheld: list[dict[str, Any]]  # what is not shown, and why

    def as_data(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def explain(
    held: Mapping[str, Sequence[Declaration]],
    received: Sequence[RecipientLine],
    *,
    today: datetime.date,
) -> Explanation:
    """The explanation for a person of whom something is shown: `held` are the tables with it, by
    the code of the category."""
    facts = notice.read(today)
    categories = [category for category in facts.categories if category.code in held]
    purposes = [
        purpose
        for purpose in facts.purposes
        if any(one.code in held for one in purpose.categories.all())
    ]
    concerned = _recipients(facts, purposes)
    told = {row.name: row for row in facts.recipients}
    abroad = [
        told[name]
        for name in dict.fromkeys(
            [
                *(one.recipient for one in received if one.recipient in told),
                *(one.name for one in concerned),
            ]
        )
        if told[name].country != HOME
    ]
    us = settings.CONTROLLER
    return Explanation(
        categories=[
            {
                "code": one.code,
                "name": one.name,
                "description": one.description,
                "source": one.source,
                "tables": [title_of(table) for table in held[one.code]],
            }
            for one in categories
        ],
        purposes=[_purpose(one, held) for one in purposes],
        received=[asdict(one) | _reached(told.get(one.recipient)) for one in received],
        recipients=[
            {"name": one.name, "kind": KINDS[one.kind], "receives": one.receives}
            for one in concerned
        ],
        rights=[
            {"right": right, "meaning": meaning, "answered": answered}
            for right, meaning, answered in rights()
        ],
        complaints={
            "us": {name: us[name] for name in ("name", "address", "telephone", "email")},
            "regulator": regulator.on(today),
        },
        decisions=[
            {"purpose": one.name, "logic": one.automated_decision}
            for one in purposes
            if one.automated_decision
        ],
        transfers=[
            {
                "recipient": one.name,
                "country": name_of(one.country),
                "safeguard": SAFEGUARDS.get(one.safeguard, ""),
                "detail": one.safeguard_detail,
            }
            for one in abroad
        ],
        withheld=_withheld(
            {table.label for tables in held.values() for table in tables}, facts.categories
        ),
    )


def _purpose(purpose: Purpose, held: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": purpose.name,
        "description": purpose.description,
        "uses": [one.name for one in purpose.categories.all() if one.code in held],
        "bases": [
            {
                "name": BASES[one.article][0],
                "article": f"6(1)({one.article})",
                "explanation": one.explanation,
            }
            for one in purpose.lawful_bases.all()
        ],
        "involved": [one.name for one in purpose.recipients.all()],
    }


def _recipients(facts: notice.RegisterOnDay, purposes: Iterable[Purpose]) -> list[Recipient]:
    """Who may receive data for some purposes, as the register stands today, kind by kind."""
    codes = {one.code for purpose in purposes for one in purpose.recipients.all()}
    order = list(KINDS)
    return sorted(
        (one for one in facts.current if one.code in codes),
        key=lambda one: (order.index(one.kind), one.name),
    )


def _reached(recipient: Recipient | None) -> dict[str, str]:
    """How the register says that an organisation is reached; empty texts for one that it does not
    name."""
    fields = ("address", "telephone", "email", "website")
    return {name: str(getattr(recipient, name)) if recipient else "" for name in fields}


def _withheld(labels: set[str], categories: Iterable[DataCategory]) -> list[dict[str, Any]]:
    """Why something is not shown, and of what: of the tables that are shown, and of those that are
    shown to nobody, which is told to everybody."""
    names = {category.code: category.name for category in categories}
    open_to_people = {declaration.label for declaration in shown()}
    found: dict[str, list[str]] = {}
    for declaration in declarations():
        is_open = declaration.label in open_to_people
        if declaration.label in labels or not is_open:
            where = (
                title_of(declaration)
                if is_open
                else names.get(declaration.category, title_of(declaration))
            )
            for reason in dict.fromkeys(declaration.withhold.values()):
                found.setdefault(reason, []).append(where)
    return [
        {"reason": reason, "tables": list(dict.fromkeys(where))} for reason, where in found.items()
    ]
