"""Which door is it? From the lines of a postal address before its postcode to one written form of the
flat, the house and the street, whichever way they were written.

Pure functions from folded text (no accents, no case; of signs only `/` and `-`) to text. What is read
with certainty is one form; what may have been meant as well are the doubtful ones. Their rules are a
contract: stored digests depend on them (docs/screening.md).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

# What kind of street it is, in the written form, and how else that is written.
STREETS = {
    "st": "street str",
    "rd": "road",
    "ave": "avenue av aven",
    "ln": "lane la",
    "dr": "drive drv",
    "cl": "close clo",
    "ct": "court crt",
    "cres": "crescent cresc cr",
    "gdns": "gardens gdn gardns",
    "terrace": "terr ter tce",
    "place": "pl plc",
    "square": "sq sqr",
    "grove": "gr grv gro",
    "park": "pk",
    "parade": "pde",
    "walk": "wlk",
    "house": "hse",
    "buildings": "building bldgs bldg",
    "cottages": "cotts",
    "way": "wy",
    "hill": "hl",
    "row": "",
    "mews": "mws",
    "boulevard": "blvd",
    "esplanade": "esp",
    "green": "grn",
    "view": "vw",
    "rise": "",
    "yard": "yd",
}
OTHER_WORDS = {
    "st": "saint",
    "mount": "mt",
    "flat": "apartment apt appt flt unit maisonette",
    "floor": "flr",
    "ground": "grnd gnd grd",
    "annexe": "annex",
    "cottage": "cott",
    "farm": "fm",
    "upper": "upr",
    "lower": "lwr",
    "north": "nth",
    "south": "sth",
}
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
WORDS = {long: short for short, others in STREETS.items() for long in others.split()}
WORDS |= {long: short for short, others in OTHER_WORDS.items() for long in others.split()}
WORDS |= {f"{n}{end}": ORDINALS[n - 1] for n in range(1, 10) for end in ("st", "nd", "rd", "th")}

PAIR = re.compile(
    r"\b(\d{1,4}[a-z]?|[a-z]{1,2}|[a-z]\d{1,3})/(\d{1,4}[a-z]?|[a-z])(?:/(\d{1,3}))?\b"
)
RANGE = re.compile(r"(?<=\d)\s*-\s*(?=\d)|(?<=\d[a-z])\s*-\s*(?=\d)")
LETTER = re.compile(r"\b(\d{1,4}) ([a-z])\b")
COUNT = re.compile(rf"\bflat ({'|'.join(NUMBERS)})\b")
NUMERO = re.compile(r"\b(?:no|nos|nr|number|num) (?=\d)|(?<=\bflat )(?:no|nr|number) (?=[a-z]\b)")
KINDS = "flat|studio|suite|room|bedsit|plot|pitch|berth|block|caravan|chalet|shop|office"
NUMBER = r"\d{1,5}[a-z]?(?:-\d{1,5}[a-z]?)?"
UNIT = re.compile(
    rf"\b({KINDS}) (\d{{1,4}}[a-z]?\d?(?:[/-]\d{{1,4}}[a-z]?)?|[a-z]/\d{{1,3}}|\df\d|[gpb]f\d"
    rf"|[a-z]\d{{0,3}}(?!/))(?![\w/-])"
)
LEVELS = f"lower ground|ground|basement|upper|lower|top|attic|garden|middle|mezzanine|{'|'.join(ORDINALS)}"
FLOOR = re.compile(
    rf"\b(?:flat (?P<after>{LEVELS})(?: floor)?|(?P<before>{LEVELS}) (?:floor(?: flat)?|flat))"
    rf"(?: (?P<side>left|right|rear|front|middle))?(?! (?:{'|'.join(STREETS)})\b)(?!\w)"
)
ALONE = re.compile(
    rf"^(?:(?P<kind>annexe|basement|attic|penthouse)|flat(?! (?:{'|'.join(STREETS)})\b)"
    r"(?: (?:above|over|at|of|in|behind))?)(?!\w)"
)
TENEMENT = re.compile(r"\b(\df\d|[gpb]f\d)\b")  # “2f1”: in Scotland, second floor, first door
BLOCKS = (" ct", " house", " buildings", " mews", " mansions", " lodge")
LINKS = re.compile(r"^(?:at|of|in|on)\b ?")
CARE_OF = re.compile(r"^(?:c/o|care of)\b")
NUMBERED = re.compile(rf"({NUMBER}|\d{{1,4}}[a-z]?/\d{{1,4}}[a-z]?(?:/\d{{1,3}})?)(?: |$)(.*)")
BARE = re.compile(r"\d[\da-z/-]*(?: \d[\da-z/-]*)*")
SLASHED = re.compile(r"(?:^|(?<= ))(\d{1,4}[a-z]?/\d{1,4}[a-z]?|[a-z]{1,2}/\d{1,3})(?: |$)")
PLAIN = re.compile(rf"{NUMBER} [a-z][a-z ]*")  # a house in a street, said in the first line
HINT = re.compile(rf"[/\d]|\b(?:{KINDS}|floor|annexe|basement|attic|penthouse)\b")


class Door(NamedTuple):
    """One door: its written form (empty where no line says one), and what may be meant as well."""

    form: str
    doubtful: Sequence[str] = ()


def read(parts: Sequence[str]) -> Door:
    """The door that the lines of an address name. A comma ends a line: each part is one, or a piece
    of one."""
    lines = [line for part in parts if (line := _plain(part))]
    kept = [line for line in lines if not CARE_OF.match(line)] or lines
    kept = [line.replace("c/o", "c o") for line in kept]
    if not kept:
        return Door("")
    first = kept[0]
    if PLAIN.fullmatch(first) and not any(map(HINT.search, [first.partition(" ")[2], *kept[1:]])):
        number, _, street = first.partition(" ")
        return _door([], number, _street(street), "")
    units: list[str] = []
    rest: list[str] = []
    for line in kept:
        found, left = _units(line)
        units += [one for one in found if one not in units]
        if left:
            rest.append(left)
    return _house(units, rest)


def _plain(part: str) -> str:
    """A line in short words, its numbers written one way."""
    text = re.sub(r"\s*/\s*", "/", part) if "/" in part else part
    if "-" in text:
        text = re.sub(r"(?<!\d)-|-(?!\d)", " ", RANGE.sub("-", text))
    if "/" in text and not CARE_OF.match(text):
        text = " ".join(
            word if PAIR.fullmatch(word) else word.replace("/", " ") for word in text.split()
        )
    words = [WORDS.get(word, word) for word in text.split()]
    if "fl" in words:
        place = words.index("fl")
        words[place] = "floor" if place and words[place - 1] in LEVELS.split("|") else "flat"
    if len(words) > 1:
        words = [word for word in words if word != "the"] or words
    text = NUMERO.sub("", " ".join(words))
    if "flat" in words:
        text = COUNT.sub(lambda found: f"flat {NUMBERS.index(found[1]) + 1}", text)
    return LETTER.sub(r"\1\2", text)


def _units(line: str) -> tuple[list[str], str]:
    """The flats, floors and the like that a line names, and what is left of it."""
    found: list[str] = []

    def floor(match: re.Match[str]) -> str:
        level, side = match["after"] or match["before"], match["side"]
        found.append(f"{level} floor{f' {side}' if side else ''}")
        return " "

    def unit(match: re.Match[str]) -> str:
        found.append(f"{match[1]} {match[2]}")
        return " "

    def tenement(match: re.Match[str]) -> str:
        found.append(f"flat {match[1]}")
        return " "

    def alone(match: re.Match[str]) -> str:
        found.append(match["kind"] or "flat")
        return " "

    text = FLOOR.sub(floor, line)
    text = TENEMENT.sub(tenement, UNIT.sub(unit, text))
    text = ALONE.sub(alone, text.strip()) if not found else text
    text = " ".join(text.split())
    return found, LINKS.sub("", text) if found else text


def _house(units: list[str], rest: list[str]) -> Door:
    """The house among the lines that are left once the flats are known."""
    named, number, street = "", "", ""
    for place, line in enumerate(rest):
        joined, after = line, place + 1
        while after < len(rest) and BARE.fullmatch(joined):  # “2/1”, “30”, “Marischal Street”
            joined, after = f"{joined} {rest[after]}", after + 1
        if match := NUMBERED.fullmatch(joined):
            number, street = match[1], match[2]
            for later in rest[after:]:
                if SLASHED.fullmatch(later) and not _flat(units):
                    units.append(f"flat {later}")
            break
        named = named or line
    if not number:
        return _door(units, "", named, "")
    number, street, doubtful = _split(units, number, street)
    return _door(units, number, _street(street), named, doubtful)


def _flat(units: Sequence[str]) -> bool:
    return any(one.startswith("flat ") for one in units)


def _split(units: list[str], number: str, street: str) -> tuple[str, str, list[str]]:
    """Which of the numbers is the flat's and which the house's: the house's stands next to the
    street. What else may be meant comes last."""
    following = NUMBERED.match(street)
    if following and not _flat(units):  # “1, 12 Mill Lane”, “2/1 30 Marischal Street”
        if "/" in following[1] and "/" not in number:  # “30 2/1 Marischal Street”
            units.append(f"flat {following[1]}")
            return number, following[2], []
        units.append(f"flat {number.replace('-', '/')}")
        number, street = following[1], following[2]
    if (trailing := SLASHED.search(street)) and not _flat(units):  # “30 Marischal Street 2/1”
        units.append(f"flat {trailing[1]}")
        street = f"{street[: trailing.start()]} {street[trailing.end() :]}".strip()
    pieces = number.split("/")
    if len(pieces) == 3:  # “30/2/1 Marischal Street”
        units.append(f"flat {pieces[1]}/{pieces[2]}")
        return pieces[0], street, []
    if len(pieces) == 2:
        if _flat(units):
            return "-".join(pieces), street, []
        # “1/12 Mill Lane” is flat 1 of number 12, but some write the house first
        units.append(f"flat {pieces[0]}")
        return pieces[1], street, [f"flat {pieces[1]} {pieces[0]} {_street(street)}"]
    return number, street, []


def _street(words: str) -> str:
    """A street without what follows its name in the same line: a town, mostly."""
    found = words.split()
    for place, word in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else ""
        if place and word in STREETS and after not in STREETS.keys() - {"st"}:
            return " ".join(found[: place + 1])
    return words


def _door(units: list[str], number: str, street: str, named: str, also: Sequence[str] = ()) -> Door:
    house = f"{number} {street}".strip()
    if not number and len(units) == 1 and (pair := re.fullmatch(r"flat (\w+)[/-](\w+)", units[0])):
        # “Flat 1 - 12 Mill Lane”, “Flat 1/12 Mill Lane”: the house has no other number
        units, number, house = [f"flat {pair[1]}"], pair[2], f"{pair[2]} {_street(street)}"
    units = sorted({re.sub(r"(?<=\d)-(?=\d)", "/", one) for one in units})
    form = " ".join([*units, house]).strip()
    doubtful = [*also]
    if units and house:
        doubtful.append(house)
        if len(units) > 1:
            doubtful += [f"{one} {house}" for one in units]
    letter = re.fullmatch(r"(\d+)([a-z])", number)
    if letter and not units:  # “12a” may be flat A of number 12
        doubtful.append(f"flat {letter[2]} {letter[1]} {street}")
    if len(units) == 1 and re.fullmatch(r"flat [a-z]", units[0]) and number.isdigit():
        doubtful.append(f"{number}{units[0][-1]} {street}")
    if street.endswith(BLOCKS):  # “Flat 3, Rose Court” and “3 Rose Court” are mostly one
        if number and not units:
            doubtful.append(f"flat {house}")
        elif len(units) == 1 and units[0].startswith("flat ") and not number:
            doubtful.append(f"{units[0].removeprefix('flat ')} {street}")
    if named and number:  # “Rose Cottage, 12 Mill Lane”
        doubtful.append(" ".join([*units, named]))
    return Door(form, [one for one in dict.fromkeys(doubtful) if one != form])
