"""A wording and the facts of a case become the parts of a letter. No model here."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from compliance.letters.parts import Bullets, Content, FactList, Heading, Line, Para, Part, Run
from compliance.letters.placeholders import PARTS, PLACEHOLDERS
from compliance.letters.wording import PLACEHOLDER, SUBJECT, Block, Frame, Texts, paragraphs

ENDING = re.compile(r"[\s:,(-]*\{reference\}\)?\s*$")  # the reference at the end of a subject


class MissingError(Exception):
    """A letter would lack something that the law asks for; its text says what, in words fit to
    show."""


@dataclass(frozen=True)
class LetterValues:
    """What the placeholders stand for in one letter. An empty value is as good as none."""

    greeting: str
    values: Mapping[str, str]
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    conditions: Collection[str] = ()
    proved: Collection[str] = ()  # the names of the evidence that holds


def compose(frame: Frame, texts: Texts, known: LetterValues) -> Content:
    """The letter as parts. A paragraph whose placeholder has no value is not printed; MissingError
    when the law asks for its block and nothing of it is left, or for the value."""
    found: list[Part] = [Para((Run(known.greeting),))]
    for block in frame.blocks:
        if block.name == SUBJECT or (block.when and not set(block.when) & set(known.conditions)):
            continue
        proved = not block.evidence or block.evidence in known.proved
        parts = list(_parts(texts[block.name] if proved else block.otherwise, known))
        if block.law:
            _insist(block, parts, known)
        if parts:
            found += [Heading(block.heading), *parts] if block.heading else parts
    title = _subject(ENDING.sub("", texts[SUBJECT]), known)
    return Content(subject=_subject(texts[SUBJECT], known), parts=tuple(found), title=title)


def _insist(block: Block, parts: list[Part], known: LetterValues) -> None:
    lacking = [
        name
        for name in block.needs
        if not (known.parts if name in PARTS else known.values).get(name)
    ]
    if lacking or not parts:
        what = ", ".join(PLACEHOLDERS[name].says.rstrip(".") for name in lacking) or block.label
        raise MissingError(f"The letter must say this ({block.law}): {what}.")


def _subject(text: str, known: LetterValues) -> str:
    return " ".join(PLACEHOLDER.sub(lambda found: known.values.get(found[1], ""), text).split())


def _parts(text: str, known: LetterValues) -> Iterator[Part]:
    for paragraph in paragraphs(text):
        alone = PLACEHOLDER.fullmatch(paragraph)
        if alone and alone[1] in PARTS:
            yield from known.parts.get(alone[1], ())
        elif all(known.values.get(name) for name in PLACEHOLDER.findall(paragraph)):
            yield from lines(paragraph, known.values)


def lines(paragraph: str, values: Mapping[str, str]) -> Iterator[Part]:
    """One paragraph of a wording: text, with the points of a list behind it where lines begin with
    “- ”."""
    text: list[str] = []
    points: list[Line] = []
    for line in paragraph.split("\n"):
        if line.startswith("- "):
            points.append(_filled(line[2:], values))
        elif points:
            points[-1] += (Run(" "), *_filled(line, values))
        else:
            text.append(line)
    if text:
        yield Para(_filled("\n".join(text), values))
    if points:
        yield Bullets(tuple(points))


def _filled(text: str, values: Mapping[str, str]) -> Line:
    runs = []
    for number, piece in enumerate(PLACEHOLDER.split(text)):
        if number % 2:
            value = values[piece]
            runs.append(Run(value, value if PLACEHOLDERS[piece].link else ""))
        elif piece:
            runs.append(Run(piece))
    return tuple(runs)


def typed(text: str) -> tuple[Part, ...]:
    """What a person typed as parts: paragraphs and lists, no placeholders."""
    found: list[Part] = []
    for paragraph in paragraphs(text):
        rows = paragraph.split("\n")
        above = [row for row in rows if not row.startswith("- ")]
        if above:
            found.append(Para((Run("\n".join(above)),)))
        if points := [row for row in rows if row.startswith("- ")]:
            found.append(Bullets(tuple((Run(row[2:]),) for row in points)))
    return tuple(found)


def facts(rows: Mapping[str, str]) -> tuple[Part, ...]:
    """Labels and values as one part; nothing when there are none."""
    found = tuple((label, (Run(value),)) for label, value in rows.items() if value)
    return (FactList(found),) if found else ()
