"""The key ring: named secrets from the environment, and the working keys derived from them.

`PRIVACY_KEYS` lists `id:secret` pairs, newest first, separated by commas; each secret is 32 random
bytes in URL-safe base64. The first pair seals; all of them open. `SUPPRESSION_KEYS` and `FEED_KEYS`
have the same form. Working keys (one for sealing, one per kind of look-up value) are derived with
HKDF-SHA-256 (RFC 5869), so no two uses ever share a key.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,15}")
MAKE_ONE = (
    'Make one with: python -c "import base64, secrets; '
    "print('k1:' + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip('='))\""
)


@dataclass(frozen=True)
class KeyRing:
    """The named master secrets, newest first. Its repr never shows a secret."""

    ids: tuple[str, ...]
    _secrets: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"KeyRing(ids={self.ids!r})"

    @property
    def current(self) -> str:
        """The id of the key that seals now."""
        return self.ids[0]

    def derive(self, key_id: str, use: str) -> bytes:
        """The 32-byte working key of `key_id` for `use`; KeyError when the ring does not hold that
        key."""
        return _derive(self, key_id, use)


@lru_cache(maxsize=256)
def _derive(ring: KeyRing, key_id: str, use: str) -> bytes:
    try:
        secret = ring._secrets[ring.ids.index(key_id)]
    except ValueError:
        raise KeyError(f"the key ring has no key {key_id!r}") from None
    return HKDF(
        algorithm=SHA256(), length=32, salt=None, info=f"privacy-portal:{use}".encode()
    ).derive(secret)


def parse(text: str, name: str = "PRIVACY_KEYS") -> KeyRing:
    """Read the key ring of a setting from the form described above.

    ImproperlyConfigured names the setting and the fault, never the secret.
    """
    ids, secrets = [], []
    for number, pair in enumerate(
        (part.strip() for part in text.split(",") if part.strip()), start=1
    ):
        key_id, colon, encoded = pair.partition(":")
        if not colon or not KEY_ID.fullmatch(
            key_id
        ):  # never echoed: without its colon the text is the secret
            raise ImproperlyConfigured(
                f"{name}: pair {number} needs an id of a-z, 0-9 and - before its colon"
            )
        try:
            secret = base64.b64decode(
                encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True
            )
        except (binascii.Error, ValueError):
            secret = b""
        if len(secret) != 32:
            raise ImproperlyConfigured(
                f"{name}: the secret of {key_id!r} is not 32 bytes of base64. {MAKE_ONE}"
            )
        ids.append(key_id)
        secrets.append(secret)
    if not ids:
        raise ImproperlyConfigured(f"{name} is empty: nothing could be sealed. {MAKE_ONE}")
    if len(set(ids)) != len(ids):
        raise ImproperlyConfigured(f"{name} names the same key id twice")
    if len(set(secrets)) != len(secrets):
        raise ImproperlyConfigured(
            f"{name} holds the same secret under two ids: a renamed key is not a new one"
        )
    return KeyRing(tuple(ids), tuple(secrets))


@lru_cache(maxsize=8)
def _parsed(text: str, name: str) -> KeyRing:
    return parse(text, name)


def ring(name: str = "PRIVACY_KEYS") -> KeyRing:
    """A key ring of this process, from the setting of that name."""
    return _parsed(getattr(settings, name), name)
