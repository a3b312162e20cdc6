"""Asking for a one-time code.

The page that asks does the same for everybody: it stores what was typed and how often that was
typed. Only the job (`deliver.py`) looks for a customer or case, so neither the answer nor its
timing can tell whether there is one.
"""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from customers.identity import limits
from customers.identity.rate_limit import exceeded, forget
from customers.identity.subjects import Subject
from jobs.enqueue import enqueue
from privacy import seal


def request_code(
    subject: Subject[Any, Any],
    given: Mapping[str, str],
    *,
    typed: str,
    form: uuid.UUID,
    address: str,
    now: datetime,
) -> str:
    """Store that somebody asked for a code; returns the token for their browser's cookie, whoever
    they are.

    `given` is what `subject.find` will look for, `typed` the words that are counted, `address` the
    internet address that they came from. The same `form` with the same words is the same request.
    """
    token = seal.lookup_hash(f"{subject.code}_asked", f"{form} {typed}").hex
    forget(now=now)
    limited = exceeded(seal.lookup_hash(f"{subject.code}_typed", typed), limits.CODES, now=now)
    limited |= exceeded(seal.lookup_hash(f"{subject.code}_address", address), limits.ASKED, now=now)
    with transaction.atomic():
        challenge, new = subject.challenges.objects.get_or_create(
            token_digest=seal.lookup_hash("visitor_token", token),
            defaults={
                "given": json.dumps({**given, "limited": limited}),
                "asked_at": now,
                "expires_at": now + limits.CODE_VALID,
            },
        )
        if new:
            enqueue(
                "customers.identity.tasks.deliver_code",
                challenge_id=str(challenge.pk),
            )
    return token
