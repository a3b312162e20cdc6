"""What changed between two notices, section by section, word by word. Pure: no model, no
template."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from compliance.register.blocks import Content, Section, lines

WORDS = re.compile(r"\s+|[^\s]+")
ALIKE = (
    0.4  # two lines that share this much are one line reworded; below it, one went and another came
)


@dataclass(frozen=True)
class Piece:
    """Some words of a line: `same`, `added` or `removed`."""

    kind: str
    text: str


@dataclass(frozen=True)
class ChangedSection:
    """One section that differs: `added`, `removed` or `changed`, its lines that differ, and how
    many stayed as they were.
    """

    id: str
    heading: str
    kind: str
    lines: tuple[tuple[Piece, ...], ...]
    unchanged: int


def between(before: Content, after: Content) -> list[ChangedSection]:
    """The sections that differ, in the order of the newer notice; those that went come last."""
    old = {part["id"]: part for part in before["sections"]}
    new = {part["id"]: part for part in after["sections"]}
    changes = [_section(old.get(key), part) for key, part in new.items()]
    changes += [_section(part, None) for key, part in old.items() if key not in new]
    return [change for change in changes if change.lines]


def _section(before: Section | None, after: Section | None) -> ChangedSection:
    shown = after or before
    assert shown is not None  # noqa: S101  one of the two is given
    was, now = _all_lines(before), _all_lines(after)
    matcher = difflib.SequenceMatcher(a=was, b=now, autojunk=False)
    changed: list[tuple[Piece, ...]] = []
    unchanged = 0
    for operation, start, end, new_start, new_end in matcher.get_opcodes():
        if operation == "equal":
            unchanged += end - start
        else:
            changed.extend(_changed(was[start:end], now[new_start:new_end]))
    kind = "changed" if before and after else "added" if after else "removed"
    return ChangedSection(shown["id"], shown["heading"], kind, tuple(changed), unchanged)


def _all_lines(part: Section | None) -> list[str]:
    return [] if part is None else [part["heading"], *lines(part)]


def _changed(was: list[str], now: list[str]) -> Iterator[tuple[Piece, ...]]:
    """Pair the lines that resemble each other, in order; the rest went or came."""
    waiting = list(was)
    for line in now:
        match = next((old for old in waiting if _alike(old, line)), None)
        if match is None:
            yield (Piece("added", line),)
            continue
        for gone in waiting[: waiting.index(match)]:
            yield (Piece("removed", gone),)
        waiting = waiting[waiting.index(match) + 1 :]
        yield _words(match, line)
    for gone in waiting:
        yield (Piece("removed", gone),)


def _alike(one: str, other: str) -> bool:
    words = [[word for word in line.split() if word != "•"] for line in (one, other)]
    return difflib.SequenceMatcher(a=words[0], b=words[1], autojunk=False).ratio() >= ALIKE


def _words(was: str, now: str) -> tuple[Piece, ...]:
    """A reworded line: the words that stayed, and each run of changed ones as what went and what
    came."""
    old, new = WORDS.findall(was), WORDS.findall(now)
    pieces: list[Piece] = []
    gone = come = ""
    for operation, start, end, new_start, new_end in difflib.SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        before, after = "".join(old[start:end]), "".join(new[new_start:new_end])
        if operation == "equal" and not (before.isspace() and (gone or come)):
            pieces += [*_run(gone, come), Piece("same", before)]
            gone = come = ""
        else:  # the space between two changed words belongs to the change
            gone, come = gone + before, come + after
    return tuple([*pieces, *_run(gone, come)])


def _run(gone: str, come: str) -> list[Piece]:
    return [
        Piece(kind, text) for kind, text in (("removed", gone), ("added", come)) if text.strip()
    ]
