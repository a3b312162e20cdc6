"""The parts a notice is made of: plain dictionaries, so that a published version is its own frozen
record.

A text may hold links as `[words](address)` and **strong** words; `linked` turns only web, mail,
telephone and own addresses into links and escapes everything else, since much of the text is typed
on the desk.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

Block = dict[str, Any]
Section = dict[str, Any]
Content = dict[str, Any]

MARKED = re.compile(
    r"\[([^\[\]]+)\]\(((?:https?://|mailto:|tel:|/(?!/)|#)[^\s()]*)\)|\*\*([^*]+)\*\*"
)


def paragraph(text: str) -> Block:
    """One paragraph."""
    return {"kind": "paragraph", "text": text}


def bullets(items: Iterable[str]) -> Block:
    """A list whose order means nothing."""
    return {"kind": "list", "items": list(items)}


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, spoken: bool = False
) -> Block:
    """A table; the first cell of each row is its heading, ` · ` in a cell begins a new line.

    `spoken`: the caption repeats the section's heading, so only a screen reader says it.
    """
    return {
        "kind": "table",
        "caption": caption,
        "spoken": spoken,
        "head": list(head),
        "rows": [list(row) for row in rows],
    }


def entry(key: str, heading: str, text: str, facts: Iterable[tuple[str, list[str]]] = ()) -> Block:
    """A heading below the section's, a paragraph, and labelled facts; facts without a value are
    left out."""
    return {
        "kind": "entry",
        "id": key,
        "heading": heading,
        "text": text,
        "facts": [[label, values] for label, values in facts if values],
    }


def section(key: str, heading: str, blocks: Iterable[Block]) -> Section:
    """One section; `key` is its anchor."""
    return {"id": key, "heading": heading, "blocks": list(blocks)}


def mail(address: str) -> str:
    return f"[{address}](mailto:{address})"


def phone(number: str) -> str:
    return f"[{number}](tel:{number.replace(' ', '')})"


def web(address: str) -> str:
    return f"[{address.removeprefix('https://').removeprefix('http://').rstrip('/')}]({address})"


def strong(text: str) -> str:
    return f"**{text}**"


def linked(text: str) -> SafeString:
    """The text as HTML: everything escaped, its links and strong words made real."""
    parts, end = [], 0
    for match in MARKED.finditer(text):
        words, address, loud = match.groups()
        parts += [
            conditional_escape(text[end : match.start()]),
            format_html("<strong>{}</strong>", loud)
            if loud
            else format_html('<a href="{}">{}</a>', address, words),
        ]
        end = match.end()
    return mark_safe("".join([*parts, conditional_escape(text[end:])]))  # noqa: S308  every part is escaped above


def plain(text: str) -> str:
    """The text without its marks: links as their words alone."""
    return MARKED.sub(lambda match: match[1] or match[3], text)


def lines(part: Section) -> Iterator[str]:
    """A section as lines of plain text, one thought each: what two versions are compared by."""
    for block in part["blocks"]:
        match block["kind"]:
            case "paragraph":
                yield plain(block["text"])
            case "list":
                yield from (f"• {plain(item)}" for item in block["items"])
            case "table":
                for name, *cells in block["rows"]:
                    yield from (
                        f"{plain(name)}: {plain(line)}"
                        for cell in cells
                        for line in cell.split(" · ")
                        if line
                    )
            case "entry":
                yield (
                    f"{block['heading']}: {plain(block['text'])}"
                    if block["text"]
                    else block["heading"]
                )
                for label, values in block["facts"]:
                    yield from (
                        f"{block['heading']}, {label.lower()}: {plain(value)}" for value in values
                    )


def digest(content: Content) -> str:
    """SHA-256 of a notice's content, in hex, whatever the order of its keys."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
