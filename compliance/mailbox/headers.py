"""The header lines of a message, read leniently: broken lines, NUL, eight-bit bytes, encoded words
cut in two."""

import binascii
import quopri
import re
from collections.abc import Iterator

from compliance.mailbox.charsets import decode, plain

LONGEST = 10_000  # bytes of one header that are read
MOST = 1_000  # headers
FIELD = re.compile(rb"([!-9;-~]{1,80})[ \t]*:(.*)", re.DOTALL)
WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
BETWEEN_WORDS = re.compile(r"(?<=\?=)\s+(?==\?)")
ADDRESS = re.compile(r"[^\s<>()\[\]\",;:\\@]{1,64}@[^\s<>()\[\]\",;:\\@]{1,255}")


def split(raw: bytes) -> tuple[bytes, bytes]:
    """The header lines and the body of a message. A text without any header line is all body, and so
    are the words below the last one where the blank line is missing."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if raw.startswith((b"From ", b">From ")):  # the envelope line of an mbox file
        raw = raw.partition(b"\n")[2]
    ends = [
        (found.start(), found.end())
        for pattern in (rb"\r?\n\r?\n", rb"\r\r")
        if (found := re.search(pattern, raw))
    ]
    start, end = min(ends, default=(len(raw), len(raw)))
    header = raw[:start]
    if next(lines(header), None) is None:
        return b"", raw
    return header, _astray(header) + raw[end:]


def _astray(header: bytes) -> bytes:
    """The words that stand where a header line should: after the last of them no blank line came."""
    found = header.replace(b"\0", b"").splitlines(keepends=True)
    after = len(found)
    while after and not FIELD.match(found[after - 1]):
        after -= 1
    kept = found[after:]
    while kept and kept[0][:1] in (b" ", b"\t"):  # the last header line goes on
        kept = kept[1:]
    return b"".join(kept) + b"\n\n" if kept else b""


def lines(header: bytes) -> Iterator[tuple[str, bytes]]:
    """Each header's name in lower case and its value on one line. A line that is no header is
    passed over."""
    name, value = "", b""
    for number, line in enumerate(header.replace(b"\0", b"").splitlines()):
        if number > MOST * 20:
            break
        if line[:1] in (b" ", b"\t") and name:
            value = value if len(value) > LONGEST else value + b" " + line.strip()
            continue
        found = FIELD.fullmatch(line)
        if found:
            if name:
                yield name, value[:LONGEST]
            name, value = found[1].decode("ascii").lower(), found[2].strip()[:LONGEST]
    if name:
        yield name, value[:LONGEST]


def read(header: bytes) -> dict[str, list[str]]:
    """Every header's values by its name in lower case, as text in which encoded words are still
    encoded."""
    found: dict[str, list[str]] = {}
    for number, (name, value) in enumerate(lines(header)):
        if number >= MOST:
            break
        found.setdefault(name, []).append(plain(decode(value)))
    return found


def words(value: str) -> str:
    """A header's value with its encoded words (RFC 2047) read, also where they are broken or cut in
    the middle."""
    value = BETWEEN_WORDS.sub("", value)
    done, kept, pending, charset = 0, [], b"", ""
    for found in WORD.finditer(value):
        same = found.start() == done and found[1].lower() == charset
        if (
            pending and not same
        ):  # two words of one charset may share a letter, so their bytes are joined first
            kept.append(decode(pending, charset.partition("*")[0]))
            pending = b""
        kept.append(value[done : found.start()])
        pending += _bytes(found[2], found[3])
        done, charset = found.end(), found[1].lower()
    kept += [decode(pending, charset.partition("*")[0]) if pending else "", value[done:]]
    return " ".join(plain("".join(kept)).split())


def _bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(data, header=True)
    data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    data = data[:-1] if len(data) % 4 == 1 else data
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return b""


def people(values: list[str], most: int = 10) -> list[tuple[str, str]]:
    """The names and addresses in headers such as From: `Ada <ada@example.org>`, `ada@example.org
    (Ada)`, groups, several.

    An address inside a quoted name is never taken for the sender's. A name may be empty.
    """
    found = []
    for value in values:
        for piece in _pieces(value):
            address = _address(piece)
            if address:
                found.append((_name(piece), address))
    return list(dict.fromkeys(found))[:most]


def _pieces(value: str) -> list[str]:
    """A list of addresses cut at its commas, semicolons and group names, but not inside quotes,
    comments or <>."""
    pieces, current, quoted, depth, angle = [], "", False, 0, False
    skip = False
    for sign in value:
        if skip:
            skip = False
        elif sign == "\\":
            skip = True
        elif sign == '"' and not depth:
            quoted = not quoted
        elif not quoted and sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
        elif not quoted and not depth and sign in "<>":
            angle = sign == "<"
        elif not quoted and not depth and not angle and sign in ",;:":
            pieces.append(current)
            current = ""
            continue
        current += sign
    return [*pieces, current]


def _address(piece: str) -> str:
    outside = re.sub(r'"(?:[^"\\]|\\.)*"?', " ", piece)
    angle = re.search(r"<([^<>]*)>?\s*(?:\(|$)", outside) or re.search(r"<([^<>]*)>", outside)
    text = re.sub(r"\([^()]*\)", " ", outside) if angle is None else angle[1]
    found = ADDRESS.search(
        words(text).removeprefix("mailto:") if "=?" in text else text.replace("mailto:", "")
    )
    return found[0].rstrip(".") if found else ""


def _name(piece: str) -> str:
    before = piece.partition("<")[0] if "<" in piece else ""
    comment = re.search(r"\(([^()]*)\)", piece)
    name = words(before.replace('\\"', "'").replace('"', " ")).strip(" '")
    return name or (words(comment[1]) if comment else "")
