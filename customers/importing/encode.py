"""Values in the text format of PostgreSQL's COPY: one function per form, made once and called for
every row."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Model

from privacy import seal

NULL = r"\N"
COPY_SIZE = 1 << 18  # bytes handed over at a time


def plain(value: object) -> str:
    """A date, number, moment or code: text without a tab, a line end or a backslash."""
    return NULL if value is None else str(value)


def text(value: str | None) -> str:
    """Any text."""
    if value is None:
        return NULL
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        value = (
            value.replace("\\", "\\\\")
            .replace("\n", "\\n")
            .replace("\t", "\\t")
            .replace("\r", "\\r")
        )
    return value


def sealed(model: type[Model], field: str) -> Callable[[str | None], str]:
    """Text, sealed for a column of a model."""
    column, close = f"{model._meta.db_table}.{field}", seal.seal

    def encode(value: str | None) -> str:
        return NULL if value is None else "\\\\x" + close(value, column).hex()

    return encode


def hashed(kind: str) -> Callable[[str | None], str]:
    """The look-up hash of a normalised text; none for an empty one."""
    digest = seal.hasher(kind)

    def encode(value: str | None) -> str:
        return digest(value).hex if value else NULL

    return encode


def line(values: Iterable[str]) -> bytes:
    """One line of COPY."""
    return ("\t".join(values) + "\n").encode()


class Stream:
    """Lines as a file that COPY can read. What fails while a line is made must not travel to the
    server's log."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.lines, self.rest = lines, b""
        self.failure: BaseException | None = None

    def read(self, size: int) -> bytes:
        parts, held = [self.rest], len(self.rest)
        try:
            while held < size:
                part = next(self.lines, None)
                if part is None:
                    break
                parts.append(part)
                held += len(part)
        except BaseException as failure:
            self.failure = failure
            return b""
        data = b"".join(parts)
        self.rest = data[size:]
        return data[:size]


def copy_in(cursor: Any, into: str, lines: Iterator[bytes]) -> None:
    """COPY lines into a table; `into` names it, with its columns. What fails while a line is made
    is raised here."""
    stream = Stream(lines)
    with connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {into} FROM STDIN", stream, COPY_SIZE)
    if stream.failure is not None:
        raise stream.failure
