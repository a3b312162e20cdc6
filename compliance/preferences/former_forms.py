"""Rules of `customers.normalise` as they were, for digests that were made with them: never changed.

`compliance.preferences.contact_forms` says under which version each stands.
"""

import re
import unicodedata

POSTCODE = re.compile(r"^(GIR0AA|[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}|BFPO[0-9]{1,4})$")
# Most addresses look like this, and are normalised by lower case alone; the rest goes the long way.
PLAIN_EMAIL = re.compile(
    r"[a-z0-9_+\-]+(?:\.[a-z0-9_+\-]+)*@(?:[a-z0-9\-]+\.)+[a-z0-9\-]+", re.ASCII | re.IGNORECASE
)
PLAIN_LENGTH = 64
EMAIL = re.compile(r"^[^@\s\"(),:;<>\[\]\\]+@[^@\s\"(),:;<>\[\]\\]+$")
INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u2060\ufeff]"
)  # what copying from a page or a letter brings along
APOSTROPHES = re.compile("['’‘ʼ`´]")
LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"}
)
PART_OF_A_HOUSE = re.compile(
    r"flat \w+|\d+\w?|flat \w+ \d+\w?"
)  # says which door, and not yet of which street
WORDS = {
    "street": "st",
    "road": "rd",
    "avenue": "ave",
    "lane": "ln",
    "drive": "dr",
    "close": "cl",
    "court": "ct",
    "crescent": "cres",
    "gardens": "gdns",
    "apartment": "flat",
    "apt": "flat",
    "unit": "flat",
}


def email_1(text: str) -> str:
    """An email address: trimmed, NFKC, lower case, the domain in its ASCII (IDNA 2003) form.

    Tags stay (`a+b@x` is not `a@x`) and so do dots: two boxes that may belong to two people are
    never made one.
    """
    value = text.strip()
    if len(value) <= PLAIN_LENGTH and PLAIN_EMAIL.fullmatch(value):
        return value.lower()
    if not value.isascii():
        value = _composed(value).strip()
    value = value.lower()
    local, _, domain = value.rpartition("@")
    domain = domain.removesuffix(".")
    if len(value) > 254 or len(local) > 64 or not EMAIL.match(value) or not value.isprintable():
        raise ValueError("not an email address")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode().lower()
        except UnicodeError:
            raise ValueError("not an email address: its domain cannot exist") from None
    if "" in domain.split(".") or ".." in local:
        raise ValueError("not an email address: it has a dot too many")
    if "." not in domain:
        raise ValueError("not an email address: its domain has no dot")
    return f"{local}@{domain}"


def _composed(text: str) -> str:
    """NFKC without invisible characters, lower case: repeated, since lower case can come apart
    again."""
    if len(text) > 1000:
        raise ValueError("not an email address")
    visible = INVISIBLE.sub("", text)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).lower())


def postcode_1(text: str) -> str:
    """A United Kingdom or forces (BFPO) postcode in capitals without a space."""
    value = re.sub(r"[\s.\-]", "", INVISIBLE.sub("", text)).upper()
    if not POSTCODE.match(value):
        raise ValueError("not a UK postcode")
    return value


def surname_1(text: str) -> str:
    """A surname for comparing: case, accents, spaces and punctuation folded away."""
    return fold(text).replace(" ", "")


def fold(text: str) -> str:
    """Text for comparing: no accents, no case, words of letters and digits with single spaces."""
    text = APOSTROPHES.sub("", text).casefold()
    if not text.isascii():
        plain = APOSTROPHES.sub("", unicodedata.normalize("NFKD", INVISIBLE.sub("", text)))
        text = (
            "".join(c for c in plain if not unicodedata.combining(c)).casefold().translate(LETTERS)
        )
    return " ".join(re.sub(r"[^\w\s]|_", " ", text).split())


def address_line(text: str) -> str:
    """The first line of an address for comparing: folded, with common words in their short form."""
    return " ".join(WORDS.get(word, word) for word in fold(text).split())


def address_key_1(lines: str) -> str:
    """What identifies a postal address (lines separated by newlines, the last one the postcode):
    postcode and premises.

    The premises are the first line, and the next ones too while they say only which flat or number.
    A comma ends a line: “Rose Cottage, High Street” is the same door whether it was written in one
    line or in two.
    """
    *before, last = [
        part.strip() for line in lines.splitlines() for part in line.split(",") if part.strip()
    ] or [""]
    code, premises = postcode_1(last), ""
    for line in before:
        premises = address_line(f"{premises} {line}")
        if not PART_OF_A_HOUSE.fullmatch(premises):
            break
    if not premises:
        raise ValueError("not a postal address: no line comes before its postcode")
    return f"{code}|{premises}"
