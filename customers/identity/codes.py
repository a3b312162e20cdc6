"""One-time codes: eight digits, hashed under a key and bound to the row that they were made for.

Whatever uses them holds to the same limits (`limits.py`): a code works once, for minutes, in the
browser that asked for it.
"""

import secrets
import uuid
from hmac import compare_digest

from privacy import keys, seal

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look alike


def new_code() -> str:
    """Eight digits that nobody can guess."""
    return f"{secrets.randbelow(10**8):08}"


def new_letter() -> str:
    """The number of a letter, which takes the place of the browser's cookie."""
    return "".join(secrets.choice(LETTERS) for _ in range(8))


def spaced(code: str) -> str:
    """A code or letter's number as it is printed: “1234 5678”."""
    return f"{code[:4]} {code[4:]}"


def digest(row_id: uuid.UUID, code: str, key_id: str | None = None) -> uuid.UUID:
    """The keyed hash of a code, bound to its row."""
    return seal.hasher("visitor_code", key_id)(f"{row_id} {code}")


def is_right(stored: uuid.UUID | None, row_id: uuid.UUID, code: str) -> bool:
    """Whether a code is the one of a row; the same work when the row has none."""
    right = (stored or uuid.uuid4()).bytes
    return any(
        [compare_digest(right, digest(row_id, code, key_id).bytes) for key_id in keys.ring().ids]
    )
