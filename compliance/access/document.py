"""The pack as a document for people: an accessible PDF with contents, pictures, and plain words for
everything."""

import datetime
import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from audit import evidence
from compliance.access import pictures
from compliance.access.explanation import Explanation
from compliance.access.records import PlainValue, Row
from compliance.access.table_parts import POUNDS, Collected, Kind, kinds
from compliance.register import time_limits
from compliance.retention.explain import british
from customers import typeset
from customers.models import Customer

TEMPLATE = typeset.FOLDER / "packs" / "pack.typ"
CLAIM = re.compile(r'claim\("([a-z_.]+)"')
LINE, LONG = (
    96,
    240,
)  # signs: a table that needs more in a line, or holds longer texts, is written record by record
WORD, TEXT = 18, 28  # signs: no column gets more for its longest word, or for its longest text
MOST_CARDS = 40  # records of one table that are written out one below the other
MOST_SIGNS = 3_000  # of one text


def render(
    customer: Customer,
    collected: Sequence[Collected],
    explanation: Explanation,
    *,
    reference: str,
    files: Sequence[str],
    now: datetime.datetime,
) -> bytes:
    """The PDF (PDF/UA-1). TypesetError when it cannot be laid out. The same data at the same moment
    is the same bytes."""
    data = data_of(customer, collected, explanation, reference=reference, files=files, now=now)
    return typeset.document(
        TEMPLATE,
        typeset.printable(json.dumps(data, ensure_ascii=False)),
        timestamp=int(now.timestamp()),
    )


@lru_cache(maxsize=1)
def claims() -> tuple[str, ...]:
    """The names of the evidence on which sentences of the template rest. KeyError for one that
    there is not."""
    asked = dict.fromkeys(CLAIM.findall(TEMPLATE.read_text(encoding="utf-8")))
    if strange := asked.keys() - evidence.known():
        raise KeyError(f"{TEMPLATE.name} names evidence that there is not: {', '.join(strange)}")
    return tuple(asked)


def data_of(
    customer: Customer,
    collected: Sequence[Collected],
    explanation: Explanation,
    *,
    reference: str,
    files: Sequence[str],
    now: datetime.datetime,
) -> dict[str, Any]:
    """What the template is given. Overlong words can be broken, so that nothing leaves the page."""
    us = settings.CONTROLLER
    data = {
        "sender": {name: us[name] for name in ("name", "address", "telephone", "email")},
        "lead": us["data_protection_lead"],
        "reference": reference,
        "made": british(timezone.localdate(now)),
        "name": customer.full_name,
        "number": customer.customer_number or "",
        "records": sum(one.count for one in collected),
        "kinds": len(collected),
        "organisations": len({one["recipient"] for one in explanation.received}),
        "explanation": explanation.as_data(),
        "timeline": pictures.timeline(collected, until=timezone.localdate(now)),
        "map": pictures.map_of(explanation.received),
        "received": [
            one | {"first": british_of(one["first"]), "last": british_of(one["last"])}
            for one in explanation.received
        ],
        "kept": [
            {
                "title": one.table.title,
                "ends": [
                    {
                        "records": kept.records,
                        "until": british_of(kept.until) if kept.until else "",
                        "why": kept.why,
                    }
                    for kept in one.kept()
                ],
            }
            for one in collected
        ],
        "tables": [_table(one) for one in collected],
        "files": list(files),
        "proved": [name for name in claims() if evidence.holds(name, explanation)],
        "acknowledged_within": time_limits.period("complaint_ack"),
    }
    return dict(_breakable(data))


def _table(one: Collected) -> dict[str, Any]:
    """One table: as rows where its columns fit side by side, else record by record."""
    known = kinds(one.table)
    rows = list(one.latest)
    used = [kind for kind in known if any(row.values[kind.name] not in (None, "") for row in rows)]
    widths = [_width(kind, rows) for kind in used]
    as_cards = (
        one.count == 1
        or sum(least for least, _ in widths) > LINE
        or any(len(str(row.values[kind.name])) > LONG for row in rows for kind in used)
    )
    rows = rows[-MOST_CARDS:] if as_cards else rows
    when = one.table.when if one.count > 1 else None
    return {
        "title": one.table.title,
        "file": f"{one.table.file}.csv",
        "count": one.count,
        "shown": len(rows),
        "cards": [_card(row, used, when) for row in rows] if as_cards else [],
        "head": [] if as_cards else [_heading(kind) for kind in used],
        "columns": [wanted for _, wanted in widths],
        "right": [kind.kind in ("pounds", "number") for kind in used],
        "rows": []
        if as_cards
        else [[said(row.values[kind.name], kind.kind) for kind in used] for row in rows],
    }


def _card(row: Row, used: Iterable[Kind], when: str | None) -> dict[str, Any]:
    filled = [kind for kind in used if row.values[kind.name] not in (None, "")]
    dated = [said(row.values[kind.name], kind.kind) for kind in filled if kind.name == when]
    return {
        "when": dated[0] if dated else "",
        "facts": [
            [_heading(kind), said(row.values[kind.name], kind.kind)]
            for kind in filled
            if kind.name != when
        ],
    }


def _width(kind: Kind, rows: Iterable[Row]) -> tuple[int, int]:
    """How many signs a column needs at least (its longest word), and would like to have (its
    longest text)."""
    texts = [said(row.values[kind.name], kind.kind) for row in rows]
    dated = kind.kind in ("day", "moment")  # a day stays in one line
    words = [
        *(word for text in texts for word in ([text] if dated else text.split())),
        *_heading(kind).split(),
    ]
    least = min(max(map(len, words), default=0), WORD) + 2
    return least, max(least, min(max(map(len, texts), default=0), TEXT))


def _heading(kind: Kind) -> str:
    return kind.words.removesuffix(POUNDS)


def said(value: PlainValue, kind: str) -> str:
    """A value as people write it: 1 March 2020, 14:05; £1,234.50; Yes."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if kind == "pounds":
        amount = Decimal(str(value))
        return f"{'−' if amount < 0 else ''}£{abs(amount):,.2f}"
    if kind in ("day", "moment"):
        return british_of(str(value))
    text = str(value)
    return (
        text
        if len(text) <= MOST_SIGNS
        else f"{text[:MOST_SIGNS]} … (the rest stands in the CSV file)"
    )


def british_of(moment: str) -> str:
    """An ISO day or moment as people write it."""
    if len(moment) <= len("2026-11-23"):
        return british(datetime.date.fromisoformat(moment))
    found = datetime.datetime.fromisoformat(moment)
    return f"{british(found.date())}, {found:%H:%M}"


def _breakable(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _breakable(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_breakable(value) for value in data]
    return typeset.breakable(data) if isinstance(data, str) else data
