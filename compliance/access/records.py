"""Everything held about one person that may be shown to them, read from the declarations of all
rooms.

One query says which tables hold something, and one more reads each of them through a cursor of the
server, so memory stays flat. Each table's statement is compiled by the ORM once and kept; only the
person differs. Rows whose existence must not be tipped off are left out by the statement itself, so
nothing that counts, groups or draws can know of them.
"""

import datetime
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils import timezone
from django.utils.text import slugify

from compliance.access.reviewed import REDACTED, Texts
from customers.models import Customer
from privacy.declarations import Declaration, declaration_of, declarations, resolve, told
from privacy.fields import SealedTextField

PlainValue = None | bool | int | str
SOMEBODY = uuid.UUID(
    "00000000-0000-4000-8000-000000000000"
)  # in a compiled statement: where the person goes
AT_ONCE = 2_000  # rows that are fetched in one go
YOU, PROGRAM = "You", "Our computer system"


@dataclass(frozen=True)
class RecordTable:
    """One declaration_of model that holds something about this person. `many` records are read through a
    cursor of the server."""

    declaration: Declaration
    many: bool = True

    @property
    def label(self) -> str:
        """`customers.Order`: what review and JSON know it by."""
        return self.declaration.label

    @property
    def title(self) -> str:
        """What the person would call these records."""
        return title_of(self.declaration)

    @property
    def file(self) -> str:
        """The name of its CSV file, without the extension: unique among all tables."""
        return _files()[self.label]

    @property
    def columns(self) -> dict[str, str]:
        """Name of field to the words that the person sees: what is exported, then what is
        redacted."""
        return {**self.declaration.export, **self.declaration.redact}

    @property
    def when(self) -> str | None:
        """The field that dates a record: the first day or moment that is shown. Records come in its
        order."""
        return when_of(self.declaration)


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its primary key as text, and its values by the names of the fields."""

    pk: str
    values: dict[str, PlainValue]


@dataclass(frozen=True, slots=True)
class Passage:
    """One free text that a person reads before it is shown. `when` is an ISO day or moment."""

    label: str
    pk: str
    field: str
    title: str
    when: str | None
    text: str


def shown() -> Iterator[Declaration]:
    """The declarations of which anything can be shown to one person."""
    return (
        declaration
        for declaration in declarations()
        if declaration.subject_path is not None and (declaration.export or declaration.redact)
    )


def tables(customer: Customer) -> list[RecordTable]:
    """The tables that hold at least one row about the person that may be shown, found by one
    query."""
    known, sql, params = _presence()
    with connection.cursor() as cursor:
        cursor.execute(sql, _for(customer, params))
        found = cursor.fetchone() or ()
    return [
        RecordTable(declaration, many=count > AT_ONCE)
        for declaration, count in zip(known, found, strict=True)
        if count
    ]


def rows(table: RecordTable, customer: Customer, *, texts: Texts) -> Iterator[Row]:
    """The records of one table in the order of their dates, by one query; many of them through a
    cursor of the server.

    Free text stands as `texts` gives it, another person's data as `REDACTED`; a record that is held
    back is left out.
    """
    for row in unreviewed(table, customer):
        if (shown_row := reviewed(table, row, texts)) is not None:
            yield shown_row


def unreviewed(table: RecordTable, customer: Customer) -> Iterator[Row]:
    """The same before anybody's decision about free text and whole records: never to be handed
    out."""
    statement = statement_of(table.declaration.model)
    readers = statement.readers(customer)
    for pk, *values in _fetched(statement, customer, many=table.many):
        yield row_of(str(pk), readers, values)


def row_of(pk: str, readers: Sequence[tuple[str, "Read"]], values: Iterable[Any]) -> Row:
    """A record from its values, in the order of `Statement.readers`."""
    return Row(
        pk,
        {
            name: None if value is None else read(value)
            for (name, read), value in zip(readers, values, strict=True)
        },
    )


def reviewed(table: RecordTable, row: Row, texts: Texts) -> Row | None:
    """A record with what was decided about its free text; None when the whole of it is held
    back."""
    label = table.label
    if not texts.shows(label, row.pk):
        return None
    fields = table.declaration.review
    if not fields:
        return row
    return Row(
        row.pk,
        row.values
        | {
            name: texts.text(label, row.pk, name, str(text)) or None
            for name in fields
            if (text := row.values[name])
        },
    )


def passages(customer: Customer) -> Iterator[Passage]:
    """Every declaration_of free text about the person that says something, unredacted: for those who read
    it."""
    for table in tables(customer):
        fields, when = table.declaration.review, table.when
        if not fields:
            continue
        for row in unreviewed(table, customer):
            moment = row.values[when] if when else None
            for field in fields:
                if text := row.values[field]:
                    yield Passage(
                        table.label,
                        row.pk,
                        field,
                        f"{table.title}: {table.columns[field]}",
                        str(moment) if moment else None,
                        str(text),
                    )


class Digest:
    """The digest of everything gathered in one table, before redaction."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, row: Row) -> None:
        self._hash.update(json.dumps([row.pk, row.values], ensure_ascii=False).encode())

    def hex(self) -> str:
        return self._hash.hexdigest()


def digests(customer: Customer) -> dict[str, str]:
    """For each table its hex digest (SHA-256), before redaction: another one when anything that is
    shown of it changed.

    What comes of answering the person (codes, letters about a request, its progress) is left out:
    else each step of the work on a pack would make it outdated.
    """
    found: dict[str, str] = {}
    with snapshot():
        for table in tables(customer):
            if not table.declaration.answering:
                digest = Digest()
                for row in unreviewed(table, customer):
                    digest.add(row)
                found[table.label] = digest.hex()
    return found


def fingerprint(customer: Customer) -> str:
    """One hex digest of all of `digests`."""
    return fingerprint_of(digests(customer))


def fingerprint_of(found: dict[str, str]) -> str:
    """The fingerprint of some digests by table."""
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read inside stands as at one moment. Inside a transaction of the caller's, that
    one decides."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def title_of(declaration: Declaration) -> str:
    """What a person would call the records of a model."""
    plural = str(declaration.model._meta.verbose_name_plural)
    return declaration.title or plural[:1].upper() + plural[1:]


def when_of(declaration: Declaration) -> str | None:
    """The first exported day or moment that the database can order by."""
    model = declaration.model
    return next(
        (
            name
            for name in declaration.export
            if isinstance(model._meta.get_field(name), models.DateField)
        ),
        None,
    )


def about(declaration: Declaration, somebody: uuid.UUID) -> QuerySet[Any]:
    """The rows of a model about one person that may be shown, in the order of their dates."""
    found = declaration.model._base_manager.filter(**{declaration.subject_path or "pk": somebody})
    return told(found).order_by(*order_of(declaration))


def order_of(declaration: Declaration) -> tuple[str, ...]:
    """By which fields the rows of a model stand in a pack."""
    when = when_of(declaration)
    return (when, "pk") if when else ("pk",)


@lru_cache(maxsize=1)
def _files() -> dict[str, str]:
    names: dict[str, str] = {}
    for declaration in shown():
        name = slugify(title_of(declaration)).replace("-", "_")
        names[declaration.label] = (
            name if name not in names.values() else f"{name}_{slugify(declaration.label)}"
        )
    return names


Read = Callable[[Any], PlainValue]


@dataclass(frozen=True)
class SqlStatement:
    """The compiled statement of one model, and how each of its columns is read."""

    declaration: Declaration
    sql: str
    params: tuple[Any, ...]
    converters: tuple[tuple[Callable[..., Any], ...], ...]  # of the ORM, by position: they unseal
    expressions: tuple[Any, ...]

    def readers(self, customer: Customer) -> list[tuple[str, Read]]:
        """For each column after the key, the field's name and the function from its value to what
        is shown."""
        words = self.declaration.words
        found = [
            (name, made() if callable(made := words.get(name)) else plain)
            for name, plain in self._plain.items()
        ]
        redacted = _redacted(customer)
        return found + [(name, redacted) for name in self.declaration.redact]

    @cached_property
    def _plain(self) -> dict[str, Read]:
        declaration = self.declaration
        return {
            name: _in_words(resolve(declaration.model, name), by_path=name in declaration.words)
            for name in declaration.export
        }


@lru_cache(maxsize=512)
def statement_of(model: type[models.Model]) -> SqlStatement:
    """The statement of one model, compiled once: what is read of its rows, and how."""
    declaration = declaration_of(model)
    columns = [
        path if isinstance(path := declaration.words.get(name), str) else name
        for name in declaration.export
    ]
    found = about(declaration, SOMEBODY).values_list(
        "pk", *columns, *(redacted_column(model, name) for name in declaration.redact)
    )
    compiler = found.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    expressions = [column[0] for column in compiler.select]
    converters = compiler.get_converters(expressions)
    return SqlStatement(
        declaration,
        sql,
        tuple(params),
        tuple(
            tuple(converters[place][0]) if place in converters else ()
            for place in range(len(expressions))
        ),
        tuple(expressions),
    )


def redacted_column(model: type[models.Model], name: str) -> Any:
    """What is read of another person's value: of a sealed one only whether there is any, so that it
    is never opened."""
    if isinstance(model._meta.get_field(name), SealedTextField):
        return ExpressionWrapper(Q(**{f"{name}__isnull": False}), output_field=BooleanField())
    return name


@lru_cache(maxsize=1)
def _presence() -> tuple[list[Declaration], str, tuple[Any, ...]]:
    """The statement that counts what each table holds, up to one more than are fetched in one
    go."""
    known = list(shown())
    parts = [
        about(declaration, SOMEBODY).order_by().values_list(models.Value(1)).query.sql_with_params()
        for declaration in known
    ]
    counts = [f"(SELECT count(*) FROM ({part} LIMIT {AT_ONCE + 1}) AS found)" for part, _ in parts]  # noqa: S608 our tables
    sql = f"SELECT {', '.join(counts)}"
    return known, sql, tuple(chain.from_iterable(params for _, params in parts))


def _for(customer: Customer, params: tuple[Any, ...]) -> list[Any]:
    return [customer.pk if param == SOMEBODY else param for param in params]


def _fetched(statement: SqlStatement, customer: Customer, *, many: bool) -> Iterator[list[Any]]:
    converting = [
        (place, convert, statement.expressions[place])
        for place, converters in enumerate(statement.converters)
        for convert in converters
    ]
    with connection.chunked_cursor() if many else connection.cursor() as cursor:
        cursor.execute(statement.sql, _for(customer, statement.params))
        while found := cursor.fetchmany(AT_ONCE):
            for one in found:
                values = list(one)
                for place, convert, expression in converting:
                    values[place] = convert(values[place], expression, connection)
                yield values
            if len(found) < AT_ONCE:
                return


def _redacted(customer: Customer) -> Read:
    """What is shown where another person stands: a program and the person are no other person."""
    you = f"customer:{customer.pk}"

    def read(value: Any) -> PlainValue:
        if value in ("", False):
            return None
        if value == you:
            return YOU
        return PROGRAM if str(value).startswith("job:") else REDACTED

    return read


def _in_words(field: "models.Field[Any, Any]", *, by_path: bool) -> Callable[[Any], PlainValue]:
    """How a value of a field reads: choices in words, days and moments (in London) in ISO form,
    amounts as digits."""
    if by_path:
        return str
    if isinstance(field, ArrayField):
        one = _in_words(field.base_field, by_path=False)
        return lambda value: ", ".join(str(one(part)) for part in value)
    if field.choices:
        known = dict(field.flatchoices)
        return lambda value: str(known.get(value, value))
    if isinstance(field, models.DateTimeField):
        return lambda value: timezone.localtime(value).isoformat(timespec="seconds")
    return _plain


def _plain(value: Any) -> PlainValue:
    if isinstance(value, bool | int):
        return value
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
