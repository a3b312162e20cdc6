"""What a letter consists of, whichever way it goes: paragraphs, lists, headings and lines of facts.

The email as text, the email as HTML and the PDF are made from the same parts, so they say the same.
Values stand in runs of their own and are never read as markup.
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

BIDI_CONTROLS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


@dataclass(frozen=True)
class Run:
    """A stretch of text; `href` makes it a link."""

    text: str
    href: str = ""


Line = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Para:
    line: Line


@dataclass(frozen=True)
class Bullets:
    items: tuple[Line, ...]


@dataclass(frozen=True)
class FactList:
    """Labels with their values, such as “Reference: R-7K3F-9QXD-2RTB”."""

    rows: tuple[tuple[str, Line], ...]


Part = Heading | Para | Bullets | FactList


@dataclass(frozen=True)
class Content:
    """One letter, put together: who is greeted, the subject, and the parts in their order.

    `title` is the subject without the reference, for paper, whose head has it.
    """

    subject: str
    parts: tuple[Part, ...]
    title: str = ""


def plain(line: Line) -> str:
    """A line without its links."""
    return "".join(run.text for run in line)


def as_text(parts: tuple[Part, ...]) -> str:
    """The parts as the text of an email."""
    return "\n\n".join(_text(part) for part in parts)


def _text(part: Part) -> str:
    match part:
        case Heading(text):
            return f"{text}\n{'-' * min(len(text), 70)}"
        case Para(line):
            return plain(line)
        case Bullets(items):
            return "\n".join(f"- {plain(item)}" for item in items)
        case FactList(rows):
            return "\n".join(f"{label}: {plain(line)}" for label, line in rows)


def as_data(parts: tuple[Part, ...]) -> list[dict[str, Any]]:
    """The parts as plain data, for the PDF and for templates."""
    return [_data(part) for part in parts]


def _data(part: Part) -> dict[str, Any]:
    match part:
        case Heading(text):
            return {"kind": "heading", "text": text}
        case Para(line):
            return {"kind": "para", "runs": _runs(line)}
        case Bullets(items):
            return {"kind": "bullets", "items": [_runs(item) for item in items]}
        case FactList(rows):
            return {
                "kind": "facts",
                "rows": [{"label": label, "runs": _runs(line)} for label, line in rows],
            }


def _runs(line: Line) -> list[dict[str, str]]:
    return [{"text": run.text, "href": run.href} for run in line]


def clean(text: str) -> str:
    """A typed value as it may stand in a letter: without control characters, and without those that
    turn the direction of what follows. Everything else stays as it was typed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(
        sign
        for sign in text
        if sign == "\n"
        or (unicodedata.category(sign) not in ("Cc", "Cs") and sign not in BIDI_CONTROLS)
    )


def one_line(text: str) -> str:
    """A typed value as one line."""
    return " ".join(clean(text).split())
