"""The content of an answer page as the opaque part of its address: no cookie, no row, nothing to
guess.

Whoever gets hold of such an address sees what the page says, so it may say nothing about a person.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from privacy import seal


def sealed(content: Mapping[str, Any], page: str) -> str:
    """Content for a `page` (`room.page`) as a part of an address."""
    return urlsafe_b64encode(seal.seal(json.dumps(dict(content)), page)).decode().rstrip("=")


def opened(text: str, page: str) -> dict[str, Any] | None:
    """The content in a part of an address; None when we did not seal it for that page."""
    try:
        content = json.loads(seal.unseal(urlsafe_b64decode(text + "=" * (-len(text) % 4)), page))
    except (seal.UnsealError, ValueError):
        return None
    return content if isinstance(content, dict) else None
