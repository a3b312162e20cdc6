"""Sealing values at rest, and keyed hashes to look them up by.

A sealed value is `length of key id | key id | nonce | ciphertext and tag`, made with
AES-256-GCM-SIV (RFC 8452) under the current key, bound to its `table.column`: moved to another
column it does not open. A look-up hash is a 16-byte keyed BLAKE2b (RFC 7693) under a key of its own
for each kind of value.
"""

import hashlib
import os
import uuid
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from privacy import keys

NONCE_BYTES = 12


class UnsealError(Exception):
    """A sealed value could not be opened: wrong key, wrong column, or changed bytes. Never carries
    the value."""


@lru_cache(maxsize=64)
def _cipher(ring: keys.KeyRing, key_id: str) -> AESGCMSIV:
    return AESGCMSIV(ring.derive(key_id, "seal"))


def seal(text: str, column: str) -> bytes:
    """Seal `text` for `column` (`table.column`) under the current key."""
    ring = keys.ring()
    nonce = os.urandom(NONCE_BYTES)
    body = _cipher(ring, ring.current).encrypt(nonce, _encoded(text), column.encode())
    return key_prefix(ring.current) + nonce + body


def unseal(envelope: bytes, column: str) -> str:
    """Open a sealed value of `column`; UnsealError when key, column or bytes are not those it was
    sealed with."""
    envelope = bytes(envelope)
    try:
        size = envelope[0]
        body = envelope[1 + size :]
        cipher = _cipher(keys.ring(), envelope[1 : 1 + size].decode("ascii"))
        return cipher.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], column.encode()).decode()
    except (InvalidTag, KeyError, IndexError, ValueError) as error:
        raise UnsealError(
            f"A value of {column} cannot be opened ({type(error).__name__})"
        ) from None


def key_prefix(key_id: str) -> bytes:
    """The first bytes of every value sealed under `key_id`: what a rotation looks for."""
    return bytes((len(key_id),)) + key_id.encode()


def hasher(kind: str, key_id: str | None = None) -> Callable[[str], uuid.UUID]:
    """A function from a normalised value to its look-up hash under one key (the current one by
    default)."""
    ring = keys.ring()
    key = ring.derive(key_id or ring.current, f"lookup:{kind}")
    blake2b, make = hashlib.blake2b, uuid.UUID

    def digest(value: str) -> uuid.UUID:
        return make(bytes=blake2b(_encoded(value), digest_size=16, key=key).digest())

    return digest


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except (
        UnicodeEncodeError
    ):  # half a surrogate pair; the error that Python raises carries the whole text
        raise ValueError("the text is not valid Unicode") from None


def lookup_hash(kind: str, value: str) -> uuid.UUID:
    """The look-up hash of a normalised value under the current key."""
    return hasher(kind)(value)


def lookup_hashes(kind: str, value: str) -> list[uuid.UUID]:
    """The look-up hashes of a normalised value under every live key: search with these, also during
    a rotation."""
    return [hasher(kind, key_id)(value) for key_id in keys.ring().ids]
