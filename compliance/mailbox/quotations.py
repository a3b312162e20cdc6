"""Telling a person's own words from those they quote or pass on, by structure: lines that are marked,
a block of labelled lines, a sentence that says who wrote, a line that holds nothing but our address.

Each pattern is tried on single lines, from their beginning, and takes time that grows with the line.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from compliance.mailbox import headers

LONGEST = 200_000  # characters that are looked at
LINE = 1_000  # characters of a line that are looked at
RULED = re.compile(r"[-_*=]{2,}\s*([^-_*=\n][^\n]{2,80})")  # “----- Forwarded message -----”
# “message” or “forwarded”, in the tongues of the programs that people use
PASSED_ON = re.compile(
    r"message|forward|nachricht|weitergeleit|mensa[gj]e|reenviad|encaminhad|messaggio|inoltrat"
    r"|bericht|doorgestuurd|meddelande|meddelelse|melding|videresend|vidarebefordra|viesti|zpráv"
    r"|správ|wiadomo|üzenet|mesaj|iletilen|poruk|kiri|edasta|сообщен|письмо|повідомлен|лист"
    r"|original appointment|メッセージ|转发",
    re.IGNORECASE,
)
BEGIN = re.compile(r"\W*(?:begin forwarded message|forwarded message)\W*$", re.IGNORECASE)
UNDERLINE = re.compile(r"_{20,}\s*$")
WROTE = re.compile(
    r"\b(?:wrote|writes|a écrit|schrieb|escribió|escreveu|ha scritto|schreef|skrev|kirjoitti|írta"
    r"|napisał|pisze|napsal|napísal|yazdı|написал|пише|написав|kirjutas)",
    re.IGNORECASE,
)
DATED = re.compile(r"\d{1,2}[:.h]\d\d|\b(?:19|20)\d\d\b")
BRACKETED = re.compile(r"<[^<>@\s]{1,100}@[^<>@\s]{1,100}>")
MARKS = " \t>|*_\u2022"
LABEL = re.compile(
    r"[ \t>|*_]*([^\W\d_][^\W\d_. ()'’\-]{0,15}(?:[ ]?[^\W\d_()\-]{1,15}){0,2}(?: \([^()]{1,10}\))?)"
    r"[*_]*[ \t\xa0]*[:：][*_ \t\xa0]*(.*)"
)
FROM_LINES = """
from von de da van od fra från lähettäjä feladó kimden gönderen от від saatja odesílatel odosielateľ
šalje expéditeur remitente mittente nadawca afzender avsändare avsender отправитель expeditorul
送信元 差出人 发件人 寄件者
"""
SUBJECT_LINES = """
subject betreff objet asunto assunto oggetto onderwerp ämne emne aihe předmět predmet temat tárgy konu
тема teema subiect subiectul naslov 件名 主题
"""
FROM = frozenset(FROM_LINES.split()) | {"de la", "від кого"}
SUBJECT = frozenset(SUBJECT_LINES.split())
MOST_LABELS = 14  # lines of one block
SIGNATURE = re.compile(r"-- ?$")


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


def split_parts(text: str, domain: str = "") -> Parts:
    """The writer's own words, their signature, and what they quoted. `domain` is our own.

    Lines that begin with `>` are quoted, wherever they stand, with the line above that says who
    wrote them. After such a line without `>` below it, after “Forwarded message”, after a block of
    From, Sent and To, and after a line of nothing but a name and an address of ours, everything is
    quoted.
    """
    lines, own, quoted = text[:LONGEST].split("\n"), [], []
    position = 0
    while position < len(lines):
        line = lines[position][:LINE].strip()
        if line.startswith((">", "|>")):
            quoted.append(line.lstrip("|> "))
            position += 1
            continue
        length = _attribution(lines, position)
        if _begins_quote(lines, position, line) or _ours_alone(line, domain):
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


def _begins_quote(lines: Sequence[str], position: int, line: str) -> bool:
    ruled = RULED.match(line)
    return (
        bool(ruled and PASSED_ON.search(ruled[1]))
        or bool(BEGIN.match(line) or UNDERLINE.match(line))
        or len(_block(lines, position)) > 0
    )


def _attribution(lines: Sequence[str], position: int) -> int:
    """How many lines the sentence “On Monday, Ada wrote:” takes that begins here: none, or up to
    three when wrapped."""
    for length in (1, 2, 3):
        if not "".join(lines[position + length - 1 : position + length]).strip():
            return 0
        if _says_who_wrote(lines[position : position + length]):
            # of the lines above a sentence that is whole without them it is no part
            whole = length > 1 and _says_who_wrote(lines[position + 1 : position + length])
            return 0 if whole else length
    return 0


def _says_who_wrote(lines: Sequence[str]) -> bool:
    joined = " ".join(line[:LINE].strip() for line in lines)
    return (
        len(joined) <= 400
        and joined.endswith((":", "："))
        and bool(DATED.search(joined))
        and bool(WROTE.search(joined) or BRACKETED.search(joined))
    )


def _ours_alone(line: str, domain: str) -> bool:
    """Whether a line holds an address of ours and at most a name and a label beside it."""
    if not domain or f"@{domain}" not in line.lower() or len(line) > 200:
        return False
    _, _, after = line.lower().partition(f"@{domain}")
    before = line[: len(line) - len(after) - len(domain) - 1]
    label = LABEL.match(line)
    bracket = "<" in before or "[" in before or label is not None or " " not in before.strip()
    return bracket and len(before.split()) <= 6 and not any(sign.isalnum() for sign in after)


def _block(lines: Sequence[str], position: int) -> list[tuple[str, str]]:
    """The labelled lines of a block like `From: … Sent: … To: …` that begins here, each with its
    value: at least three, one of them From. Empty where none begins."""
    fields, _ = _fields(lines, position)
    names = [name for name, _ in fields]
    return fields if len(fields) >= 3 and FROM.intersection(names) else []


def _fields(lines: Sequence[str], position: int) -> tuple[list[tuple[str, str]], int]:
    """The labelled lines from here on, and where they end. A value may go on in the next line: with
    further addresses, or indented. The lines may be set apart by blank ones."""
    fields: list[tuple[str, str]] = []
    end = position
    while end < len(lines) and len(fields) < MOST_LABELS:
        line = lines[end][:LINE]
        found = LABEL.match(line)
        if found:
            fields.append((found[1].lower().strip(), found[2].strip()))
        elif not (fields and line.strip(MARKS)):
            break
        elif not fields[-1][1]:  # the value stands below its label
            fields[-1] = fields[-1][0], line.strip(MARKS)
        elif "@" in line or line[:1] in " \t":
            fields[-1] = fields[-1][0], f"{fields[-1][1]} {line.strip(MARKS)}"
        else:
            break
        end += 1
    return fields, end


def forwarded(quoted: str) -> Forward | None:
    """The message that a text passes on, when it says who had written it."""
    lines = quoted.split("\n")
    for position, line in enumerate(lines[:200]):
        if fields := _block(lines, position):
            _, end = _fields(lines, position)
            return _forward(fields, "\n".join(lines[end:]))
        text = line[:LINE].strip()
        length = _attribution(lines, position)
        if length or (RULED.match(text) and BRACKETED.search(text)):
            # the first address of a sentence, or of a block that is run together in one line
            found = BRACKETED.search(" ".join(lines[position : position + (length or 1)]))
            if found:
                rest = "\n".join(lines[position + (length or 1) :])
                return _forward([("from", found[0])], rest)
    return None


def _forward(fields: Sequence[tuple[str, str]], text: str) -> Forward:
    sender = next((value for name, value in fields if name in FROM), "")
    people = headers.people([re.sub(r"[*\[\]]", " ", sender)])
    subject = next((value for name, value in fields if name in SUBJECT), "")
    return Forward(people[0][1] if people else "", subject.strip("* "), text.strip())
