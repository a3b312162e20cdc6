"""From the bytes of a CSV file to its records, in bounded memory. No database, no Django.

A file is read twice: `inspect` looks at all of it once (digest, encoding, line ends, header),
`Source.records` then yields one Record for each line. Nothing that a file holds makes this module
fail: a line that cannot be read becomes a Record with a reason. Reasons are fixed sentences; they
never carry a value.
"""

import codecs
import csv
import hashlib
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from customers.importing import sense

LINE_LIMIT = 1_000_000  # bytes in one line
MULTILINE_LIMIT = 1_000  # lines in one record
CHUNK = 1 << 18

UTF8, CP1252 = "utf-8", "cp1252"
TOO_LONG = f"longer than {LINE_LIMIT // 1_000_000} MB"
NUL = "holds a NUL byte"
BROKEN = {UTF8: "not valid UTF-8", CP1252: "not valid Windows-1252"}
BLANK = "blank line"
OPEN_QUOTE = "a quote is opened and not closed"
STRAY_QUOTE = "text after a closing quote"
SPACED_QUOTE = "a space stands before an opening quote"
SWALLOWED = "inside a quoted field of an earlier line that is never properly closed"
STRAY_END = "holds a stray line end"
SEPARATOR = re.compile(r"\"?sep=", re.IGNORECASE)
LONG_FIELD = f"a field is longer than {csv.field_size_limit() // 1024} KB"
MISREAD = (
    "its accented letters and quotes make no sense, neither in UTF-8 nor in Windows-1252: it may come "
    f"from a Macintosh, or be in another alphabet. Save it in UTF-8. {sense.SAVE} "
    "If it is in Windows-1252 after all, say --encoding windows-1252."
)
TWICE = (
    "its accented letters were lost or garbled by an earlier conversion (it shows “Ã©” for “é”). "
    f"Export it again from where it came from, in UTF-8. {sense.SAVE} "
    "If these signs are right, say --encoding utf-8."
)
FEWER, MORE = "fewer fields than the header", "more fields than the header"


class InputError(Exception):
    """The file as a whole cannot be imported; the text says why and what to do."""


class CsvRecord(NamedTuple):
    """One record: its first line's number (the header is line 1), its fields or the reason why it
    has none, its text."""

    line: int
    fields: list[str]
    reason: str
    original: str


class Plain(NamedTuple):
    """Lines in a row in which nothing is quoted and nothing wrong: to be split at their commas.
    `first` is a number."""

    first: int
    lines: list[str]


@dataclass(frozen=True)
class CsvSource:
    """A file that can be imported, as `inspect` found it."""

    path: Path
    size: int
    digest: str  # SHA-256 of its bytes, in hex
    encoding: str
    separator: bytes
    header: list[str]

    def records(
        self,
        *,
        multiline: bool = False,
        blanks: bool = False,
        progress: Callable[[int], object] = lambda size: None,
    ) -> Iterator[CsvRecord]:
        """Every record after the header, in order; blank lines are left out, or with `blanks` come
        with that reason.

        `progress` gets the bytes read.
        """
        width = len(self.header)
        for piece in self.pieces(multiline=multiline, progress=progress):
            if isinstance(piece, CsvRecord):
                if blanks or piece.reason != BLANK:
                    yield piece
                continue
            for number, text in enumerate(piece.lines, start=piece.first):
                record = unquoted(number, text, width)
                if blanks or record.reason != BLANK:
                    yield record

    def pieces(
        self, *, multiline: bool = False, progress: Callable[[int], object] = lambda size: None
    ) -> Iterator["CsvRecord | Plain"]:
        """The same as `records` with blank lines, but a run of plain lines comes whole: for who
        must be quick."""
        with self.path.open("rb") as file:
            ahead = _Ahead(_runs(_Watched(file, progress), self.encoding, self.separator))
            for plain in ahead.runs_of_their_own():
                if plain is not None:
                    yield plain
                else:
                    yield from (
                        _join(ahead, len(self.header))
                        if multiline
                        else _single(ahead, len(self.header))
                    )

    def lines(self) -> Iterator[bytes | None]:
        """Every line as bytes without its end, the header first; None for one over the limit."""
        with self.path.open("rb") as file:
            yield from _physical_lines(file, self.separator)


def inspect(path: Path, encoding: str = "") -> CsvSource:
    """Look at a whole file once. `encoding` overrides what is found. InputError when it is no CSV
    file of ours."""
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
            lines = _physical_lines(_Watched(file, lambda size: None, digest), separator)
            seen, doubt = _seen(lines)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    if doubt and not encoding:
        raise InputError(f"{path.name}: {doubt}")
    encoding = _known(encoding) if encoding else seen
    with path.open("rb") as file:
        line = next(_physical_lines(file, separator))
    first = ("", TOO_LONG) if line is None else _one(line, encoding, separator)
    return CsvSource(
        path, found.st_size, digest.hexdigest(), encoding, separator, _header(path.name, first)
    )


def _recognise(name: str, start: bytes) -> None:
    if not start:
        raise InputError(f"{name} is empty.")
    every_other = {start[0:64:2].strip(b"\0"), start[1:64:2].strip(b"\0")}
    unmarked = len(start) >= 8 and len(every_other) == 2 and b"" in every_other
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or unmarked:
        raise InputError(f"{name} is in UTF-16. Save it as CSV in UTF-8. {sense.SAVE}")
    if start.startswith((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")):
        raise InputError(
            f"{name} is compressed or a spreadsheet, not a CSV file. Unpack it or save it as CSV. "
            f"{sense.SAVE}"
        )


def _line_end(start: bytes) -> bytes:
    """The byte that ends lines: LF (also for CR LF), or CR when the first line ends with it
    alone."""
    feed, carriage = start.find(b"\n"), start.find(b"\r")
    return (
        b"\r" if carriage >= 0 and feed != carriage + 1 and (feed < 0 or carriage < feed) else b"\n"
    )


def _seen(lines: Iterable[bytes | None]) -> tuple[str, str]:
    """UTF-8, unless some lines cannot be it and no line uses it for more than ASCII: then
    Windows-1252. With it what speaks against it, and what to do."""
    whole = broken = twice = misread = 0
    for line in lines:
        if line is None or line.isascii():
            continue
        try:
            twice += sense.converted_twice(line.decode())
            whole += 1
        except UnicodeDecodeError:
            broken += 1
            misread += sense.misread(line.decode(CP1252, "replace"))
    if broken and not whole:
        return CP1252, MISREAD if sense.stands_out(misread, broken) else ""
    return UTF8, TWICE if sense.stands_out(twice, whole) else ""


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
    text = text.removeprefix("\ufeff").removeprefix(
        "ï»¿"
    )  # the second: its bytes read as Windows-1252
    if SEPARATOR.match(text):
        raise InputError(
            f"The first line of {name} is a note for a spreadsheet program (sep=). Delete that line, "
            f"or save the file again. {sense.SAVE}"
        )
    fields, reason = _split(text) if not fault else ([], fault)
    if reason == SPACED_QUOTE:
        raise InputError(
            f"{name} has spaces between its commas and quotes, so that its quotes would be read as "
            f"text. Replace each comma, space and quote by a comma and a quote. {sense.SAVE}"
        )
    if reason:
        raise InputError(
            f"The first line of {name}, which names the columns, cannot be read: {reason}."
        )
    if not any(field.strip() for field in fields):
        raise InputError(f"The first line of {name} is blank. It must name the columns.")
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(fields) == 1 and mark in text:
            raise InputError(
                f"The columns of {name} are separated by {word}. Save it with commas. {sense.SAVE}"
            )
    return [field.strip() for field in fields]


class _Watched:
    """A file that tells how much of it was read, and digests it in passing."""

    def __init__(
        self,
        file: BinaryIO,
        progress: Callable[[int], object],
        digest: "hashlib._Hash | None" = None,
    ) -> None:
        self.file, self.progress, self.digest = file, progress, digest

    def read(self, size: int) -> bytes:
        chunk = self.file.read(size)
        self.progress(len(chunk))
        if self.digest is not None:
            self.digest.update(chunk)
        return chunk


def _blocks(file: "_Watched | BinaryIO", separator: bytes) -> Iterator[bytes | None]:
    """A file as runs of whole lines, without the last one's end; None for a line over the limit,
    which is never held."""
    rest, skipping = b"", False
    while chunk := file.read(CHUNK):
        first, last = chunk.find(separator), chunk.rfind(separator)
        if not skipping:
            skipping = len(rest) + (first if first >= 0 else len(chunk)) > LINE_LIMIT
        if first < 0:
            rest = b"" if skipping else rest + chunk
            continue
        if not skipping:
            yield rest + chunk[:last]
        else:
            yield None
            if last > first:
                yield chunk[first + 1 : last]
        skipping, rest = False, chunk[last + 1 :]
    if skipping:
        yield None
    elif rest:
        yield rest


def _physical_lines(file: "_Watched | BinaryIO", separator: bytes) -> Iterator[bytes | None]:
    """The lines of a file without their ends; None for one over the limit."""
    for block in _blocks(file, separator):
        if block is None:
            yield None
        else:
            yield from block.split(separator)


def _runs(
    file: "_Watched | BinaryIO", encoding: str, separator: bytes
) -> Iterator[tuple[bool, Any]]:
    """The lines after the header, in runs: plain ones as (True, texts), others as (False, (text,
    reason why it cannot be used, mostly none) pairs).
    """
    header = True
    for block in _blocks(file, separator):
        text = None if block is None else _faultless(block, encoding, separator)
        run: Any
        if text is not None:
            plain, run = '"' not in text, text.split(separator.decode())
            run = run if plain else [(line, "") for line in run]
        else:
            plain = False
            run = (
                [("", TOO_LONG)]
                if block is None
                else [_one(raw, encoding, separator) for raw in block.split(separator)]
            )
        yield plain, run[1:] if header else run
        header = False


def _faultless(block: bytes, encoding: str, separator: bytes) -> str | None:
    """A run of lines as text, if nothing is wrong with any of them."""
    if b"\0" in block:
        return None
    try:
        text = block.decode(encoding)
    except UnicodeDecodeError:
        return None
    if separator == b"\n" and "\r" in text:
        text = text.replace("\r\n", "\n").removesuffix("\r")
    return None if ("\r" if separator == b"\n" else "\n") in text else text


def _one(raw: bytes, encoding: str, separator: bytes) -> tuple[str, str]:
    """One line as text, with the reason why it cannot be used."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return raw.decode(encoding, "backslashreplace"), BROKEN[encoding]
    if separator == b"\n" and text.endswith("\r"):
        text = text[:-1]
    if "\0" in text:
        return text, NUL
    return text, STRAY_END if "\r" in text or "\n" in text else ""


def _split(text: str) -> tuple[list[str], str]:
    """The fields of one line, or the reason why it has none."""
    if '"' not in text:
        return text.split(","), ""
    try:
        fields = next(csv.reader((text,), strict=True))
    except csv.Error as error:
        return [], _meaning(error)
    return (fields, "") if not _spaced(fields, text) else ([], SPACED_QUOTE)


def _spaced(fields: list[str], text: str) -> bool:
    """Whether a field of a record is quoted, but after a space: its quotes would be taken for text,
    and its commas for ends of fields."""
    return (' "' in text or '\t"' in text) and any(
        field[:1].isspace() and field.lstrip()[:1] == '"' and field in text for field in fields
    )


def _meaning(error: csv.Error) -> str:
    words = str(error)
    return (
        OPEN_QUOTE
        if "end of data" in words
        else LONG_FIELD
        if "field larger" in words
        else STRAY_QUOTE
    )


def unquoted(number: int, text: str, width: int) -> CsvRecord:
    """The record of a line in which nothing is quoted and nothing wrong."""
    if not text or text.isspace():
        return CsvRecord(number, [], BLANK, text)
    fields = text.split(",")
    return CsvRecord(number, fields, _counted(fields, width), text)


def _counted(fields: list[str], width: int) -> str:
    return "" if len(fields) == width else FEWER if len(fields) < width else MORE


def _single(lines: "_Ahead", width: int) -> Iterator[CsvRecord]:
    """One record a line: a quoted field ends with its line."""
    for number, text, fault in lines:
        if fault:
            yield CsvRecord(number, [], fault, text)
        elif text and not text.isspace():
            fields, reason = _split(text)
            yield CsvRecord(number, fields, reason or _counted(fields, width), text)
        else:
            yield CsvRecord(number, [], BLANK, text)


class _Pulled:
    """The lines that one record takes, up to a line that cannot be used, the end of the file, or
    the limit."""

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
    """Numbered lines that can be put back, run by run."""

    def __init__(self, runs: Iterator[tuple[bool, Any]]) -> None:
        self.runs, self.number = runs, 2  # the header is line 1
        self.current: Iterator[tuple[int, str, str]] = iter(())
        self.back: list[tuple[int, str, str]] = []

    def runs_of_their_own(self) -> Iterator[Plain | None]:
        """Each run that no record of an earlier one went on into; None for one whose lines are to
        be walked."""
        for plain, run in self.runs:
            if plain:
                yield Plain(self.number, run)
                self.number += len(run)
            else:
                self._enter(plain, run)
                yield None

    def _enter(self, plain: bool, run: Any) -> None:
        start, self.number = self.number, self.number + len(run)
        texts = zip(run, repeat("")) if plain else run
        self.current = (
            (number, text, fault) for number, (text, fault) in enumerate(texts, start=start)
        )

    def __iter__(self) -> Iterator[tuple[int, str, str]]:
        while item := self.back.pop() if self.back else next(self.current, None):
            yield item

    def usable(self) -> tuple[int, str] | None:
        """The next line, or None (and it stays the next) when it cannot be part of a record."""
        item = self.back.pop() if self.back else next(self.current, None)
        while item is None:
            run = next(self.runs, None)
            if run is None:
                return None
            self._enter(*run)
            item = next(self.current, None)
        if item[2]:
            self.back.append(item)
            return None
        return item[0], item[1]


def _join(ahead: _Ahead, width: int) -> Iterator[CsvRecord]:
    """Records whose quoted fields may run over several lines.

    Where such a field is never properly closed, the lines that it swallowed are lost, each with its
    reason; the line on which this shows is read afresh, so every well-formed line outside the field
    comes through.
    """
    for number, text, fault in ahead:
        if fault:
            yield CsvRecord(number, [], fault, text)
        elif '"' not in text:
            yield unquoted(number, text, width)
        else:
            pulled = _Pulled((number, text), ahead)
            try:
                fields = next(csv.reader(pulled, strict=True))
            except csv.Error as error:
                yield from _lost(pulled, ahead, OPEN_QUOTE if pulled.ended else _meaning(error))
            else:
                text = pulled.text
                fault = SPACED_QUOTE if _spaced(fields, text) else ""
                yield CsvRecord(number, fields, fault or _counted(fields, width), text)


def _lost(pulled: _Pulled, ahead: _Ahead, reason: str) -> Iterator[CsvRecord]:
    taken = pulled.taken
    if len(taken) > 1 and not pulled.ended:
        ahead.back.append((*taken.pop(), ""))
        reason = OPEN_QUOTE
    for position, (number, text) in enumerate(taken):
        blank = not text or text.isspace()
        yield CsvRecord(number, [], BLANK if blank else SWALLOWED if position else reason, text)
