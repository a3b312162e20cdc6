"""Card numbers in free text: found by the Luhn check (ISO/IEC 7812-1) and masked before anything is stored."""

import re

DIGITS = re.compile(r"(?<![0-9])(?:[0-9][ \-]?){12,18}[0-9](?![0-9])")
SECURITY_CODE = re.compile(r"(?i)\b(cvv2?|cvc2?|cv2|security code|pin)\b(\W{0,3}(?:is|number|no\.?|code)?\W{0,3})[0-9]{3,4}\b")


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
    """The text with every full card number cut to its last four digits and every security code removed."""

    def masked(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match.group())
        return f"[card ending {digits[-4:]}]" if passes_luhn(digits) else match.group()

    return SECURITY_CODE.sub(r"\1\2[removed]", DIGITS.sub(masked, text))
