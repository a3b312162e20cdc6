"""A letter as an accessible PDF (PDF/UA-1): tagged, titled, in British English, with the address in
the envelope's window."""

import datetime
import json
from typing import Any

from django.conf import settings
from django.utils import timezone

from compliance.deadlines.wording import words_of
from compliance.letters.parts import Content, as_data
from customers import typeset
from customers.typeset import TypesetError as LetterError
from customers.typeset import breakable, printable, unprintable

__all__ = ["LetterError", "data_of", "render", "unprintable"]

LINE = 80  # characters of a line that surely fit
LETTER = typeset.FOLDER / "letters" / "letter.typ"


def render(content: Content, *, to: str, reference: str, now: datetime.datetime) -> bytes:
    """The PDF of a letter to the lines of a postal address, dated with the London day of `now`.
    LetterError when it cannot be made. The same letter at the same moment is the same bytes.
    """
    data = data_of(content, to=to, reference=reference, now=now)
    return typeset.document(LETTER, data, timestamp=int(now.timestamp()))


def data_of(content: Content, *, to: str, reference: str, now: datetime.datetime) -> str:
    """What the templates are given, as JSON."""
    us = settings.CONTROLLER
    return printable(
        json.dumps(
            {
                "title": content.title or content.subject,
                "to": breakable(to),
                "date": words_of(timezone.localdate(now)),
                "reference": reference,
                "sender": {name: us[name] for name in ("name", "address", "telephone", "email")},
                "parts": [_breakable(part) for part in as_data(content.parts)],
            },
            ensure_ascii=False,
        )
    )


def _breakable(data: Any) -> Any:
    """The parts with breaks in overlong words; a web address that fits on a line has none, so that
    it can be copied and typed as it stands."""
    if isinstance(data, dict) and data.get("href"):
        whole = len(data["text"]) <= LINE
        return {**data, "text": data["text"] if whole else breakable(data["text"]), "whole": whole}
    if isinstance(data, dict):
        return {
            name: value if name in ("href", "kind") else _breakable(value)
            for name, value in data.items()
        }
    if isinstance(data, list):
        return [_breakable(value) for value in data]
    return breakable(data)
