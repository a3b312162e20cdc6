"""Documents as accessible PDF (PDF/UA-1) by typst, whose words come as JSON and are never read as
markup.

Of the fonts, only those that come with typst are used; a sign that none of them has is printed as
an empty box, since PDF/UA allows no sign without a shape.
"""

import json
import re
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

FOLDER = settings.BASE_DIR / "templates"
BOX = "\u25a1"
MOST_TRIED = 120  # different unusual signs of one document that are tried; the rest are boxes
SURE = frozenset(
    map(
        chr,
        (
            *range(0x20, 0x7F),
            *range(0xA0, 0x180),
            0x0A,
            0x2013,
            0x2014,
            0x2018,
            0x2019,
            0x201C,
            0x201D,
            0x2022,
            0x2026,
            0x20AC,
            0x25A1,
        ),
    )
)
LONG_WORD = re.compile(r"[^\s\"\\]{31,}")
ESCAPED = re.compile(
    r"\\(?:u00[01][0-9a-f]|.)"
)  # in JSON: a control character, or any other escaped sign
PROBE = b"#set document(title: [x])\n#json(bytes(sys.inputs.data))"

_lock = (
    threading.Lock()
)  # one compiler keeps the fonts and what it has parsed; one thread asks it at a time
_shapes: dict[str, bool] = {}  # which unusual signs the fonts have


class TypesetError(Exception):
    """A document could not be laid out. Never carries its words."""


def document(source: Path | bytes, data: str, *, timestamp: int | None) -> bytes:
    """The PDF of a template below `templates/` with its data (JSON, see `printable`). TypesetError
    when it cannot be made.

    `timestamp` is in seconds since 1970. The same data at the same moment is the same bytes.
    """
    try:
        return _compile(source, data, timestamp)
    except TypesetError:  # signs that have a shape each, but not together
        return _compile(source, "".join(sign if sign in SURE else BOX for sign in data), timestamp)


def unprintable(text: str) -> int:
    """How many signs of a text our fonts do not have."""
    _look_up(set(text))
    return sum(not _shapes.get(sign, sign in SURE) for sign in text)


def printable(text: str) -> str:
    """JSON with a box for every sign that our fonts do not have, and for every control character
    that is none of a line."""
    text = ESCAPED.sub(lambda sign: BOX if sign[0] == "\\b" or len(sign[0]) > 2 else sign[0], text)
    unusual = set(text) - SURE
    if not unusual:
        return text
    _look_up(unusual)
    return "".join(sign if sign in SURE or _shapes.get(sign) else BOX for sign in text)


def breakable(text: str) -> str:
    """A text whose overlong words may be broken at the end of a line, where otherwise they would
    leave the page."""
    return LONG_WORD.sub(
        lambda word: "\u200b".join(word[0][at : at + 30] for at in range(0, len(word[0]), 30)), text
    )


def _look_up(signs: set[str]) -> None:
    """Find out which signs our fonts have, by asking for ever smaller groups of them."""
    unknown = sorted(signs - SURE - set(_shapes))[:MOST_TRIED]
    groups = [unknown] if unknown else []
    while groups:
        group = groups.pop()
        try:
            _compile(PROBE, json.dumps(" ".join(group)), None)
        except TypesetError:
            if len(group) > 1:
                half = len(group) // 2
                groups += [group[:half], group[half:]]
            else:
                _shapes[group[0]] = False
        else:
            _shapes.update(dict.fromkeys(group, True))


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=FOLDER, ignore_system_fonts=True)


def _compile(source: Path | bytes, data: str, timestamp: int | None) -> bytes:
    given: Any = source
    with _lock:
        try:
            found: Any = _compiler().compile(
                given,
                format="pdf",
                sys_inputs={"data": data},
                pdf_standards=["ua-1"],
                timestamp=timestamp,
            )
        except typst.TypstError:
            raise TypesetError(
                "The document could not be laid out."
            ) from None  # the fault may quote its words
    return bytes(found)
