"""The newest records of many tables about one person in one query, and the older ones page by page.

Like the gathering it goes by the declarations alone, and what must not be tipped off is left out by
the statement itself.
"""

import json
from base64 import b16decode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, JSONObject

from compliance.access import records
from compliance.access.records import RecordTable, Row
from compliance.access.reviewed import Texts
from customers.models import Customer
from privacy.declarations import declaration_of, resolve
from privacy.fields import SealedTextField

KEY, WHEN = "key", "when"
Without = Mapping[
    str, Collection[str]
]  # records that are passed over: primary keys by the model's label
Found = dict[str, Any]  # the key, the moment, and the columns by their place: c0, c1, ...


def newest(
    tables: Sequence[RecordTable],
    customer: Customer,
    *,
    most: int,
    texts: Texts,
    without: Without | None = None,
) -> dict[str, list[Row]]:
    """The newest rows of each table by its label, at most so many of each. One query, however many
    tables there are."""
    parts = [
        _first(table, _about(table, customer, without), most, place)
        for place, table in enumerate(tables)
    ]
    found: dict[int, list[Found]] = {}
    for place, row in parts[0].union(*parts[1:], all=True) if parts else ():
        found.setdefault(place, []).append(_parsed(row))
    return {
        table.label: list(_read(table, customer, found.get(place, ()), texts))
        for place, table in enumerate(tables)
    }


def page(
    table: RecordTable,
    customer: Customer,
    *,
    most: int,
    texts: Texts,
    before: str = "",
    without: Without | None = None,
) -> tuple[list[Row], bool]:
    """At most so many rows of one table, the newest first, and whether there are older ones. At
    most two queries.

    `before` is the key of the last row of the page before; with one that is not the person's it
    begins anew.
    """
    rows = _about(table, customer, without)
    if last := _known(table, rows, before):
        rows = rows.filter(_older(table, last))
    found = [_parsed(row) for _, row in _first(table, rows, most + 1, 0)]
    return list(_read(table, customer, found, texts))[:most], len(found) > most


def _about(table: RecordTable, customer: Customer, without: Without | None) -> QuerySet[Any]:
    return records.about(table.declaration, customer.pk).exclude(
        pk__in=(without or {}).get(table.label, ())
    )


def _first(table: RecordTable, rows: QuerySet[Any], most: int, place: int) -> QuerySet[Any]:
    """The statement of the newest rows: the number of the table, and each row as JSON, in which all
    tables are alike.

    It finds the rows by their keys first, so that no other row is opened or written as JSON.
    """
    moment = [F(table.when).desc(nulls_last=True)] if table.when else []
    columns = {
        f"c{number}": column
        for number, (_, column, _) in enumerate(_columns(table.declaration.model))
    }
    row = JSONObject(**{KEY: F("pk"), WHEN: F(table.when) if table.when else Value(""), **columns})
    keys = rows.order_by(*moment, "-pk").values("pk")[:most]
    found: QuerySet[Any, Any] = rows.model._base_manager.filter(pk__in=keys).values_list(
        Value(place), Cast(row, TextField())
    )
    return found


def _older(table: RecordTable, last: models.Model) -> Q:
    """The rows after one: of an earlier moment, or of the same one and a lower key; those without a
    moment at the end."""
    lower = Q(pk__lt=last.pk)
    if not table.when:
        return lower
    moment = getattr(last, table.when)
    if moment is None:
        return Q(**{f"{table.when}__isnull": True}) & lower
    return (
        Q(**{f"{table.when}__lt": moment})
        | Q(**{f"{table.when}__isnull": True})
        | (Q(**{table.when: moment}) & lower)
    )


def _known(table: RecordTable, rows: QuerySet[Any], key: str) -> models.Model | None:
    """The row that a page ended with; None when there is no such row about this person."""
    try:
        named = table.declaration.model._meta.pk.to_python(key) if key else None
        return (
            None
            if named is None
            else rows.only("pk", *filter(None, [table.when])).filter(pk=named).first()
        )
    except (ValidationError, ValueError, OverflowError):
        return None


Convert = Callable[[Any], Any]


@lru_cache(maxsize=512)
def _columns(model: type[models.Model]) -> list[tuple[str, Any, Convert]]:
    """The name of each column that is shown, what is read of it, and how that comes back from
    JSON."""
    declaration = declaration_of(model)
    found: list[tuple[str, Any, Convert]] = []
    for name in declaration.export:
        path = declaration.words.get(name)
        path = path if isinstance(path, str) else name
        found.append((name, F(path), _from_json(resolve(model, path))))
    return found + [
        (name, records.redacted_column(model, name), _as_it_is) for name in declaration.redact
    ]


def _from_json(field: "models.Field[Any, Any]") -> Convert:
    """A value of a field as the database gives it, from the form that it has in JSON."""
    if isinstance(field, SealedTextField):
        return lambda value: field.from_db_value(
            b16decode(value.removeprefix("\\x"), casefold=True), None, connection
        )
    return field.to_python


def _as_it_is(value: Any) -> Any:
    return value


def _parsed(row: str) -> Found:
    return dict(json.loads(row, parse_float=Decimal))


def _read(
    table: RecordTable, customer: Customer, found: Iterable[Found], texts: Texts
) -> Iterator[Row]:
    """The rows as they are shown, the newest first."""
    columns = _columns(table.declaration.model)
    readers = records.statement_of(table.declaration.model).readers(customer)
    for one in sorted(found, key=lambda one: (one[WHEN] or "", one[KEY]), reverse=True):
        key = str(one[KEY])
        values = [
            None if (value := one[f"c{place}"]) is None else convert(value)
            for place, (_, _, convert) in enumerate(columns)
        ]
        if (
            row := records.reviewed(table, records.row_of(key, readers, values), texts)
        ) is not None:
            yield row
