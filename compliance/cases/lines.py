"""The lines in which a person is told what was carried out: “Notes of calls: Erased.”

A word for an effect (erased, stopped, changed, restricted, told) is made by its constructor, which
asks for the evidence: a line without it cannot be made, and a text with such a word in it neither.
Lines are stored with their outcome and read by letters, the desk and the copy of somebody's data.
"""

import datetime
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from audit.evidence import Evidence, Source
from compliance.deadlines.wording import words_of
from compliance.disclosures.instructions import state_in_words
from compliance.disclosures.models import Instruction

EFFECTS = {
    "erased": "Erased",
    "changed": "Changed",
    "restricted": "Restricted",
    "released": "No longer restricted",
    "stopped": "Stopped",
}
KEPT, TOLD, PROVED, SAID, QUOTED = "kept", "told", "proved", "said", "quoted"
NEED_NONE = (KEPT, SAID, QUOTED)  # they claim no effect
EFFECT_WORD = re.compile(
    r"\b(stopped|erased|deleted|removed|changed|corrected|restricted|told|lifted|done)\b", re.I
)


WE_DID = re.compile(
    r"\bwe(?: have|[’']ve)? (?:\w+ )?(erased|deleted|changed|corrected|restricted|stopped)\b", re.I
)
CALLED = {"deleted": "erased", "corrected": "changed"}  # other words for the same effect


@dataclass(frozen=True)
class Line:
    """What it is about, what came of it, why, and until when. Made by the functions below."""

    what: str
    code: str
    evidence: Evidence | None = None
    text: str = ""  # what came of it, where the code alone does not say it
    why: str = ""
    until: datetime.date | str = ""
    more: Mapping[str, str] = field(default_factory=dict)  # in pieces, for a letter's own layout

    def __post_init__(self) -> None:
        if self.code not in (*EFFECTS, TOLD, PROVED, *NEED_NONE):
            raise ValueError(f"“{self.code}” is no outcome.")
        if (self.evidence is None) != (self.code in NEED_NONE):
            raise ValueError(f"“{self.what}: {self.code}” needs its evidence, or may have none.")
        if self.code == SAID and (found := EFFECT_WORD.search(f"{self.text} {self.why}")):
            raise ValueError(f"“{found[0]}” is said of “{self.what}” without evidence.")

    @property
    def outcome(self) -> str:
        """What came of it, in words: “Kept until 31 January 2033”."""
        says = EFFECTS.get(self.code) or ("Kept" if self.code == KEPT else self.text)
        if not self.until:
            return says
        until = self.until
        return f"{says} until {until if isinstance(until, str) else words_of(until, False)}"

    @property
    def sentences(self) -> str:
        """What came of it and why: “Kept until 31 January 2033. Tax law asks for it.”"""
        return " ".join(_ended(one) for one in (self.outcome, self.why) if one)

    def as_data(self) -> dict[str, Any]:
        """The line as it is stored."""
        until = {"on": self.until.isoformat()} if isinstance(self.until, datetime.date) else {}
        proof = self.evidence and [
            str(self.evidence.source),
            self.evidence.since.isoformat(),
            self.evidence.proof,
        ]
        given = {
            "what": self.what,
            "code": self.code,
            "text": self.text,
            "why": self.why,
            "until": "" if until else self.until,
            **until,
            "more": dict(self.more),
            "evidence": proof,
        }
        return {name: value for name, value in given.items() if value}

    # --- What was done: each asks for what proves it -------------------------------------------

    @classmethod
    def erased(cls, what: str, evidence: Evidence, *, why: str = "") -> "Line":
        """Records were erased."""
        return cls(what, "erased", evidence, why=why)

    @classmethod
    def changed(cls, what: str, evidence: Evidence, *, why: str = "") -> "Line":
        """A record was changed."""
        return cls(what, "changed", evidence, why=why)

    @classmethod
    def restricted(
        cls, what: str, evidence: Evidence, *, why: str = "", until: datetime.date | str = ""
    ) -> "Line":
        """A use is restricted."""
        return cls(what, "restricted", evidence, why=why, until=until)

    @classmethod
    def released(cls, what: str, evidence: Evidence, *, why: str = "") -> "Line":
        """A use is no longer restricted."""
        return cls(what, "released", evidence, why=why)

    @classmethod
    def stopped(cls, what: str, evidence: Evidence, *, why: str = "") -> "Line":
        """A use stopped."""
        return cls(what, "stopped", evidence, why=why)

    @classmethod
    def told(cls, what: str, row: Instruction, evidence: Evidence, *, why: str = "") -> "Line":
        """Somebody is told, as far as that is: listed, told on, confirmed on, could not be told."""
        return cls(what, TOLD, evidence, text=state_in_words(row), why=why)

    @classmethod
    def proved(
        cls,
        what: str,
        text: str,
        evidence: Evidence,
        *,
        why: str = "",
        until: datetime.date | str = "",
        more: Mapping[str, str] | None = None,
    ) -> "Line":
        """Anything else that is so, with what proves it."""
        return cls(what, PROVED, evidence, text, why, until, more or {})

    # --- What claims no effect ------------------------------------------------------------------

    @classmethod
    def kept(cls, what: str, why: str, until: datetime.date | str = "") -> "Line":
        """Records stay: why, and until when, or until what has happened."""
        return cls(what, KEPT, why=why, until=until)

    @classmethod
    def said(
        cls, what: str, text: str, *, why: str = "", more: Mapping[str, str] | None = None
    ) -> "Line":
        """Words that claim no effect. ValueError for a word that does."""
        return cls(what, SAID, None, text, why, more=more or {})

    @classmethod
    def quoted(cls, what: str, text: str) -> "Line":
        """What a member of staff wrote to the person, in their words."""
        return cls(what, QUOTED, None, text)


def unproved(text: str, lines: Iterable[Line]) -> str:
    """The word in a text of a member of staff that says we did something, of which no line of the
    case tells; empty when all that it says is so."""
    told = {line.code for line in lines}
    words = [found[1].lower() for found in WE_DID.finditer(text)]
    return next((word for word in words if CALLED.get(word, word) not in told), "")


def as_json(lines: Iterable[Line]) -> str | None:
    """Lines as they are sealed; None when there are none."""
    found = [line.as_data() for line in lines]
    return json.dumps(found) if found else None


def read(stored: str | None) -> list[Line]:
    """The lines of an outcome, as they were stored."""
    return [_line(given) for given in json.loads(stored)] if stored else []


def _line(given: Mapping[str, Any]) -> Line:
    proof = given.get("evidence")
    return Line(
        given["what"],
        given["code"],
        Evidence(Source(proof[0]), datetime.date.fromisoformat(proof[1]), proof[2])
        if proof
        else None,
        given.get("text", ""),
        given.get("why", ""),
        datetime.date.fromisoformat(given["on"]) if "on" in given else given.get("until", ""),
        given.get("more", {}),
    )


def in_words() -> Callable[[str], str]:
    """The words of stored lines, for the copy of somebody's data: one line each."""
    return lambda stored: "\n".join(f"{line.what}: {line.sentences}" for line in read(stored))


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
