"""From the text of one field to its value. Each function raises ValueError with a fixed sentence
that never carries the value, so that a reason may be written anywhere.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from customers import normalise
from privacy.free_text import mask_cards, passes_luhn

Parser = Callable[[str], object]

LONDON = ZoneInfo("Europe/London")
EARLIEST = datetime.date(1900, 1, 1)
LATEST = datetime.date(2200, 1, 1)
UK_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(
    r"(\S{10})[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]{1,6})?)(Z|[+-][0-9]{2}:[0-9]{2})?"
)
AMOUNT = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,2})?")
INTEGER = re.compile(r"-?[0-9]{1,9}")
SLUG = re.compile(r"[-a-zA-Z0-9_]+")
EXPIRY = re.compile(r"(?:([0-9]{2})/([0-9]{2}|[0-9]{4})|([0-9]{4})-([0-9]{2}))")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
CONTROL_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
MASKED = re.compile(r"[*xX•.\- ]*([0-9]{4})")
MANY_DIGITS = re.compile(
    r"[0-9](?:[^0-9]{0,3}[0-9]){12}"
)  # without them or a code word there is nothing to mask
CODE, DIGITS = re.compile(r"(?i)cv|pin|code|number"), re.compile(r"[0-9]{3}")
PENCE = Decimal("0.01")
LARGEST = Decimal("9999999999.99")  # what the columns hold


@lru_cache(maxsize=1 << 16)
def date(text: str) -> datetime.date:
    """A day as YYYY-MM-DD or DD/MM/YYYY, not before 1900."""
    british = UK_DATE.fullmatch(text)
    try:
        if british:
            day = datetime.date(int(british[3]), int(british[2]), int(british[1]))
        elif ISO_DATE.fullmatch(text):
            day = datetime.date.fromisoformat(text)
        else:
            raise ValueError
    except ValueError:
        raise ValueError("not a date (YYYY-MM-DD or DD/MM/YYYY)") from None
    if day < EARLIEST:
        raise ValueError("before 1900")
    if day > LATEST:
        raise ValueError("after 2200")
    return day


class DayOrders:
    """Which columns of a file hold days with the month first, and which hold days that could be read
    either way: the whole column is the evidence for each of its lines."""

    def __init__(self) -> None:
        self.month_first: set[str] = set()
        self.either_way: set[str] = set()

    def see(self, column: str, text: str) -> None:
        """Take note of a day written with strokes."""
        if "/" in text and (parts := UK_DATE.match(text)):
            first, second = int(parts[1]), int(parts[2])
            if second > 12 >= first:
                self.month_first.add(column)
            elif first <= 12 and second <= 12 and first != second:
                self.either_way.add(column)

    def contradicted(self) -> list[str]:
        """The columns in which some days can only have the month first, and others be read as
        wrong."""
        return sorted(self.month_first & self.either_way)


def moment(text: str) -> datetime.datetime:
    """A day and a time; London time unless an offset is given."""
    parts = MOMENT.fullmatch(text)
    if not parts:
        raise ValueError("not a date and time (YYYY-MM-DD HH:MM)")
    day = date(parts[1])
    try:
        time = datetime.time.fromisoformat(parts[2] + (parts[3] or ""))
        at = datetime.datetime.combine(day, time)
        return at if at.tzinfo else at.replace(tzinfo=LONDON)
    except ValueError:
        raise ValueError("not a date and time (YYYY-MM-DD HH:MM)") from None


def amount(text: str) -> Decimal:
    """Pounds, rounded half up to pence from however many places a spreadsheet wrote."""
    if not AMOUNT.fullmatch(text):
        raise ValueError("not an amount in pounds")
    value = Decimal(text)
    if abs(value) > LARGEST:
        raise ValueError("larger than an amount can be")
    value = value.quantize(PENCE, ROUND_HALF_UP)
    if abs(value) > LARGEST:
        raise ValueError("larger than an amount can be")
    return value or Decimal("0.00")  # never minus nought


def integer(text: str) -> int:
    """A whole number of at most nine digits."""
    if not INTEGER.fullmatch(text):
        raise ValueError("not a whole number")
    return int(text)


def counting(text: str) -> int:
    """A whole number from 1."""
    value = integer(text)
    if value < 1:
        raise ValueError("not a whole number from 1")
    return value


def yes_or_no(text: str) -> bool:
    """yes, no, true, false, 1 or 0."""
    try:
        return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}[
            text.lower()
        ]
    except KeyError:
        raise ValueError("neither yes nor no") from None


def identifier(length: int) -> Parser:
    """A short text that identifies something: kept as it is."""

    def parse(value: str) -> str:
        if len(value) > length:
            raise ValueError(f"longer than {length} characters")
        if not value.isalnum() and CONTROL.search(value):
            raise ValueError("holds a control character")
        return value

    return parse


def _says_code(value: str) -> bool:
    """Whether three digits stand somewhere after a word for a security code."""
    word = CODE.search(value)
    return word is not None and DIGITS.search(value, word.end()) is not None


def text(length: int) -> Parser:
    """A short text in which a card number would be cut to its last four digits."""
    plain = identifier(length)

    def parse(value: str) -> str:
        plain(value)
        if not value.isalpha() and (MANY_DIGITS.search(value) or _says_code(value)):
            return mask_cards(value)[:length]
        return value

    return parse


def long_text(value: str) -> str:
    """Free text of several lines, its card numbers cut to their last four digits."""
    if CONTROL_IN_TEXT.search(value):
        raise ValueError("holds a control character")
    return mask_cards(value)


def slug(length: int) -> Parser:
    """A code of letters, digits, dashes and underlines."""

    def parse(value: str) -> str:
        if len(value) > length or not SLUG.fullmatch(value):
            raise ValueError("not a code of letters, digits and dashes")
        return value

    return parse


def choice(choices: Mapping[str, str]) -> Parser:
    """One of the values of a model's choices, or its label, in any case."""
    known = {label.lower(): value for value, label in choices.items()}
    known |= {value.lower(): value for value in choices}
    sentence = f"none of {', '.join(choices)}"

    def parse(value: str) -> str:
        try:
            return known[value.lower()]
        except KeyError:
            raise ValueError(sentence) from None

    return parse


email_key = lru_cache(maxsize=64)(
    normalise.email
)  # asked twice for each row: when it is parsed, when it is hashed


def email(value: str) -> str:
    """An email address, as written; its normalised form must exist."""
    email_key(value)
    return value


def expiry(text: str) -> datetime.date:
    """The last day of a month of expiry: MM/YY, MM/YYYY, YYYY-MM, or any day of it."""
    parts = EXPIRY.fullmatch(text)
    if parts:
        month, year = int(parts[1] or parts[4]), int(parts[2] or parts[3])
        text = f"{year + 2000 if year < 100 else year:04d}-{month:02d}-01"
    try:
        first = date(text).replace(day=1)
    except ValueError:
        raise ValueError("not a month of expiry (MM/YYYY)") from None
    return (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)


DAYS: tuple[Parser, ...] = (date, moment, expiry)


def last_four(text: str) -> str:
    """The last four digits of a card, from themselves or from a full number, whose rest is dropped
    here."""
    masked = MASKED.fullmatch(text)
    if masked:
        return masked[1]
    digits = re.sub(r"[ \-.]", "", text)
    if not re.fullmatch(r"[0-9]{12,19}", digits) or not passes_luhn(digits):
        raise ValueError("neither the last four digits nor a card number")
    return digits[-4:]


def token(value: str) -> str:
    """The payment provider's token, which must not be a card number."""
    digits = re.sub(r"[ \-.]", "", value)
    if re.fullmatch(r"[0-9]{12,19}", digits) and passes_luhn(digits):
        raise ValueError("a full card number, which may not be held")
    return str(identifier(200)(value))
