"""A letter as an accessible PDF (PDF/UA-1): tagged, titled, in British English, with the address in the envelope's window.

The words go to typst as JSON and are never read as markup. Of the fonts, only those that come with typst are used; a sign
that none of them has is printed as an empty box, since PDF/UA allows no sign without a shape.
"""

import datetime
import json
import re
import threading
from functools import lru_cache
from typing import Any

import typst
from django.conf import settings
from django.utils import timezone

from compliance.requests.clock.wording import words_of
from compliance.requests.letters.parts import Content, as_data

FOLDER = settings.BASE_DIR / "templates" / "letters"
LETTER = FOLDER / "letter.typ"
BOX = "\u25a1"
MOST_TRIED = 120  # different unusual signs of one letter that are tried; the rest are boxes
SURE = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), 0x0A, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D,
                           0x2022, 0x2026, 0x20AC, 0x25A1)))
LONG_WORD = re.compile(r"[^\s\"\\]{31,}")
PROBE = b"#set document(title: [x])\n#json(bytes(sys.inputs.data))"

_lock = threading.Lock()  # one compiler keeps the fonts and what it has parsed; one thread asks it at a time
_shapes: dict[str, bool] = {}  # which unusual signs the fonts have


class LetterError(Exception):
    """A letter could not be laid out. Never carries its words."""


def render(content: Content, *, to: str, reference: str, now: datetime.datetime) -> bytes:
    """The PDF of a letter to the lines of a postal address, dated with the London day of `now`. LetterError when it cannot
    be made. The same letter at the same moment is the same bytes.
    """
    data = data_of(content, to=to, reference=reference, now=now)
    try:
        return _compile(LETTER, data, now)
    except LetterError:  # signs that have a shape each, but not together
        return _compile(LETTER, "".join(sign if sign in SURE else BOX for sign in data), now)


def data_of(content: Content, *, to: str, reference: str, now: datetime.datetime) -> str:
    """What the templates are given, as JSON."""
    us = settings.CONTROLLER
    return printable(json.dumps({
        "title": content.subject, "to": breakable(to), "date": words_of(timezone.localdate(now)), "reference": reference,
        "sender": {name: us[name] for name in ("name", "address", "telephone", "email")},
        "parts": [_breakable(part) for part in as_data(content.parts)],
    }, ensure_ascii=False))


def unprintable(text: str) -> int:
    """How many signs of a text our fonts do not have."""
    _look_up(set(text))
    return sum(not _shapes.get(sign, sign in SURE) for sign in text)


def printable(text: str) -> str:
    """A text with a box for every sign that our fonts do not have."""
    unusual = set(text) - SURE
    if not unusual:
        return text
    _look_up(unusual)
    return "".join(sign if sign in SURE or _shapes.get(sign) else BOX for sign in text)


def breakable(text: str) -> str:
    """A text whose overlong words may be broken at the end of a line, where otherwise they would leave the page."""
    return LONG_WORD.sub(lambda word: "\u200b".join(word[0][at:at + 30] for at in range(0, len(word[0]), 30)), text)


def _breakable(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: value if name in ("href", "kind") else _breakable(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_breakable(value) for value in data]
    return breakable(data)


def _look_up(signs: set[str]) -> None:
    """Find out which signs our fonts have, by asking for ever smaller groups of them."""
    unknown = sorted(signs - SURE - set(_shapes))[:MOST_TRIED]
    groups = [unknown] if unknown else []
    while groups:
        group = groups.pop()
        try:
            _compile(PROBE, json.dumps(" ".join(group)), None)
        except LetterError:
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


def _compile(source: Any, data: str, now: datetime.datetime | None) -> bytes:
    with _lock:
        try:
            found: Any = _compiler().compile(source, format="pdf", sys_inputs={"data": data}, pdf_standards=["ua-1"],
                                        timestamp=int(now.timestamp()) if now else None)
        except typst.TypstError:
            raise LetterError("The letter could not be laid out.") from None  # the fault may quote its words
    return bytes(found)
