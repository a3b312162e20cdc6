"""References of what somebody said about marketing: `M-7K3F-9QXD-2RTB`."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no sign that is mistaken for another on the telephone


def new_reference() -> str:
    """A reference that nobody can guess and everybody can read out (58 bits)."""
    return reference_of(secrets.randbits(128))


def reference_of(number: int) -> str:
    """The reference that a random number, or one that a keyed digest gave, stands for: the same
    one, the same act."""
    signs = []
    for _ in range(12):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    text = "".join(signs)
    return f"M-{text[:4]}-{text[4:8]}-{text[8:]}"
