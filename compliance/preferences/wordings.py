"""The words that people are shown about marketing, kept for ever exactly as they were."""

import datetime
import hashlib
import json
from collections.abc import Sequence

from compliance.preferences.models import Wording


def freeze(
    code: str,
    text: str,
    *,
    senders: Sequence[str],
    channels: Sequence[str],
    unticked: bool,
    now: datetime.datetime,
) -> Wording:
    """The row of these very words, written when they are first used. `now` is an aware moment.

    `senders` and `channels` are those that the words name; `unticked` says that the box was empty
    until the person acted.
    """
    digest = digest_of(code, text, senders=senders, channels=channels, unticked=unticked)
    wording, _ = Wording.objects.get_or_create(
        digest=digest,
        defaults={
            "code": code,
            "text": text,
            "senders": sorted(senders),
            "channels": sorted(channels),
            "unticked": unticked,
            "first_used_at": now,
        },
    )
    return wording


def digest_of(
    code: str, text: str, *, senders: Sequence[str], channels: Sequence[str], unticked: bool
) -> str:
    """The digest by which `freeze` knows these words: a page carries it, to show that they are the
    ones it showed."""
    content = [code, text, sorted(senders), sorted(channels), unticked]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
