"""Looking up whom or what was named, and sending the code there."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from audit import events
from customers.identity import codes, limits
from customers.identity.models import Challenge, ChallengeQuerySet
from customers.identity.subjects import Destination, Subject, registered
from customers.outbox import messages
from customers.outbox.models import ONE_TIME_CODE, Message
from privacy import seal

Means = Message.Means
SUFFIX = {Means.EMAIL: "", Means.SMS: "_sms", Means.LETTER: "_letter"}  # of the template


@transaction.atomic
def deliver(subject: Subject[Any, Any], challenge_id: uuid.UUID | str, *, now: datetime) -> None:
    """Find whom or what a challenge names, forget what was typed, and send a code to an address
    that we know."""
    challenge = (
        subject.challenges.objects.select_for_update()
        .filter(pk=challenge_id, looked_up_at__isnull=True)
        .first()
    )
    if challenge is None:
        return  # of another subject, or another worker was quicker
    given = json.loads(challenge.given or "{}")
    challenge.given, challenge.looked_up_at = None, now
    late = given.pop("limited", False) or challenge.expires_at <= now
    found = None if late else subject.find(given)
    sent = found is not None and _may_have_another(subject, challenge, found, now)
    if found and sent:
        _send(subject, challenge, found, now=now)
    challenge.save()
    events.code_asked(
        by=subject.actor,
        subject=subject.person(found.of)
        if found and (sent or subject.trail_names_unsent)
        else None,
        attempt=challenge.pk,
        means=str(found.means) if found and sent else "",
    )


def _others(subject: Subject[Any, Any], of: Any) -> ChallengeQuerySet:
    found: ChallengeQuerySet = subject.challenges.objects.filter(**{subject.challenges.OF: of})
    return found


def _may_have_another(
    subject: Subject[Any, Any], challenge: Challenge, found: Destination, now: datetime
) -> bool:
    """Whether one more code may go out. The row of the customer or case is locked: codes are
    counted one after another."""
    if found.means is None:
        return False
    others = _others(subject, found.of).filter(code_digest__isnull=False).exclude(pk=challenge.pk)
    longest = max(period for _, period in limits.CODES)
    asked = list(others.filter(asked_at__gt=now - longest).values_list("asked_at", flat=True))
    if any(at > challenge.asked_at for at in asked) or any(
        sum(at > now - period for at in asked) >= most for most, period in limits.CODES
    ):
        return False
    in_the_post = others.good(now).filter(
        letter_digest__isnull=False, asked_at__gt=now - limits.ANOTHER_LETTER
    )
    return not (found.means == Means.LETTER and in_the_post.exists())


def _send(
    subject: Subject[Any, Any], challenge: Challenge, found: Destination, *, now: datetime
) -> None:
    """Give a challenge its code, end the older ones, and send it."""
    assert found.means is not None  # noqa: S101 `_may_have_another` asks
    end_codes(subject, found.of, now=now)
    code = codes.new_code()
    setattr(challenge, challenge.OF, found.of)
    setattr(challenge, challenge.SENT_TO, found.sent_to)
    challenge.code_digest = codes.digest(challenge.pk, code)
    challenge.expires_at = now + limits.CODE_VALID
    words: dict[str, object] = {
        **found.words,
        "code": codes.spaced(code),
        "valid": limits.code_valid(),
    }
    if found.means == Means.LETTER:
        letter = codes.new_letter()
        challenge.letter_digest = seal.lookup_hash("visitor_letter", letter)
        challenge.expires_at = now + limits.LETTER_VALID
        words |= {
            "letter": codes.spaced(letter),
            "path": reverse(subject.code_page),
            "until": date_format(timezone.localtime(challenge.expires_at)),
        }
    messages.queue(
        kind=ONE_TIME_CODE,
        key=_key(subject, challenge.pk),
        recipient=found.recipient,
        means=found.means,
        customer=found.customer,
        send_before=challenge.expires_at,
        by=subject.actor,
        now=now,
        **messages.render(f"{subject.message}{SUFFIX[found.means]}", words),
    )


def end_codes(subject: Subject[Any, Any], of: Any, *, now: datetime) -> None:
    """End the codes of a customer or case that are still good, and keep those in letters that
    nobody has printed yet from leaving."""
    older = _others(subject, of).good(now)
    unsent = [_key(subject, pk) for pk in older.values_list("pk", flat=True)]
    Message.objects.queued().filter(key__in=unsent).update(state=Message.State.EXPIRED)
    older.update(expires_at=now)


def _key(subject: Subject[Any, Any], challenge_id: uuid.UUID) -> str:
    return f"{subject.message}:{challenge_id}"


def retry_lost_jobs(*, now: datetime) -> int:
    """Deliver every code whose job was lost; how many there were."""
    found = [
        (subject, pk)
        for subject in registered()
        for pk in subject.challenges.objects.waiting().values_list("pk", flat=True)
    ]
    for subject, pk in found:
        deliver(subject, pk, now=now)
    return len(found)
