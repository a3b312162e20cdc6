"""What an email about somebody who died names of them: their name, and how they were reached. Pure: no
model.

Only what stands in the writer's own words, and none of what they call their own: marketing to the
rest goes on until a colleague has read it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

RELATIVES = (
    r"(?:grand|step|god)?(?:mother|father|mum|mam|mom|dad|son|daughter|parent)s?(?: in law)?|wife"
    r"|husband|partner|nan|nana|gran|granny|grandma|grandad|grandpa|aunt|auntie|uncle|friend"
    r"|neighbour|client|brother|sister|cousin|niece|nephew"
)
TITLES = r"mr|mrs|miss|ms|mx|dr"
DIED = r"(?:died|passed away|is dead|is deceased|was killed)"
# Over folded text (`customers.normalise.fold`). Words about a death alone: a telephone dies too.
WORDS = (
    rf"(?:{RELATIVES}|{TITLES}|he|she|customer|account holder)(?: \w+){{0,8}} {DIED}",
    rf"late (?:{RELATIVES}|{TITLES})",
    rf"death of (?:my|our|her|his|their|the|{TITLES})",
    r"death certificate",
    r"deceased",
    r"recently bereaved",
    r"notif\w+ (?:\w+ ){0,3}bereavement",
    r"bereavement (?:team|department|notification|enquir\w+)",
    r"executors?(?: and \w+)? (?:of|for)",
    r"administrators? of the estate",
    r"probate",
    r"letters of administration",
)
NAME = re.compile(
    rf"\b(?:{RELATIVES}|{TITLES}|late|estate of|death of|executor of|executor for)\b[.,:]?\s+"
    r"((?:(?:Mr|Mrs|Miss|Ms|Mx|Dr)\.?\s+)?[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+){1,3})",
)
# Each bounded, and looked for at the start of a word alone: a stranger's text must cost its length.
EMAIL = re.compile(r"(?<![^\s,;:<>()])[^\s,;:<>()@]{1,64}@[^\s,;:<>()@]{1,254}\w")
PHONE = re.compile(r"(?<![\w+])(?:\+44|0044|0)[\d ()-]{9,16}\d(?!\d)")
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)
MINE = re.compile(
    r"\b(?:me|my own|my (?:e ?-?mail|number|mobile|phone|address))\b[^.\n]{0,30}$", re.I
)
BEFORE = 80  # characters in which a word that makes it the writer's own may stand
LINES, LONGEST_LINE = 4, 60  # of a postal address above its postcode; characters of each


def name_in(words: str) -> str:
    """The name of who died, as written after “my mother” and the like; empty when it is not
    there."""
    found = NAME.search(words)
    return found[1] if found else ""


@dataclass(frozen=True)
class Reached:
    """How somebody was reached: empty where that is not named."""

    email: str
    phone: str
    address: str

    def __repr__(self) -> str:
        return "Reached(...)"

    @property
    def lines(self) -> str:
        """Each in lines of its own, the postal address first."""
        return "\n".join(one for one in (self.address, self.email, self.phone) if one)


def reached(words: str, *, but: Collection[str] = ()) -> Reached:
    """How they were reached, as far as the words name it. `but` are the writer's own addresses."""
    own = {address.lower() for address in but}
    return Reached(_first(EMAIL, words, own), _first(PHONE, words, own), _address(words))


def _address(words: str) -> str:
    """The lines of the first postal address: that of its postcode, and the short ones above it,
    without a name that stands over it."""
    code = POSTCODE.search(words)
    if code is None:
        return ""
    *above, last = words[: code.start()].splitlines() or [""]
    lines = [last.strip(" ,")] if last.strip(" ,") else []
    for line in reversed(above[-LINES:]):
        if not line.strip() or len(line) > LONGEST_LINE or "@" in line or PHONE.search(line):
            break
        lines.insert(0, line.strip(" ,"))
    numbered = [number for number, line in enumerate(lines) if line[:1].isdigit()]
    return "\n".join([*lines[numbered[0] if numbered else 0 :], code[0]])


def _first(pattern: re.Pattern[str], words: str, own: Collection[str]) -> str:
    for found in pattern.finditer(words):
        before = words[max(0, found.start() - BEFORE) : found.start()]
        if found[0].lower() not in own and not MINE.search(before):
            return found[0]
    return ""
