"""What somebody does who follows their request on this site: say something, prove that it is
theirs."""

import contextlib
import datetime
import uuid
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone

from audit.actions import AlreadyDone, Refused
from compliance import letters
from compliance.cases import promises
from compliance.cases.actions import files as case_files
from compliance.cases.actions import steps, to_do
from compliance.cases.kinds import CaseStatus, EventKind, Requester
from compliance.cases.models import Attachment, Case, CaseVisit, Letter, Task
from compliance.casework.actions import work
from customers.models import ContactPoint, Customer

SITE = "web"  # how a message came that was typed on the page of its case
CAME_AFTER_ALL = "They answered after it was closed for want of an answer."
HOW = ("one_time_code",)
WAYS = ("email", "phone", "address")
Compare = Callable[
    [str, str], uuid.UUID
]  # a kind of contact point and its value -> a keyed hash that is the same for one
Purpose = Attachment.Purpose


@transaction.atomic
def say(
    case: Case,
    *,
    text: str,
    files: Iterable[tuple[str, bytes]] = (),
    token: uuid.UUID,
    by: str,
    now: datetime.datetime,
) -> Case:
    """Keep what the person says about their case, with files of a name and content. The same
    `token` is the same message.

    An answer to our question ends the pause, on the day on which it came. That is the safer date:
    whoever reads it may ask again, but nobody can forget that the clock goes on (UK GDPR Article
    12A(5)). Proof of identity or authority moves nothing until somebody has looked at it. A case
    that lapsed for want of an answer is open again. What came is a colleague's task.
    """
    files = list(files)
    if text or files:
        case = _opened_again(case, by=by, now=now)
    case = steps.locked(case)
    waiting = steps.awaited(case.events.all()) if case.is_open else {}
    came = False
    if text:
        with contextlib.suppress(AlreadyDone):
            case = work.heard(case, text=text, by=by, now=now, channel=SITE, token=token)
            came = True
    purpose = next(
        (Purpose(what) for what in (Purpose.IDENTITY, Purpose.AUTHORITY) if what in waiting),
        Purpose.OTHER,
    )
    for name, content in files:
        with contextlib.suppress(AlreadyDone):
            case_files.attach(case, purpose=purpose, name=name, content=content, by=by, now=now)
            came = True
    if "clarification" in waiting:
        case = work.received(case, what="clarification", on=timezone.localdate(now), by=by, now=now)
    if came:
        to_do.make(case, promises.MESSAGE, by=by, now=now)
    return case


def _opened_again(case: Case, *, by: str, now: datetime.datetime) -> Case:
    """The case, open again if it lapsed: its letter and its page promised that."""
    lapsed = Case.objects.filter(pk=case.pk, status=CaseStatus.LAPSED).exists()
    if lapsed:
        with contextlib.suppress(Refused):  # the customer was erased, or a colleague was quicker
            return work.reopen(case, reason=CAME_AFTER_ALL, by=by, now=now)
    return case


@transaction.atomic
def ask_for_copy(case: Case, *, by: str, now: datetime.datetime) -> Task:
    """The person asks for a copy again whose time is over, or that was withdrawn: a colleague's
    task, with its day."""
    case = steps.locked(case)
    return to_do.make(case, promises.NEW_COPY, by=by, now=now)[promises.NEW_COPY.code]


def take_back(case: Case, *, by: str, now: datetime.datetime) -> Case:
    """The person takes their request back. They are told in writing where that can be done; the
    page tells them anyway."""
    try:
        letters.recipient(case, Letter.WITHDRAWN)
    except Refused:
        return work.withdraw(case, by=by, now=now, write=False)
    return work.withdraw(case, by=by, now=now)


@transaction.atomic
def claim(case: Case, *, customer: Customer, compare: Compare, now: datetime.datetime) -> Case:
    """The customer, proven by a code of their own, says that a request in their name is theirs.

    Refused for a case of somebody else, or one that somebody sent for them; AlreadyDone when it is
    clear already.
    """
    case = steps.lock(case, EventKind.IDENTIFIED)
    if case.customer_id != customer.pk or case.requester != Requester.CUSTOMER:
        raise Refused("That request is not one that you sent yourself.")
    if case.identified_at:
        raise AlreadyDone("It is clear already that the request is yours.")
    return _identified(case, customer, compare, now)


@transaction.atomic
def proved(case: Case, *, contact: uuid.UUID, compare: Compare, now: datetime.datetime) -> Case:
    """Somebody gave the code of a case. If it went to a contact detail that we have on file, it is
    clear who asks."""
    case = steps.locked(case)
    unclear = case.is_open and case.identified_at is None and case.requester == Requester.CUSTOMER
    if unclear and case.customer and contact in _on_file(case.customer, compare):
        return _identified(case, case.customer, compare, now)
    return case


def _identified(case: Case, customer: Customer, compare: Compare, now: datetime.datetime) -> Case:
    """Write down that it is clear who asks. From now on answers go only to what is on file:
    whatever else came with the request was typed by somebody who had proved nothing."""
    by, known = f"customer:{customer.pk}", _on_file(customer, compare)
    gone = [
        way for way in WAYS if getattr(case, way) and compare(way, getattr(case, way)) not in known
    ]
    if gone:
        for way in gone:
            setattr(case, way, None)
        case.save(update_fields=gone)
        steps.record(case, EventKind.NOTED, by=by, now=now, codes={"removed": gone})
        CaseVisit.objects.filter(case=case).exclude(contact_digest__in=known).end(now)
    return work.identify(case, how=HOW, by=by, now=now)


def _on_file(customer: Customer, compare: Compare) -> set[uuid.UUID]:
    points = ContactPoint.objects.in_use().filter(customer=customer)
    return {compare(point.kind, point.value) for point in points}
