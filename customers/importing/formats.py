"""What a kind of import file is: its columns, how a row becomes staged values, and where they
go."""

import datetime
import difflib
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Model

from customers.importing.reader import InputError
from customers.importing.values import DAYS, DayOrders, Parser

Row = dict[str, Any]
SECURITY_CODES = {
    "cvv",
    "cvv2",
    "cvc",
    "cvc2",
    "cv2",
    "cvn",
    "csc",
    "cid",
    "pin",
    "track1",
    "track2",
}
SECURITY_WORDS = re.compile(
    r"cvv|cvc|securitycode|securitynumber|pincode|pinnumber|trackdata|magstripe"
)
NAME = re.compile(r"[A-Za-z](?!.*[0-9]{5})[\w .()£%/\-]{0,59}")
# the value of a column that the file does not have, where that says something else than a blank
ABSENT = "\x00"
# What a spreadsheet makes of a long number in a column that is not text: its last digits are gone.
SHORTENED = re.compile(r"-?[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{1,3}")
SHORT = (
    "a long number in a spreadsheet's short form (1.23E+11), its last digits gone: format the column "
    "as text before the number is entered or opened, and save again"
)
# What other systems call our columns: a name that is not understood must not lose a column unseen.
ALSO_CALLED = {
    "surname": ("lastname", "familyname", "secondname"),
    "given_names": (
        "firstname",
        "firstnames",
        "forename",
        "forenames",
        "givenname",
        "christianname",
    ),
    "date_of_birth": ("dob", "birthdate", "birthday", "dateofbirth", "born"),
    "email": ("emailaddress", "mail", "emails"),
    "phone": ("telephone", "mobile", "phonenumber", "telephonenumber", "mobilenumber", "tel"),
    "address_1": ("address", "street", "addressline1", "line1", "postaladdress"),
    "postcode": ("postalcode", "zip", "zipcode"),
}
ALIKE = 0.84  # of two names, as difflib measures it


class RowRefused(Exception):
    """A row is rejected, for a reason that is a fixed sentence without a value."""


@dataclass(frozen=True)
class Column:
    """One column of a file. `required`: in the header and in each row; `past`: no day that has yet
    to come.

    `blank_clears`: a blank says that there is none, so a column that is absent says something else
    than a blank one.
    """

    name: str
    parse: Parser
    required: bool = False
    past: bool = False
    blank_clears: bool = False


@dataclass(frozen=True)
class Refusal:
    """Rows that the state of the database refuses: a condition on the staged row `s` and what
    `joins` adds."""

    when: str
    reason: str


UNKNOWN_CUSTOMER = Refusal("c.id IS NULL", "unknown customer")
CUSTOMER = "LEFT JOIN customers_customer c ON c.customer_number = s.customer_number"


@dataclass(frozen=True)
class Child:
    """Rows that go in with a kind's own rows. `own_line`: each comes from a line of its own; else
    they follow the parent."""

    model: type[Model]
    parent: str  # its column that names the parent
    words: str  # what the summary calls it
    own_line: str = (
        ""  # the condition that joins it (`t`) and its parent (`p`) to its staged row `s`
    )


class RunningMerge(Protocol):
    """What a kind may use of the merge that is running (`merge.Merge`)."""

    cursor: Any
    layout: "FileLayout"
    today: datetime.date
    held: Any  # lines with a field that is held, and why, as rejects are kept
    confirmed: list[uuid.UUID]  # what was held, and this file brings right

    def reject(self, statement: str, reason: str, params: Sequence[Any] = ()) -> None:
        """Reject the staged rows that a statement names."""


@dataclass(frozen=True)
class FileKind:
    """One kind of import file.

    A row is parsed by `columns`, checked by `check` (which may raise Refused), turned into staged
    values by the function that `stage` makes, and copied to a temporary table of the columns
    `staged`. From there it is merged into `model`: `values` are SQL expressions over the staged row
    `s` and what `joins` adds, `key` names those that identify a record, `insert_only` those that a
    changed row leaves alone. `file_key` are the staged columns that identify a row inside the file,
    `record_key` those that identify its record, when several rows make one record.
    """

    name: str
    model: type[Model]
    columns: Sequence[Column]
    staged: Mapping[str, str]
    stage: Callable[[], Callable[[Row], Sequence[str]]]
    values: Mapping[str, str]
    key: Sequence[str]
    file_key: Sequence[str]
    record_key: Sequence[str] = ()
    # the staged column that tells whether two rows of the same `file_key` say the same
    row_digest: str = "digest"
    insert_only: Sequence[str] = ()
    joins: str = CUSTOMER
    refusals: Sequence[Refusal] = (UNKNOWN_CUSTOMER,)
    owned: bool = True  # a record never passes from one customer to another
    # a row of the file is a record by what it says: `key` is its digest, and nothing is changed
    append_only: bool = False
    expires: bool = (
        True  # what is past its retention period is refused; else it goes in, and the purge decides
    )
    check: Callable[[Row, datetime.date], None] = lambda row, today: None
    one_of: Sequence[str] = ()  # at least one of these columns must be there
    undigested: frozenset[str] = (
        frozenset()
    )  # columns that are merged by comparison, not by the row's digest
    child: Child | None = None
    before: Callable[[RunningMerge], None] = lambda merge: None
    after: Callable[[RunningMerge], None] = lambda merge: None
    tidy: Callable[[RunningMerge], None] = lambda merge: None
    multiline: bool = False
    holds_cards: bool = False

    @property
    def table(self) -> str:
        """The table that the rows go to."""
        return str(self.model._meta.db_table)


@dataclass(frozen=True)
class FileLayout:
    """How the columns of one file lie: where each column is, which are ignored."""

    kind: FileKind
    positions: Mapping[str, int]
    ignored: Sequence[str] = ()
    create_customers: bool = False


def simple(name: str) -> str:
    """A column's name for comparing: `Customer Number` and `customer-number` are `customer_number`,
    and so is `customernumber`."""
    return re.sub(r"[\W_]+", "", name).lower()


def lay_out(
    kind: FileKind, header: Sequence[str], names: Mapping[str, str] | None = None
) -> FileLayout:
    """Find a kind's columns in a header. `names` are the file's names for them, where a preset
    gives them.

    InputError names what is missing, what stands twice, or a column that must never be imported.
    """
    names = names or {column.name: column.name for column in kind.columns}
    _refuse_security_codes(header)
    found = [simple(name) for name in header]
    wanted = {column: simple(name) for column, name in names.items()}
    missing = [names[c.name] for c in kind.columns if c.required and wanted[c.name] not in found]
    if kind.one_of and not any(wanted.get(name) in found for name in kind.one_of):
        missing.append(" or ".join(kind.one_of))
    if missing:
        known = any(name in found for name in wanted.values())
        raise InputError(f"The file lacks {_list(missing)}. {_shown(header, known=known)}")
    twice = [name for name in wanted.values() if found.count(name) > 1]
    if twice:
        raise InputError(f"The file has {_list(twice)} more than once.")
    positions = {column: found.index(name) for column, name in wanted.items() if name in found}
    ignored = [
        name for name, plain in zip(header, found, strict=True) if plain not in wanted.values()
    ]
    _refuse_half_known(names, positions, ignored)
    return FileLayout(kind, positions, ignored)


def _refuse_half_known(
    names: Mapping[str, str], positions: Mapping[str, int], ignored: Sequence[str]
) -> None:
    """InputError where a column that would be ignored may be one that the file seems to lack, or all
    but one would be: its contents would be lost without a word."""
    lacking = [column for column in names if column not in positions]
    for name in ignored:
        meant = [c for c in lacking if _means(simple(name), c, names[c])]
        if meant:
            raise InputError(
                f"The column {name[:40]} may be meant as {names[meant[0]]}, which the file lacks. "
                "Change its name in the first line to that, or remove the column."
            )
    if ignored and len(positions) == 1:
        raise InputError(
            f"Of the file's columns only {names[next(iter(positions))]} is known. Give the others "
            f"the names in docs/imports.md, or remove them. {_shown(ignored, known=True)}"
        )


def _means(name: str, column: str, ours: str) -> bool:
    """Whether a column's name in a file, as it is compared, may stand for one of ours."""
    likeness = difflib.SequenceMatcher(None, name, simple(ours)).ratio()
    return likeness >= ALIKE or name in ALSO_CALLED.get(column, ())


def _refuse_security_codes(header: Sequence[str]) -> None:
    for name in header:
        words = set(re.split(r"[^a-z0-9]+", name.lower()))
        if words & SECURITY_CODES or SECURITY_WORDS.search(re.sub(r"[^a-z0-9]", "", name.lower())):
            raise InputError(
                f"The column {name[:40]} would hold a card's security code or PIN, which may "
                "never be kept. "
                "Remove it from the file, and from the system it came from."
            )


def _list(names: Sequence[str]) -> str:
    return f"the column{'s' if len(names) > 1 else ''} {', '.join(names)}"


def _shown(header: Sequence[str], *, known: bool) -> str:
    """The columns that a file has, for a message; without a header these would be a person's
    data."""
    if not known and not all(NAME.fullmatch(name) for name in header):
        return "Its first line does not look like the names of columns."
    return f"Its columns are: {', '.join(name for name in header[:40] if NAME.fullmatch(name))}."


def row_parser(
    layout: FileLayout, today: datetime.date, orders: DayOrders
) -> Callable[[list[str]], Row]:
    """A function from the fields of a record to its values by column name; it raises Refused.

    `orders` takes note of how days are written."""
    kind = layout.kind
    empty: Row = {
        c.name: ABSENT if c.blank_clears and c.name not in layout.positions else None
        for c in kind.columns
    }
    steps = [
        (
            c.name,
            layout.positions[c.name],
            _not_after(c.parse, today) if c.past else c.parse,
            c.required,
        )
        for c in kind.columns
        if c.name in layout.positions
    ]
    days = [(name, layout.positions[name]) for name in _columns_of_days(layout)]
    check = kind.check

    def parse(fields: list[str]) -> Row:
        for name, position in days:
            orders.see(name, fields[position].strip())
        row = empty.copy()
        for name, position, value_of, required in steps:
            text = fields[position].strip()
            if text:
                if "+" in text and SHORTENED.fullmatch(text):
                    raise RowRefused(f"{name}: {SHORT}")
                try:
                    row[name] = value_of(text)
                except UnicodeError:  # its message would show the text
                    raise RowRefused(f"{name}: holds a character that cannot be stored") from None
                except ValueError as error:
                    raise RowRefused(f"{name}: {error}") from None
            elif required:
                raise RowRefused(f"{name} is missing")
        check(row, today)
        return row

    return parse


def _columns_of_days(layout: FileLayout) -> list[str]:
    return [c.name for c in layout.kind.columns if c.parse in DAYS and c.name in layout.positions]


def _not_after(parse: Parser, today: datetime.date) -> Parser:
    def past(text: str) -> object:
        value: Any = parse(text)
        day = value.date() if isinstance(value, datetime.datetime) else value
        if day > today:
            raise ValueError("a day that has yet to come")
        return value

    return past


def digested(layout: FileLayout) -> Callable[[Row], str]:
    """A function from a row's values to the text that its digest is made of."""
    names = [c.name for c in layout.kind.columns if c.name not in layout.kind.undigested]
    start = f"{layout.kind.name}\x1f"

    def text(row: Row) -> str:
        return start + "\x1f".join(["" if row[name] is None else str(row[name]) for name in names])

    return text
