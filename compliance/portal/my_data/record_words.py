"""One record as its person reads it: British dates, pounds, yes and no. No model is read here."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from compliance.access.records import PlainValue, RecordTable, Row
from compliance.access.reviewed import NOT_READ
from compliance.deadlines.wording import words_of
from privacy.fields import SealedDateField


@dataclass(frozen=True)
class RecordInWords:
    """One record: its first date with what happened then, and what else stands in it, question by
    question."""

    key: str
    when: str
    then: str
    values: list[tuple[str, str]]


def record(table: RecordTable, row: Row) -> RecordInWords:
    """A row as it is read. What is empty, and what a colleague must read first, is left out."""
    when = row.values.get(table.when) if table.when else None
    then = table.columns[table.when] if table.when and when else ""
    return RecordInWords(row.pk, _day(str(when)) if when else "", then, list(_values(table, row)))


def left_out(table: RecordTable) -> list[str]:
    """How the texts of a table are called that a colleague must read before they are shown."""
    return [table.columns[name] for name in table.declaration.review]


def _values(table: RecordTable, row: Row) -> Iterator[tuple[str, str]]:
    for name, label in table.columns.items():
        value = row.values[name]
        if value not in (None, "", NOT_READ) and name != table.when:
            yield (
                label.removesuffix(" in pounds"),
                _in_words(table, name, value),
            )  # the amount bears its sign


def _in_words(table: RecordTable, name: str, value: PlainValue) -> str:
    field = table.declaration.model._meta.get_field(name)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if name in table.declaration.words:
        return str(value)
    if isinstance(field, models.DateTimeField):
        return _moment(str(value))
    if isinstance(field, models.DateField | SealedDateField):
        return _day(str(value))
    if isinstance(field, models.DecimalField):
        return pounds(str(value))
    return str(value)


def _day(text: str) -> str:
    """“1 May 2026” of a day or moment in ISO form."""
    return words_of(datetime.date.fromisoformat(text[:10]), False)


def _moment(text: str) -> str:
    return f"{_day(text)} at {text[11:16]}"


def pounds(text: str) -> str:
    """“£1,234.50” of an amount in digits."""
    sign, digits = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, _, pence = digits.partition(".")
    return f"{sign}£{int(whole):,}.{pence or '00'}"
