"""Sending what was queued: the only place from which anything leaves.

At most once: a message is marked as being sent, and that is committed, before it is handed over.
Cut off in between (a kill, a broken line) it stays "in doubt" and waits for a person, who may have
it sent again. So no message goes out twice unseen; a one-time code that got lost is simply asked
for again.
"""

import logging
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from customers.outbox import carriers
from customers.outbox.models import Message

# after each attempt that failed; then somebody has to look
RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120)]
DOUBT_AFTER = timedelta(minutes=5)  # far longer than a mail server may take (EMAIL_TIMEOUT)
State = Message.State
logger = logging.getLogger(__name__)


def send(message_id: uuid.UUID | str, *, now: datetime) -> datetime | None:
    """Send one message that is due. Whatever happens stands in its row afterwards; nothing is
    raised.

    Returns the moment for the next try when this one failed and another may succeed.
    """
    message = Message.objects.due(now).filter(pk=message_id).first()
    if message is None:
        return None  # sent, taken over by another worker, or not due yet
    if message.send_before and message.send_before <= now:
        _move(message, State.QUEUED, State.EXPIRED)
        return None
    claimed = False
    try:
        with carriers.ready(message) as hand_over:
            claimed = _claim(message, now)
            if not claimed:
                return None
            hand_over()
            _move(message, State.SENDING, State.SENT, sent_at=timezone.now(), error="")
    except carriers.NotTaken as fault:
        return _put_back(message, fault, claimed=claimed, now=now)
    except Exception as fault:
        _move(message, State.SENDING, State.IN_DOUBT, error=carriers.code_of(fault))
        logger.warning("Message %s may have been sent: %s", message.pk, carriers.code_of(fault))
    return None


@transaction.atomic(durable=True)
def _claim(message: Message, now: datetime) -> bool:
    """Mark a message as being sent before anything leaves; False when somebody else was quicker."""
    waiting = Message.objects.queued().filter(pk=message.pk)
    return bool(waiting.update(state=State.SENDING, sending_since=now, attempts=F("attempts") + 1))


def _put_back(
    message: Message, fault: carriers.NotTaken, *, claimed: bool, now: datetime
) -> datetime | None:
    """Keep a message that surely did not leave for a later moment, which is returned, or give it
    up."""
    attempts = message.attempts + 1
    was = State.SENDING if claimed else State.QUEUED
    counted = {"error": fault.code, "attempts": attempts}
    if fault.for_good or attempts > len(RETRY_AFTER):
        _move(message, was, State.FAILED, **counted)
        logger.warning("Message %s was not sent: %s", message.pk, fault.code)
        return None
    later = now + RETRY_AFTER[attempts - 1]
    return later if _move(message, was, State.QUEUED, next_try_at=later, **counted) else None


def _move(message: Message, was: State, to: State, **changes: object) -> bool:
    """Take a message from one state to another; False when it was no longer in the first."""
    return bool(Message.objects.filter(pk=message.pk, state=was).update(state=to, **changes))


def retry_lost_jobs(*, now: datetime) -> int:
    """Send every message that is due although its job was lost, and tell which may have been sent;
    how many were tried."""
    Message.objects.filter(state=State.SENDING, sending_since__lte=now - DOUBT_AFTER).update(
        state=State.IN_DOUBT, error="cut_off"
    )
    Message.objects.queued().filter(send_before__lte=now).update(state=State.EXPIRED)
    due = Message.objects.due(now)
    found = list(due.order_by("next_try_at").values_list("pk", flat=True))
    for pk in found:
        send(pk, now=now)
    return len(found)
