"""Letters and emails about a case: `letters.send(...)` is the one door."""

from compliance.requests.letters.addresses import WhereTo, recipient
from compliance.requests.letters.sending import letter_for, next_number, send

__all__ = ["WhereTo", "letter_for", "next_number", "recipient", "send"]
