"""Values in the text format of PostgreSQL's COPY: one function per form, made once and called for every row."""

from collections.abc import Callable, Iterable

from django.db.models import Model

from privacy import seal

NULL = r"\N"


def plain(value: object) -> str:
    """A date, number, moment or code: text without a tab, a line end or a backslash."""
    return NULL if value is None else str(value)


def text(value: str | None) -> str:
    """Any text."""
    if value is None:
        return NULL
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        value = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
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
