"""From the bytes of a CSV file to its records, in bounded memory. No database, no Django.

A file is read twice: `inspect` looks at all of it once (digest, encoding, line ends, header), `Source.records` then
yields one Record for each line. Nothing that a file holds makes this module fail: a line that cannot be read becomes a
Record with a reason. Reasons are fixed sentences; they never carry a value.
"""

import codecs
import csv
import hashlib
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

LINE_LIMIT = 1_000_000  # bytes in one line
MULTILINE_LIMIT = 1_000  # lines in one record
CHUNK = 1 << 18

UTF8, CP1252 = "utf-8", "cp1252"
TOO_LONG = "longer than 1 MB"
NUL = "holds a NUL byte"
BROKEN = {UTF8: "not valid UTF-8", CP1252: "not valid Windows-1252"}
OPEN_QUOTE = "a quote is opened and not closed"
STRAY_QUOTE = "text after a closing quote"
SWALLOWED = "inside a quoted field of an earlier line that is never properly closed"
STRAY_END = "holds a stray line end"
LONG_FIELD = "a field is longer than 128 KB"
FEWER, MORE = "fewer fields than the header", "more fields than the header"


class InputError(Exception):
    """The file as a whole cannot be imported; the text says why and what to do."""


class Record(NamedTuple):
    """One record: its first line's number (the header is line 1), its fields or the reason why it has none, its text."""

    line: int
    fields: list[str]
    reason: str
    original: str


@dataclass(frozen=True)
class Source:
    """A file that can be imported, as `inspect` found it."""

    path: Path
    size: int
    digest: str  # SHA-256 of its bytes, in hex
    encoding: str
    separator: bytes
    header: list[str]

    def records(self, *, multiline: bool = False, progress: Callable[[int], object] = lambda size: None) -> Iterator[Record]:
        """Every record after the header, in order; blank lines are left out. `progress` gets the bytes read."""
        with self.path.open("rb") as file:
            lines = _decoded(_physical_lines(_Watched(file, progress), self.separator), self.encoding, self.separator)
            next(lines, None)
            yield from _join(lines, len(self.header)) if multiline else _single(lines, len(self.header))


def inspect(path: Path, encoding: str = "") -> Source:
    """Look at a whole file once. `encoding` overrides what is found. InputError when it is no CSV file of ours."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise InputError(f"{path.name} is not a regular file.")
        with path.open("rb") as file:
            start = file.read(CHUNK)
            _recognise(path.name, start)
            separator = _line_end(start)
            file.seek(0)
            digest = hashlib.sha256()
            seen = _seen(_physical_lines(_Watched(file, lambda size: None, digest), separator))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    encoding = _known(encoding) if encoding else seen
    with path.open("rb") as file:
        first = next(_decoded(_physical_lines(_Watched(file, lambda size: None), separator), encoding, separator))
    return Source(path, found.st_size, digest.hexdigest(), encoding, separator, _header(path.name, first))


def _recognise(name: str, start: bytes) -> None:
    if not start:
        raise InputError(f"{name} is empty.")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(f"{name} is in UTF-16. Save it as CSV in UTF-8.")
    if start.startswith((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")):
        raise InputError(f"{name} is compressed or a spreadsheet, not a CSV file. Unpack it or save it as CSV.")


def _line_end(start: bytes) -> bytes:
    """The byte that ends lines: LF (also for CR LF), or CR when the first line ends with it alone."""
    feed, carriage = start.find(b"\n"), start.find(b"\r")
    return b"\r" if carriage >= 0 and feed != carriage + 1 and (feed < 0 or carriage < feed) else b"\n"


def _seen(lines: Iterable[bytes | None]) -> str:
    """UTF-8, unless some lines cannot be it and no line uses it for more than ASCII: then Windows-1252."""
    broken = accented = False
    for line in lines:
        if line is None or line.isascii():
            continue
        try:
            line.decode()
            accented = True
        except UnicodeDecodeError:
            broken = True
    return CP1252 if broken and not accented else UTF8


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        name = ""
    if name not in (UTF8, CP1252, "utf-8-sig"):
        raise InputError("The encoding must be utf-8 or windows-1252.")
    return CP1252 if name == CP1252 else UTF8


def _header(name: str, first: tuple[str, str]) -> list[str]:
    text, fault = first
    text = text.removeprefix("\ufeff").removeprefix("ï»¿")  # the second: its bytes read as Windows-1252
    fields, reason = _split(text) if not fault else ([], fault)
    if reason:
        raise InputError(f"The first line of {name}, which names the columns, cannot be read: {reason}.")
    if not any(field.strip() for field in fields):
        raise InputError(f"The first line of {name} is blank. It must name the columns.")
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(fields) == 1 and mark in text:
            raise InputError(f"The columns of {name} are separated by {word}. Save it with commas.")
    return [field.strip() for field in fields]


class _Watched:
    """A file that tells how much of it was read, and digests it in passing."""

    def __init__(self, file: BinaryIO, progress: Callable[[int], object], digest: "hashlib._Hash | None" = None) -> None:
        self.file, self.progress, self.digest = file, progress, digest

    def read(self, size: int) -> bytes:
        chunk = self.file.read(size)
        self.progress(len(chunk))
        if self.digest is not None:
            self.digest.update(chunk)
        return chunk


def _physical_lines(file: "_Watched | BinaryIO", separator: bytes) -> Iterator[bytes | None]:
    """The lines of a file without their ends; None for one over the limit, which is never held whole."""
    rest, skipping = b"", False
    while chunk := file.read(CHUNK):
        first, *others = chunk.split(separator)
        if not skipping:
            rest += first
            skipping = len(rest) > LINE_LIMIT
        if not others:
            rest = b"" if skipping else rest
            continue
        yield None if skipping else rest
        skipping, rest = False, others.pop()
        yield from others
    if skipping:
        yield None
    elif rest:
        yield rest


def _decoded(lines: Iterable[bytes | None], encoding: str, separator: bytes) -> Iterator[tuple[str, str]]:
    """Each line as text, with the reason why it cannot be used (mostly none)."""
    for raw in lines:
        if raw is None:
            yield "", TOO_LONG
            continue
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            yield raw.decode(encoding, "backslashreplace"), BROKEN[encoding]
            continue
        if separator == b"\n" and text.endswith("\r"):
            text = text[:-1]
        if "\0" in text:
            yield text, NUL
        elif "\r" in text or "\n" in text:
            yield text, STRAY_END
        else:
            yield text, ""


def _split(text: str) -> tuple[list[str], str]:
    """The fields of one line, or the reason why it has none."""
    if '"' not in text:
        return text.split(","), ""
    try:
        return next(csv.reader((text,), strict=True)), ""
    except csv.Error as error:
        return [], _meaning(error)


def _meaning(error: csv.Error) -> str:
    words = str(error)
    return OPEN_QUOTE if "end of data" in words else LONG_FIELD if "field larger" in words else STRAY_QUOTE


def _counted(fields: list[str], width: int) -> str:
    return "" if len(fields) == width else FEWER if len(fields) < width else MORE


def _single(lines: Iterable[tuple[str, str]], width: int) -> Iterator[Record]:
    """One record a line: a quoted field ends with its line."""
    for number, (text, fault) in enumerate(lines, start=2):
        if fault:
            yield Record(number, [], fault, text)
        elif text and not text.isspace():
            fields, reason = _split(text)
            yield Record(number, fields, reason or _counted(fields, width), text)


class _Pulled:
    """The lines that one record takes, up to a line that cannot be used, the end of the file, or the limit."""

    def __init__(self, first: tuple[int, str], following: "_Ahead") -> None:
        self.taken, self.size, self.following, self.ended = [first], len(first[1]), following, False

    def __iter__(self) -> Iterator[str]:
        yield self.taken[0][1] + "\n"
        while len(self.taken) < MULTILINE_LIMIT and self.size < LINE_LIMIT:
            item = self.following.usable()
            if item is None:
                break
            self.taken.append(item)
            self.size += len(item[1])
            yield item[1] + "\n"
        self.ended = True

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.taken)


class _Ahead:
    """Numbered lines that can be put back."""

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self.lines = ((number, text, fault) for number, (text, fault) in enumerate(lines, start=2))
        self.back: list[tuple[int, str, str]] = []

    def __iter__(self) -> Iterator[tuple[int, str, str]]:
        return self

    def __next__(self) -> tuple[int, str, str]:
        return self.back.pop() if self.back else next(self.lines)

    def usable(self) -> tuple[int, str] | None:
        """The next line, or None (and it stays the next) when it cannot be part of a record."""
        item = next(self, None)
        if item is None:
            return None
        if item[2]:
            self.back.append(item)
            return None
        return item[0], item[1]


def _join(lines: Iterable[tuple[str, str]], width: int) -> Iterator[Record]:
    """Records whose quoted fields may run over several lines.

    Where such a field is never properly closed, the lines that it swallowed are lost, each with its reason; the line on
    which this shows is read afresh, so every well-formed line outside the field comes through.
    """
    ahead = _Ahead(lines)
    for number, text, fault in ahead:
        if fault:
            yield Record(number, [], fault, text)
        elif '"' not in text:
            if text and not text.isspace():
                fields = text.split(",")
                yield Record(number, fields, _counted(fields, width), text)
        else:
            pulled = _Pulled((number, text), ahead)
            try:
                fields = next(csv.reader(pulled, strict=True))
            except csv.Error as error:
                yield from _lost(pulled, ahead, OPEN_QUOTE if pulled.ended else _meaning(error))
            else:
                yield Record(number, fields, _counted(fields, width), pulled.text)


def _lost(pulled: _Pulled, ahead: _Ahead, reason: str) -> Iterator[Record]:
    taken = pulled.taken
    if len(taken) > 1 and not pulled.ended:
        ahead.back.append((*taken.pop(), ""))
        reason = OPEN_QUOTE
    for position, (number, text) in enumerate(taken):
        if text and not text.isspace():
            yield Record(number, [], SWALLOWED if position else reason, text)
