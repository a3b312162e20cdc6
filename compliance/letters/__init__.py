"""Letters and emails about a case: their wordings and versions, the PDF, the sending.

`letters.send(...)` sends every one of them.
"""

from compliance.letters.addresses import WhereTo, certain, recipient, same_reach
from compliance.letters.sending import hand_over, letter_for, next_number, send, take_away

__all__ = [
    "WhereTo",
    "certain",
    "hand_over",
    "letter_for",
    "next_number",
    "recipient",
    "same_reach",
    "send",
    "take_away",
]
