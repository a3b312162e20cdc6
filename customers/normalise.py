"""One written form for each kind of contact detail, so that two spellings of the same one compare
equal.

Pure functions from text to text. Each raises ValueError, with a sentence that says what is wrong
and never the value, when the text is not of its kind. Their rules are a contract: stored look-up
hashes depend on them.
"""

import html
import re
import unicodedata

import phonenumbers

from customers import premises

# The areas that there are, those of no place (BF, BX, XX) and of the islands among them.
AREAS = (
    "AB|AL|B|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|BX|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|"
    "E|EC|EH|EN|EX|FK|FY|G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|"
    "LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|"
    "SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|XX|YO|ZE"
)
POSTCODE = re.compile(
    rf"^(?:GIR0AA|(?:{AREAS})[0-9][0-9A-HJKMNPR-Y]?[0-9][A-Z]{{2}}|BFPO[0-9]{{1,4}})$"
)
UK_PHONE = re.compile(r"^(?:0|\+44|0044)(7[1-57-9][0-9]{8})$")
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
QUOTES = {"'": "'", "‘": "’", '"': '"', "“": "”", "<": ">"}
TITLES = {"mr", "mrs", "ms", "miss", "mx", "master", "dr", "prof", "professor", "rev", "revd"}
TITLES |= {"reverend", "messrs", "mesdames", "sir"}
# Around a surname where a whole household, or somebody's estate, is written to.
AROUND = {"family", "household", "the", "deceased", "decd", "late", "estate", "of", "esq"}
VOWELS = re.compile("a[ae]+|oe+|ue+")  # “Mueller”, “Aakre”: how an accent is written without one
NO_WORD, NO_PREMISES = re.compile(r"[^\w\s]|_"), re.compile(r"[^\w\s/-]|_")
IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def email(text: str) -> str:
    """An email address: trimmed, NFKC, lower case, the domain in its ASCII (IDNA 2003) form.

    Tags stay (`a+b@x` is not `a@x`) and so do dots: two boxes that may belong to two people are
    never made one. Quotes or angle brackets around the whole are no part of it, nor is the
    apostrophe by which a spreadsheet marks text.
    """
    value = text.strip()
    if len(value) <= PLAIN_LENGTH and PLAIN_EMAIL.fullmatch(value):
        return value.lower()
    value = _unquoted(value)
    if not value.isascii():
        value = _unquoted(_composed(value).strip())
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


def _unquoted(value: str) -> str:
    while len(value) > 2 and QUOTES.get(value[0]) == value[-1]:
        value = value[1:-1].strip()
    return value.lstrip("'")


def _composed(text: str) -> str:
    """NFKC without invisible characters, lower case: repeated, since lower case can come apart
    again."""
    if len(text) > 1000:
        raise ValueError("not an email address")
    visible = INVISIBLE.sub("", text)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).lower())


def phone(text: str) -> str:
    """A telephone number in E.164, read as a United Kingdom number unless it carries a country
    code."""
    value = INVISIBLE.sub("", text).strip()
    plain = UK_PHONE.match(value.replace(" ", ""))
    if plain:
        return "+44" + plain[1]
    try:
        number = phonenumbers.parse(value, "GB")
    except phonenumbers.NumberParseException:
        raise ValueError("not a telephone number") from None
    kept = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.extension or not (UK_PHONE.match(kept) or phonenumbers.is_valid_number(number)):
        raise ValueError("not a telephone number in use")
    return kept


def postcode(text: str) -> str:
    """A United Kingdom or forces (BFPO) postcode in capitals without a space; ValueError for one that
    cannot exist, since there is no such postal area."""
    value = re.sub(r"[\s.\-]", "", INVISIBLE.sub("", text)).upper()
    if not POSTCODE.match(value):
        raise ValueError("not a UK postcode")
    return value


def pretty_postcode(value: str) -> str:
    """A normalised postcode as people write it."""
    return f"BFPO {value[4:]}" if value.startswith("BFPO") else f"{value[:-3]} {value[-3:]}"


def surname(text: str) -> str:
    """A surname for comparing: case, accents, spaces and punctuation folded away, and what may be
    written around it (a title, “The ... Family”, “(deceased)”).

    Two ways to write one name are one: MacDonald and McDonald, Müller and Mueller, Sørensen and
    Soerensen.
    """
    if (joined := text.replace(" ", "")).isascii() and joined.isalpha():
        words = text.lower().split()  # as most names are: what follows would change nothing
    else:
        if "&" in text:
            text = html.unescape(text)
        words = fold(text).split()
    if "(" in text or "[" in text:
        words = fold(IN_BRACKETS.sub(" ", text)).split() or [
            one for one in words if one not in TITLES and one not in AROUND
        ]
    while len(words) > 1 and (words[0] in TITLES or words[0] in AROUND):
        del words[0]
    while len(words) > 1 and (words[-1] in TITLES or words[-1] in AROUND):
        del words[-1]
    name = VOWELS.sub(lambda found: found[0][0], "".join(words))
    return f"mc{name[3:]}" if name.startswith("mac") and len(name) > 5 else name


def fold(text: str) -> str:
    """Text for comparing: no accents, no case, words of letters and digits with single spaces."""
    return " ".join(NO_WORD.sub(" ", _unaccented(text)).split())


def _unaccented(text: str) -> str:
    text = APOSTROPHES.sub("", text).casefold()
    if not text.isascii():
        plain = APOSTROPHES.sub("", unicodedata.normalize("NFKD", INVISIBLE.sub("", text)))
        text = (
            "".join(c for c in plain if not unicodedata.combining(c)).casefold().translate(LETTERS)
        )
    return text


def folded(text: str, apostrophe: str = "") -> tuple[str, list[int]]:
    """A text folded as `fold` does it, and for each sign of the result the place in the text that it
    came from: to find in a text what somebody else wrote otherwise.

    `apostrophe` is what becomes of one: nothing (“D’Arcy” is “darcy”), or a blank (“Ann’s” is
    “ann s”).
    """
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if APOSTROPHES.match(sign):
            plain = apostrophe
        elif INVISIBLE.match(sign):
            plain = ""
        else:
            apart = APOSTROPHES.sub("", unicodedata.normalize("NFKD", sign.casefold()))
            kept = "".join(c for c in apart if not unicodedata.combining(c))
            plain = re.sub(r"[^\w\s]|_", " ", kept.casefold().translate(LETTERS))
        for one in plain:
            one = " " if one.isspace() else one
            if one != " " or (signs and signs[-1] != " "):
                signs.append(one)
                places.append(place)
    return "".join(signs), places


def address_key(lines: str) -> str:
    """What identifies a postal address (lines separated by newlines, the last one the postcode):
    postcode and door.

    The door is flat, house and street in one written form, wherever the flat stood: `premises` says
    how. A comma ends a line: “Rose Cottage, High Street” is the same door whether it was written in
    one line or in two.
    """
    return address_readings(lines)[0]


def address_readings(lines: str) -> list[str]:
    """The key of a postal address, and after it the keys of other doors that may be meant: “1/12 Mill
    Lane” is flat 1 of number 12, and may be flat 12 of number 1."""
    if "&" in lines:
        lines = html.unescape(lines)
    *before, last = [
        part for line in lines.splitlines() for part in line.split(",") if part.strip()
    ] or [""]
    code = postcode(last)
    door = premises.read([NO_PREMISES.sub(" ", _unaccented(part)) for part in before])
    if not door.form:
        raise ValueError("not a postal address: no line comes before its postcode")
    return [f"{code}|{one}" for one in (door.form, *door.doubtful)]


def customer_number(text: str) -> str:
    """A customer number: trimmed, capitals, no spaces inside; at most 20 letters, digits and
    dashes."""
    value = re.sub(r"\s", "", INVISIBLE.sub("", text)).upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9\-]{0,19}", value):
        raise ValueError("not a customer number")
    return value
