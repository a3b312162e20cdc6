"""Names and customer numbers in a text, as candidates: only the customers' own table decides whose
they are."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from compliance.mailbox import lexicon
from customers.normalise import fold

LONGEST = 20_000  # characters
MOST_NUMBERS, MOST_NAMES = 6, 8
LABEL = (
    r"(?:(?:customer|cust|client|account|acct|membership|member|a/c)\.?\s*|my\s+(?=ref|no\b|num))"
    r"(?:(?:reference|ref|id|no|nr|num|number)\b[.\s]*)*"
)
LABELLED = re.compile(
    rf"\b{LABEL}\s*(?:is|was|=|:|#|-|–|\()*\s*#?\s*([A-Za-z]{{0,4}}[-\s]?\d[A-Za-z0-9\-]{{0,18}})(?![\w@])",
    re.IGNORECASE,
)
BY_ITSELF = re.compile(
    r"(?<![\w@.\-/£$€+])([A-Za-z]{0,4}-?\d[A-Za-z0-9\-]{1,18})(?![\w@/:]|[.,]\d)"
)
# on the same line: a name such as Patel or Card stands alone above its number
SOMETHING_ELSE = re.compile(
    r"\b(?:order|invoice|parcel|tracking|item|product|phone|tel|telephone|mobile|mob|fax|house|flat|ticket|article|section|"
    r"size|version|code|card|vat|registered|company|reg)\.?[ \t]*(?:number|no|nr|num|ref|id)?[. "
    r"\t:#-]*(?:is|was)?[ \t]*\Z",
    re.IGNORECASE,
)
MY_NAME = re.compile(
    r"\b(?:my (?:full )?name(?: is|\s*[:=-])|(?:full |sur)?name\s*[:=-]|i am|i'm|this is)[ \t]+"
    r"([^\n,;:.()\d]{2,80})",
    re.IGNORECASE,
)
NOT_A_NAME = re.compile(
    r"\b(?:and|my|customer|account|number|ref|with|of|from|at|a|an|the|writing|not|no)\b.*$",
    re.IGNORECASE,
)
TELEPHONE = re.compile(r"(?<![\w+])(?:\+44|0044|0)[\d ()\-]{9,16}\d(?!\d)")


@dataclass(frozen=True)
class Candidates:
    """What a text may say of its writer, likeliest first. `claimed`: numbers that it calls a
    customer number itself."""

    names: tuple[str, ...]
    claimed: tuple[str, ...]
    numbers: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Candidates({len(self.names)}, {len(self.claimed)}, {len(self.numbers)})"


def candidates(
    *, subject: str, own: str, signature: str, quoted: str, senders: Iterable[tuple[str, str]]
) -> Candidates:
    """Names that the writer gives as their own, and numbers from anywhere in the message.

    A number may stand in a text that is passed on, as in a newsletter that somebody sends back; a
    name there is nobody's.
    """
    own, quoted = own[:LONGEST], quoted[:LONGEST]
    mine, theirs = (
        TELEPHONE.sub(" ", text) for text in (f"{subject}\n{own}\n{signature[:2_000]}", quoted)
    )
    claimed = [_number(found[1]) for text in (mine, theirs) for found in LABELLED.finditer(text)]
    bare = [
        _number(found[1])
        for text in (mine, theirs)
        for found in BY_ITSELF.finditer(text)
        if _maybe(text, found)
    ]
    numbers = [one for one in dict.fromkeys([*claimed, *bare]) if one]
    names = [
        *_said(own),
        *(name for name, _ in senders if name),
        *_lines(own),
        *_lines(signature),
        *_lines(subject),
    ]
    return Candidates(
        _different(names),
        tuple(dict.fromkeys(claimed))[:MOST_NUMBERS],
        tuple(numbers)[:MOST_NUMBERS],
    )


def telephone(text: str) -> str:
    """The first telephone number of the United Kingdom in a text, as written; empty when there is
    none."""
    found = TELEPHONE.search(text[:LONGEST])
    return found[0].strip() if found else ""


def _maybe(text: str, found: re.Match[str]) -> bool:
    """Whether a number without a label may be a customer number: not a single digit, nor what is
    called something else."""
    before = text[max(0, found.start() - 40) : found.start()]
    return sum(sign.isdigit() for sign in found[1]) > 1 and not SOMETHING_ELSE.search(before)


def _number(text: str) -> str:
    return re.sub(r"\s", "", text).strip("-").upper()


def _said(text: str) -> list[str]:
    """Names after “my name is” and the like."""
    return [
        name for found in MY_NAME.finditer(text) if (name := NOT_A_NAME.sub("", found[1]).strip())
    ][:MOST_NAMES]


def _lines(text: str) -> list[str]:
    """Lines that could be a name: what is left of a short one without greetings, labels and
    numbers."""
    found = []
    for line in text.split("\n")[:300]:
        if len(line) > 120:
            continue
        for piece in re.split(r"[.!?;:()]+(?=\s|$)|\s[-–|/]\s", line):
            first, comma, last = piece.partition(",")
            for order in [piece, f"{last} {first}"] if comma else [piece]:
                kept = [
                    word
                    for word in re.split(r"[\s,]+", order)
                    if fold(word) and not any(sign.isdigit() for sign in word) and "@" not in word
                ]
                kept = [word for word in kept if fold(word) not in lexicon.FILLER]
                if 1 <= len(kept) <= 5 and not any(
                    fold(word) in lexicon.NOT_NAMES for word in kept
                ):
                    found.append(" ".join(kept))
    return [*reversed(found)]  # people sign below


def _different(names: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for name in names:
        if key := fold(name):
            kept.setdefault(key, name[:200])
    return tuple(kept.values())[:MOST_NAMES]
