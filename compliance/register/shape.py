"""The register as plain values: the shipped file and the live database in one shape, so that one
function checks both.
"""

import datetime
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from compliance.register import models

SHIPPED = Path(__file__).parent / "data" / "register.toml"
HOME = "GB"


@dataclass(frozen=True)
class PurposeRow:
    code: str
    categories: tuple[str, ...]
    bases: tuple[str, ...]  # articles
    systems: tuple[str, ...] = ()  # our own other systems that do the work
    condition: str = ""  # of Schedule 1, for data about offences and health


@dataclass(frozen=True)
class RuleRow:
    code: str
    category: str
    purpose: str
    clock: str
    condition: str = ""


@dataclass(frozen=True)
class RecipientRow:
    code: str
    name: str
    country: str = HOME
    safeguard: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Register:
    """What the checks need to know of a register. Retired rows are not in it; recipients and
    countries are today's.
    """

    source: str  # where a reader would mend it
    categories: tuple[str, ...]
    purposes: tuple[PurposeRow, ...]
    rules: tuple[RuleRow, ...]
    recipients: tuple[RecipientRow, ...]
    adequate: Mapping[str, str]  # country -> scope, empty for every recipient there
    every_rule: frozenset[str] = frozenset()  # the codes of all rules, retired ones too


@lru_cache(maxsize=1)
def shipped_file() -> dict[str, Any]:
    """The tables of `data/register.toml`."""
    return tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


def shipped(today: datetime.date | None = None) -> Register:
    """The register that the product ships, as it stands today."""
    tables, today = shipped_file(), today or timezone.localdate()
    own = models.Recipient.Kind.OWN_SYSTEM
    systems = {row["code"] for row in _standing(tables["recipient"], today) if row["kind"] == own}
    return Register(
        source="compliance/register/data/register.toml",
        categories=tuple(row["code"] for row in tables["category"]),
        purposes=tuple(
            PurposeRow(
                row["code"],
                tuple(row["categories"]),
                tuple(b["article"] for b in row["bases"]),
                tuple(code for code in row.get("recipients", ()) if code in systems),
                row.get("condition", ""),
            )
            for row in tables["purpose"]
        ),
        rules=tuple(
            RuleRow(
                row["code"], row["category"], row["purpose"], row["clock"], row.get("condition", "")
            )
            for row in tables["rule"]
        ),
        recipients=tuple(
            RecipientRow(
                row["code"],
                row["name"],
                row.get("country", HOME),
                row.get("safeguard", ""),
                row.get("safeguard_detail", ""),
            )
            for row in _standing(tables["recipient"], today)
        ),
        adequate={
            country: row.get("scope", "")
            for country, row in tables["adequacy"].items()
            if _stands(row, today)
        },
    )


def live(today: datetime.date | None = None) -> Register | None:
    """The register in the database, in seven queries; None when there is no database, no table or no
    row yet."""
    try:
        with transaction.atomic():
            return _read(today or timezone.localdate())
    except DatabaseError:
        return None


def _read(today: datetime.date) -> Register | None:
    categories = tuple(models.DataCategory.objects.in_use().values_list("code", flat=True))
    if not categories:
        return None
    purposes = models.Purpose.objects.in_use()
    uses = _grouped(
        purposes.filter(categories__retired_on=None).values_list("code", "categories__code")
    )
    rests = list(purposes.values_list("code", "lawful_bases__article", "condition"))
    bases = _grouped((code, article) for code, article, _ in rests)
    conditions = {code: condition for code, _, condition in rests}
    own = models.Recipient.objects.on(today).filter(kind=models.Recipient.Kind.OWN_SYSTEM)
    systems = _grouped(purposes.filter(recipients__in=own).values_list("code", "recipients__code"))
    rules = models.RetentionRule.objects.order_by("code").values_list(
        "code", "category__code", "purpose__code", "clock", "condition", "retired_on"
    )
    return Register(
        source="the register on the desk",
        categories=categories,
        purposes=tuple(
            PurposeRow(code, uses.get(code, ()), found, systems.get(code, ()), conditions[code])
            for code, found in bases.items()
        ),
        rules=tuple(RuleRow(*row) for *row, retired_on in rules if retired_on is None),
        every_rule=frozenset(code for code, *_ in rules),
        recipients=tuple(
            RecipientRow(*row)
            for row in models.Recipient.objects.on(today)
            .order_by("code")
            .values_list("code", "name", "country", "safeguard", "safeguard_detail")
        ),
        adequate=dict(models.AdequacyDecision.objects.on(today).values_list("country", "scope")),
    )


def _grouped(pairs: Iterable[tuple[str, str | None]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for key, value in pairs:
        groups[key] = (*groups.get(key, ()), *([value] if value else []))
    return groups


def _standing(rows: Iterable[dict[str, Any]], day: datetime.date) -> list[dict[str, Any]]:
    return [row for row in rows if _stands(row, day)]


def _stands(row: Mapping[str, Any], day: datetime.date) -> bool:
    return bool(row.get("valid_from", day) <= day <= row.get("valid_to", day))
