"""Trying a one-time code."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from customers.identity import codes, limits
from customers.identity.open_visit import open_visit
from customers.identity.subjects import Subject, V


@transaction.atomic
def verify_code(
    subject: Subject[Any, V],
    code: str,
    *,
    token: str,
    letter: str = "",
    browser: str,
    now: datetime,
    then: Callable[[V], None] = lambda visit: None,
) -> tuple[str, V] | None:
    """Try a code: the token of a new visit and the visit when it is right, else None, and nobody
    learns why.

    `token` is the cookie of the browser that asked; the number of a `letter` takes its place. Each
    try counts, also a right one; the row is locked, so two at once are one after the other. `then`
    is called with the new visit, in the same transaction.
    """
    rows = subject.challenges.objects
    challenge = (
        rows.select_for_update(of=("self",))
        .select_related(subject.challenges.OF)
        .named_by(token=token, letter=letter)
        .first()
    )
    if challenge is None:
        return None
    rows.filter(pk=challenge.pk, tries__lt=limits.TRIES).update(tries=F("tries") + 1)
    good = codes.is_right(challenge.code_digest, challenge.pk, code)
    live = (
        challenge.tries < limits.TRIES and challenge.used_at is None and challenge.expires_at > now
    )
    if not (good and live and subject.can_open(challenge)):
        return None
    challenge.used_at = now
    challenge.save(update_fields=["used_at"])
    opened = open_visit(subject, challenge, replaces=token, browser=browser, now=now)
    then(opened[1])
    return opened
