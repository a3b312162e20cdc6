"""One table on its way into the archive: counted, and the little of it kept that the document
shows. Memory stays flat."""

import datetime
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import models

from compliance.access.explanation import KeptUntil, RecipientLine
from compliance.access.records import PlainValue, RecordTable, Row
from compliance.disclosures.models import Disclosure
from compliance.retention.explain import british
from privacy.fields import SealedDateField

MOST_ROWS = 100  # of one table that stand in the document; the CSV file has them all
MOST_ENDS = 3  # different sentences about one table that stand in the document
POUNDS = " in pounds"
End = tuple[str, datetime.date | None]


@dataclass(frozen=True)
class Kind:
    """What the values of one column are: text, number, yes, day, moment or pounds."""

    name: str
    words: str
    kind: str


def kinds(table: RecordTable) -> list[Kind]:
    """The columns of a table with what their values are."""
    model = table.declaration.model
    return [
        Kind(
            name,
            words,
            "text"
            if name in table.declaration.redact or name in table.declaration.words
            else _kind(model._meta.get_field(name), words),
        )
        for name, words in table.columns.items()
    ]


def _kind(found: object, words: str) -> str:
    if isinstance(found, models.DecimalField):
        return "pounds" if words.endswith(POUNDS) else "number"
    if isinstance(found, models.DateTimeField):
        return "moment"
    if isinstance(found, models.DateField | SealedDateField):
        return "day"
    if isinstance(found, models.BooleanField):
        return "yes"
    return "number" if isinstance(found, models.IntegerField) and not found.choices else "text"


@dataclass
class Collected:
    """What is known of one table when all its records have passed by."""

    table: RecordTable
    count: int = 0
    latest: deque[Row] = field(default_factory=lambda: deque(maxlen=MOST_ROWS))
    months: Counter[str] = field(
        default_factory=Counter
    )  # 2026-11: how many records are of that month
    ends: Counter[End] = field(default_factory=Counter)  # until when, and why: how many records
    received: dict[tuple[str, str], list[str | int]] = field(default_factory=dict)

    def add(self, row: Row, end: End) -> None:
        """Count one record that is shown."""
        self.count += 1
        self.latest.append(row)
        self.ends[end] += 1
        if (when := self.table.when) and (day := row.values[when]):
            self.months[str(day)[:7]] += 1
        if self.table.declaration.model is Disclosure:
            self._receive(row.values)

    def _receive(self, values: dict[str, PlainValue]) -> None:
        day = str(values["occurred_on"])
        one = self.received.setdefault(
            (str(values["recipient_name"]), str(values["kind"])), [0, day, day]
        )
        one[0], one[2] = int(one[0]) + 1, day  # they come in the order of their days

    def recipients(self) -> Iterator[RecipientLine]:
        """Who received something, by name, each thing apart."""
        for (name, what), (times, first, last) in sorted(self.received.items()):
            yield RecipientLine(name, what, int(times), str(first), str(last))

    def kept(self) -> list[KeptUntil]:
        """How long the records are kept, the soonest end first; many different ends are put
        together."""
        ends = sorted(
            self.ends.items(),
            key=lambda one: (one[0][1] is None, one[0][1] or datetime.date.min, one[0][0]),
        )
        if len(ends) <= MOST_ENDS:
            return [
                KeptUntil(count, until.isoformat() if until else None, why)
                for (why, until), count in ends
            ]
        days = [until for (_, until), _ in ends if until]
        endless = [(why, count) for (why, until), count in ends if until is None]
        open_ended = sum(count for _, count in endless)
        found = (
            [
                KeptUntil(
                    self.count - open_ended,
                    days[-1].isoformat(),
                    (
                        f"Their periods end on different days, from {british(days[0])} to "
                        f"{british(days[-1])}. The day and the reason of "
                        f"each record stand in {self.table.file}.csv."
                    ),
                )
            ]
            if days
            else []
        )
        return found + ([KeptUntil(open_ended, None, endless[0][0])] if endless else [])
