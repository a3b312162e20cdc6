"""Marks on a text: from which character to which, and why. No model here; offsets count characters
from 0.

A text has `\\n` at its line ends wherever marks are made or applied (`plain`), so that they mean
the same in a browser.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compliance.access.reasons import PLACE, SILENT, OmissionReason
from customers import normalise


@dataclass(frozen=True, order=True)
class Mark:
    """A passage that is left out, and the reason."""

    start: int
    end: int
    reason: str

    @property
    def silent(self) -> bool:
        """Whether nothing may stand in its place."""
        return self.reason in SILENT

    @property
    def label(self) -> str:
        return str(OmissionReason(self.reason).label)


def plain(text: str) -> str:
    """A text with one sign for each line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def tidy(text: str, marks: Iterable[Mark]) -> list[Mark]:
    """The marks of a text in order, inside it, without overlaps: two that meet are one.

    Where reasons differ the silent one wins, and else the first. Marks that only blanks part are
    one too, so that nobody counts the words that are gone.
    """
    found: list[Mark] = []
    for mark in sorted(
        Mark(max(0, one.start), min(len(text), one.end), one.reason) for one in marks
    ):
        if mark.start >= mark.end or mark.reason not in OmissionReason.values:
            continue
        last = found[-1] if found else None
        if last and (
            mark.start < last.end
            or (mark.reason == last.reason and not text[last.end : mark.start].strip(" "))
        ):
            reason = mark.reason if mark.silent and not last.silent else last.reason
            found[-1] = Mark(last.start, max(last.end, mark.end), reason)
        else:
            found.append(mark)
    return found


def redacted(text: str, marks: Iterable[Mark]) -> str:
    """A text as the person reads it. Silent marks leave no gap: the blanks around them become
    one."""
    told, at = "", 0
    text = plain(text)
    for mark in tidy(text, marks):
        told += text[at : mark.start]
        at = mark.end
        if not mark.silent:
            told += PLACE[OmissionReason(mark.reason)]
        elif not told or told[-1].isspace():
            rest = len(text) - len(text[at:].lstrip())
            if "\n" in text[at:rest]:
                told = told.rstrip(" ")
                told += "" if not told or told.endswith("\n") else "\n"
            at = rest
    told += text[at:]
    return told.rstrip() if marks else told


def segments(text: str, marks: Iterable[Mark]) -> Iterator[tuple[str, Mark | None]]:
    """A text piece by piece, each with the mark that is on it."""
    at = 0
    for mark in tidy(text, marks):
        if mark.start > at:
            yield text[at : mark.start], None
        yield text[mark.start : mark.end], mark
        at = mark.end
    if at < len(text):
        yield text[at:], None


class Searchable:
    """A text in which words are found however they are written: case, accents, apostrophes, and
    the blanks between them make no difference."""

    def __init__(self, text: str) -> None:
        self.text = text
        # once with apostrophes left out, for D'Arcy and DARCY; once with blanks, for Ann's
        self.foldings = [normalise.folded(text), normalise.folded(text, " ")]

    def find(self, pattern: re.Pattern[str] | None) -> list[tuple[int, int]]:
        """Where a pattern of `written` stands in it, in order."""
        if pattern is None:
            return []
        return sorted(
            {
                (places[found.start()], self._end(places[found.end() - 1] + 1))
                for folded, places in self.foldings
                for found in pattern.finditer(folded)
            }
        )

    def _end(self, place: int) -> int:
        """After the accents that are written as signs of their own."""
        while place < len(self.text) and unicodedata.combining(self.text[place]):
            place += 1
        return place


def written(many: Iterable[str]) -> re.Pattern[str] | None:
    """What finds any of these words or names in a Searchable, as whole words; None for none."""
    parts = (normalise.folded(words, " ")[0].split() for words in many)
    ways = sorted({r"\s*".join(map(re.escape, one)) for one in parts if one}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)") if ways else None


ENDS = re.compile(r"^\W+"), re.compile(r"\W+$")


def occurrences(text: str, words: str) -> list[tuple[int, int]]:
    """Where words stand in a text, as whole words, however they are written there; with the signs
    before and behind them, where these stand there too."""
    before, after = (found[0] if (found := end.search(words.strip())) else "" for end in ENDS)
    return [
        (
            start - len(before) if text[:start].endswith(before) else start,
            end + len(after) if text[end:].startswith(after) else end,
        )
        for start, end in Searchable(text).find(written([words]))
    ]


SENTENCE = re.compile(r"[^\s][^\n]*?(?:[.!?]+[\"”’)]*(?=\s|$)|(?=\n|$))")


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends: at a full stop, an exclamation or question mark, or the
    end of a line."""
    return [found.span() for found in SENTENCE.finditer(text)]
