"""Telling a person's own words from those they quote or pass on."""

import re
from dataclasses import dataclass

from compliance.mailbox import headers

LONGEST = 200_000  # characters that are looked at
RULE = r"[-_*=]{2,}"
PASSED_ON = re.compile(
    rf"^\W*{RULE}\s*(?:original (?:message|appointment)|forwarded (?:message|by)|weitergeleitete "
    r"nachricht|message transf)"
    r".{0,80}$"
    r"|^\W*begin forwarded message\W*$|^_{20,}\s*$",
    re.IGNORECASE,
)
WROTE = re.compile(
    r"^(?:on|le|am|el|il|op|den)\b.{4,300}(?:wrote|a écrit|schrieb|escribió|ha "
    r"scritto|schreef|skrev)\b.{0,120}:\s*$",
    re.IGNORECASE,
)
BEGINS_WROTE = re.compile(r"^(?:on|le|am|el|il|op|den)\b.{4,}", re.IGNORECASE)
BLOCK = re.compile(
    r"^\W{0,3}(from|sent|date|to|cc|subject|von|de|reply-to)\W{0,2}:\W{0,2}\s*(.*)$", re.IGNORECASE
)
SIGNATURE = re.compile(r"^-- ?$")


@dataclass(frozen=True)
class Parts:
    """A text taken apart: `own` words without their signature, the `signature` below them, and what
    was `quoted`."""

    own: str
    signature: str
    quoted: str

    def __repr__(self) -> str:
        return "Parts(...)"


@dataclass(frozen=True)
class Forward:
    """A message passed on inside a text: who had written it, and its words. Empty where the text
    does not say."""

    sender: str
    subject: str
    text: str

    def __repr__(self) -> str:
        return "Forward(...)"


def split_parts(text: str) -> Parts:
    """The writer's own words, their signature, and what they quoted.

    Lines that begin with `>` are quoted, wherever they stand, with the line above that says who
    wrote them. After such a line without `>` below it, after “Original Message” and after a block
    of From and Sent, everything is quoted.
    """
    lines, own, quoted = text[:LONGEST].split("\n"), [], []
    position = 0
    while position < len(lines):
        line = lines[position].strip()
        if line.startswith((">", "|>")):
            quoted.append(line.lstrip("|> "))
            position += 1
            continue
        length = _wrote(lines, position)
        if PASSED_ON.match(line) or _block(lines, position):
            quoted += lines[position:]
            break
        if length:
            after = next((one for one in lines[position + length :] if one.strip()), "")
            if not after.strip().startswith(">"):
                quoted += lines[position:]
                break
            quoted += lines[position : position + length]
            position += length
            continue
        own.append(lines[position])
        position += 1
    ends = next((number for number, line in enumerate(own) if SIGNATURE.match(line)), len(own))
    return Parts(
        "\n".join(own[:ends]).strip(),
        "\n".join(own[ends + 1 :]).strip(),
        "\n".join(line.strip().lstrip("> ") for line in quoted).strip(),
    )


def _wrote(lines: list[str], position: int) -> int:
    """How many lines the sentence “On Monday, Ada wrote:” takes that begins here: none, or up to
    three when wrapped."""
    if not BEGINS_WROTE.match(lines[position].strip()):
        return 0
    for length in (1, 2, 3):
        joined = " ".join(line.strip() for line in lines[position : position + length])
        if len(joined) < 600 and WROTE.match(joined):
            return length
    return 0


def _block(lines: list[str], position: int) -> bool:
    """Whether a block like `From: … Sent: … To: …` begins here, as some programs put above what
    they quote."""
    first = BLOCK.match(lines[position])
    if not first or first[1].lower() not in ("from", "von", "de"):
        return False
    names = {
        found[1].lower()
        for line in lines[position + 1 : position + 6]
        if (found := BLOCK.match(line))
    }
    return len(names & {"sent", "date", "to", "subject"}) >= 2


def forwarded(quoted: str) -> Forward | None:
    """The message that a text passes on, when it says who had written it."""
    lines = quoted.split("\n")
    for position, line in enumerate(lines[:200]):
        found = BLOCK.match(line)
        if not found or found[1].lower() not in ("from", "von", "de"):
            continue
        named = {"from": found[2]}
        end = position + 1
        while end < min(len(lines), position + 12) and (lines[end].strip() or len(named) == 1):
            field = BLOCK.match(lines[end])
            if field:
                named.setdefault(field[1].lower(), field[2])
            end += 1
        if len(named) < 2:
            continue
        sender = re.sub(r"[*\[\]]", " ", named["from"])
        address = headers.people([sender])
        return Forward(
            address[0][1] if address else "",
            named.get("subject", "").strip("* "),
            "\n".join(lines[end:]).strip(),
        )
    return None
