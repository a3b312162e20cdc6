"""Card numbers in free text: found by the Luhn check (ISO/IEC 7812-1) and masked before anything is
stored."""

import re
from collections.abc import Iterator

GROUP = re.compile(r"[0-9]+")
SEPARATOR = re.compile(
    r"[\s.\-\u2010-\u2015]{0,3}"
)  # between the groups of digits in which people write a card
SECURITY_CODE = re.compile(
    r"(?i)\b(cvv2?|cvc2?|cv2|security (?:code|number)|pin)\b"
    r"((?:\W{0,3}\b(?:is|was|number|no|code)\b){0,2}\W{0,3})[0-9]{3,4}\b"
)


def passes_luhn(digits: str) -> bool:
    """Whether a text of digits carries a valid check digit, as every payment card number does."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit)
        if position % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def mask_cards(text: str) -> str:
    """The text with every full card number cut to its last four digits and every security code
    removed."""
    done, kept = 0, []
    for start, end in _cards(text):
        digits = "".join(GROUP.findall(text[start:end]))
        kept += [text[done:start], f"[card ending {digits[-4:]}]"]
        done = end
    return SECURITY_CODE.sub(r"\1\2[removed]", "".join([*kept, text[done:]]))


def _cards(text: str) -> Iterator[tuple[int, int]]:
    """Where card numbers stand: 13 to 19 digits in whole groups, so that an expiry date beside one
    does not hide it."""
    groups = [match.span() for match in GROUP.finditer(text)]
    first = 0
    while first < len(groups):
        last = _last_group(text, groups, first)
        if last is not None:
            yield groups[first][0], groups[last][1]
            first = last
        first += 1


def _last_group(text: str, groups: list[tuple[int, int]], first: int) -> int | None:
    """The last group of the longest card number that begins with group `first`; None when none
    does."""
    found, digits = None, ""
    for here in range(first, len(groups)):
        start, end = groups[here]
        if here > first and not SEPARATOR.fullmatch(text, groups[here - 1][1], start):
            break
        digits += text[start:end]
        if len(digits) > 19:
            break
        if (
            len(digits) >= 13 and digits[0] != "0" and passes_luhn(digits)
        ):  # no card number begins with 0
            found = here
    return found
