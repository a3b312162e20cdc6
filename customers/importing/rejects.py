"""The lines that could not go in: kept as numbers while the import runs, written with their text at
the end."""

import os
import re
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from csv import writer
from pathlib import Path

from customers.importing.reader import CsvSource
from customers.spreadsheet import harmless
from privacy.free_text import mask_cards

DIGIT_RUN = re.compile(r"(?:[0-9][\s.\-\u2010-\u2015]{0,3}){11,}[0-9]")
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]"
)
ESCAPED = re.compile(r"\\x[0-9a-f]{2}")


class Rejects:
    """Rejected lines and their reasons, eight bytes each. Reasons are fixed sentences, so few
    differ."""

    def __init__(self) -> None:
        self.packed = array("q")  # line number and, in the last 16 bits, the number of the reason
        self.reasons: dict[str, int] = {}

    def add(self, line: int, reason: str) -> None:
        """Reject a line."""
        self.packed.append(line << 16 | self.reasons.setdefault(reason, len(self.reasons)))

    def __len__(self) -> int:
        return len(self.packed)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Each line with its reason, in the order of the file."""
        names = list(self.reasons)
        return ((packed >> 16, names[packed & 0xFFFF]) for packed in sorted(self.packed))

    def counts(self) -> list[tuple[str, int]]:
        """How many lines were rejected for each reason, the most frequent first."""
        names = list(self.reasons)
        return [
            (names[code], count)
            for code, count in Counter(p & 0xFFFF for p in self.packed).most_common()
        ]


REJECTS, HELD = "rejects", "held"


def place(source: Path, what: str = REJECTS) -> Path:
    """The file of rejects, or of lines with a field that is held, beside an import file."""
    return source.with_name(f"{source.name}.{what}.csv")


def write(
    rejects: Rejects, source: CsvSource, *, multiline: bool, holds_cards: bool, what: str = REJECTS
) -> None:
    """Write the rejects (or what is held) beside the file, for its owner alone; without any, no such file is left.

    Reads the import file a second time, so that no text had to be kept. OSError when it cannot be
    written.
    """
    target = place(source.path, what)
    with suppress(FileNotFoundError):
        target.unlink()
    if not rejects:
        return
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        rows = writer(file, lineterminator="\n")
        rows.writerow(("line", "reason", "original"))
        records, record = source.records(multiline=multiline), None
        for line, reason in rejects:
            if record is None or record.line != line:  # a line may stand here for two reasons
                record = next(record for record in records if record.line == line)
            rows.writerow((line, reason, shown(record.original, holds_cards=holds_cards)))


def shown(original: str, *, holds_cards: bool) -> str:
    """A rejected line as it may be written: no card number, nothing that a spreadsheet would run as
    a formula.

    In a file of cards any long run of digits is cut to its last four, whether or not its check
    digit is right.
    """
    text = mask_cards(UNSEEN.sub("", original))
    if holds_cards:
        text = ESCAPED.sub("", text)
        text = DIGIT_RUN.sub(
            lambda found: f"[card ending {re.sub('[^0-9]', '', found.group())[-4:]}]", text
        )
    return harmless(text)
