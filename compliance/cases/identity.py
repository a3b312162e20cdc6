"""What can make it clear that a requester is who they say, in proportion: the least that settles
it. No model here."""

CHECKS: dict[str, str] = {
    "one_time_code": "They gave the one-time code sent to a contact detail on file",
    "wrote_from_file": "They wrote from an email or postal address on file",
    "called_back": "We called back on the number on file",
    "details": "They knew what our records say, such as an old address and a date of birth",
    "orders": "They knew of recent orders or payments",
    "signature": "The signature is the one on their agreement",
    "document": "We saw a document, such as a passport or a driving licence",
    "authority": "We saw the authority of whoever acts for them",
    "in_person": "They came to us, and we know them",
}


def in_words(codes: list[str]) -> list[str]:
    """The checks of an event as sentences; a code that is no longer used stays as it is."""
    return [CHECKS.get(code, code) for code in codes]
