"""The wordings of the letters: which blocks a letter has, what they say as shipped, and what an
edited one must keep.

No model here. A letter is a frame (`wordings/<letter>.toml`: its blocks in their order, and which
of them the law asks for) and texts for its blocks. An editor changes the texts alone. The grammar
of a text: an empty line ends a paragraph, a line that begins with “- ” is a point of a list,
`{name}` is a placeholder, and there is nothing else.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from audit import evidence
from compliance.cases.rights import RIGHTS
from compliance.letters.placeholders import ALWAYS, PARTS, PLACEHOLDERS

FOLDER = Path(__file__).resolve().parent / "wordings"
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
LONGEST = 4000  # characters of one block
SUBJECT = "subject"
Texts = Mapping[str, str]
# What may be so in a case of any right (`facts.known`). The other conditions are those that the
# rights name.
OF_ANY_CASE = frozenset(
    {
        "for_somebody",
        "in_person",
        "due",
        "no_due",
        "identified",
        "unproven",
        "recipients",
        "lines",
        "outside_window",
        "section_157",
        "agencies",
        "no_agencies",
        "fraud_agencies",
        "data_protection",
    }
)


@dataclass(frozen=True)
class Block:
    """One block of a letter. `law` is the section that asks for it: such a block cannot be left
    out."""

    name: str
    label: str
    text: str  # as shipped
    heading: str = ""
    law: str = ""
    needs: tuple[str, ...] = ()  # placeholders that its text must hold
    words: tuple[str, ...] = ()  # words that it must hold
    when: tuple[str, ...] = ()  # printed only in one of these cases (`facts.known`); empty: always
    evidence: str = ""  # what must prove its text (`audit.evidence`), asked about the case
    otherwise: str = ""  # printed in its place while nothing does


@dataclass(frozen=True)
class Frame:
    """One letter as it is shipped."""

    letter: str
    title: str
    says: str  # when it goes, for the editor
    uses: tuple[str, ...]  # placeholders beside those that every letter knows
    blocks: tuple[Block, ...]

    @property
    def known(self) -> tuple[str, ...]:
        """The placeholders that a text of this letter may hold."""
        return (*ALWAYS, *self.uses)

    @property
    def shipped(self) -> dict[str, str]:
        return {block.name: block.text for block in self.blocks}

    @property
    def claims(self) -> frozenset[str]:
        """The names of the evidence that its blocks rest on."""
        return frozenset(block.evidence for block in self.blocks if block.evidence)

    @property
    def without_evidence(self) -> dict[str, str]:
        """What each block says while nothing proves what it claims."""
        return {
            block.name: block.otherwise if block.evidence else block.text for block in self.blocks
        }

    def completed(self, texts: Texts) -> dict[str, str]:
        """A stored wording under this frame: the shipped text stands in for a block that is new or
        no longer holds what it must."""
        return {
            block.name: block.text
            if block.name not in texts or faults_of(self, block, texts[block.name])
            else texts[block.name]
            for block in self.blocks
        }


@lru_cache(maxsize=32)
def frame(letter: str) -> Frame:
    """The frame of a letter. ValueError when its file is not as it should be."""
    given, shared = _read(letter), _read("shared")
    blocks = tuple(
        _block({**shared.get(one.get("shared", ""), {}), **one}) for one in given["block"]
    )
    found = Frame(letter, given["title"], given["says"], tuple(given.get("uses", ())), blocks)
    if unknown := sorted(set(found.uses) - set(PLACEHOLDERS)):
        raise ValueError(
            f"{letter}.toml uses placeholders that there are not: {', '.join(unknown)}"
        )
    known = OF_ANY_CASE.union(*(right.conditions for right in RIGHTS))
    if strange := sorted({one for block in blocks for one in block.when} - known):
        raise ValueError(
            f"{letter}.toml prints a block when {', '.join(strange)}: no case has that"
        )
    if unproved := sorted(found.claims - evidence.known()):
        raise ValueError(f"{letter}.toml names evidence that there is not: {', '.join(unproved)}")
    if wrong := faults(found, found.shipped) or faults(found, found.without_evidence):
        raise ValueError(
            f"{letter}.toml: {'; '.join(text for told in wrong.values() for text in told)}"
        )
    return found


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _block(given: Mapping[str, Any]) -> Block:
    return Block(
        name=given["name"],
        label=given["label"],
        text=tidy(given["text"]),
        heading=given.get("heading", ""),
        law=given.get("law", ""),
        needs=tuple(given.get("needs", ())),
        words=tuple(given.get("words", ())),
        when=tuple(given.get("when", ())),
        evidence=given.get("evidence", ""),
        otherwise=tidy(given.get("otherwise", "")),
    )


def conditions_used() -> set[str]:
    """The conditions on which any block of any letter is printed."""
    files = [_read(file.stem) for file in FOLDER.glob("*.toml") if file.stem != "shared"]
    return {one for given in files for block in given["block"] for one in block.get("when", ())}


def tidy(text: str) -> str:
    """A text as it is stored: no spaces at the ends of lines, one empty line between paragraphs."""
    lines = "\n".join(
        line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def faults(found: Frame, texts: Texts) -> dict[str, list[str]]:
    """What is wrong with the texts of a letter, block by block, in words for whoever edits it.
    Empty: nothing."""
    told = {
        block.name: faults_of(found, block, texts.get(block.name, "")) for block in found.blocks
    }
    return {name: wrong for name, wrong in told.items() if wrong}


def faults_of(found: Frame, block: Block, text: str) -> list[str]:
    """What is wrong with one block."""
    if not text.strip():
        return (
            [f"“{block.label}” cannot be left out: {block.law} asks for it."] if block.law else []
        )
    told = [
        f"“{{{name}}}” is no placeholder of this letter.{_nearest(name, found.known)}"
        for name in dict.fromkeys(PLACEHOLDER.findall(text))
        if name not in found.known
    ]
    if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
        told.append("A curly bracket may only stand around a placeholder, such as {reference}.")
    told += [
        f"“{block.label}” must hold {{{name}}}: "
        f"{PLACEHOLDERS[name].says[0].lower()}{PLACEHOLDERS[name].says[1:]}"
        for name in block.needs
        if f"{{{name}}}" not in text
    ]
    told += [
        f"“{block.label}” must say “{word}” ({block.law})."
        for word in block.words
        if word.casefold() not in " ".join(text.split()).casefold()
    ]
    told += [
        f"{{{name}}} must stand in a paragraph of its own."
        for name in PARTS
        if f"{{{name}}}" in text and f"{{{name}}}" not in paragraphs(text)
    ]
    if len(text) > LONGEST:
        told.append(f"“{block.label}” is longer than {LONGEST:,} characters.")
    if block.name == SUBJECT and "\n" in text:
        told.append("The subject is one line.")
    return told


def _nearest(name: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean {{{close[0]}}}?" if close else ""


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text."""
    return [part for part in re.split(r"\n\s*\n", text.strip()) if part]
