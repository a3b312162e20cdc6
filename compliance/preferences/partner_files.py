"""Passing withdrawals on: a file for each partner, what it says, and whether the partner confirmed
it.

UK GDPR Article 19: whoever received the data is told of an objection or a withdrawn consent. The
file names nobody: each line carries a digest under the feed key that the partner holds, to compare
its own list with. Making it again lists everything that was not acknowledged, so nothing is lost
with a broken download.
"""

import csv
import datetime
import hashlib
import io
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils import timezone

from audit import events
from audit.actions import AlreadyDone, Refused
from compliance.preferences import contact_digests as contacts
from compliance.preferences import customer_contacts
from compliance.preferences.models import PartnerNotice
from compliance.preferences.vocabulary import ContactKind
from customers.models import ContactPoint
from customers.spreadsheet import harmless
from privacy import keys

# Article 19 names no period. Two days keep the promise to act at once without a file for each call;
# a partner who has not confirmed after two weeks may have sent another mailing meanwhile. Days of
# the calendar: never later than working days.

MOST_FILES = 20  # earlier files that a partner's page lists
PASS_WITHIN = datetime.timedelta(days=2)
# from the day on which the file was passed: then we ask
CONFIRM_WITHIN = datetime.timedelta(days=14)
COLUMNS = ("reference", "stops", "since", "contact", "digest", "feed_key")
CONTACT = {
    ContactKind.EMAIL: "email",
    ContactKind.ADDRESS: "name_and_address",
}  # telephone numbers are never fed

TO_PASS = Q(passed_at__isnull=True)
PASSED = Q(passed_at__isnull=False, acknowledged_on__isnull=True)
ACKNOWLEDGED = Q(acknowledged_on__isnull=False)


def overdue(now: datetime.datetime) -> Q:
    """Notices that should have been passed, or confirmed, by now."""
    return (TO_PASS & Q(created_at__lt=now - PASS_WITHIN)) | (
        PASSED & Q(passed_at__lt=now - CONFIRM_WITHIN)
    )


@dataclass(frozen=True)
class PartnerFile:
    """A file that was made: how many people it tells of, how many of them for the first time, and
    who is not in it."""

    people: int
    new: int
    # notices of people with neither an email nor a postal address: to be told in another way
    without_contact: int
    digest: str  # SHA-256 of the file


@transaction.atomic
def make(
    partner: str,
    deliver: Callable[[bytes], object],
    *,
    by: str,
    now: datetime.datetime,
    everything: bool = False,
) -> PartnerFile:
    """Write a partner's file, hand its bytes to `deliver`, and mark what it tells as passed.

    In it is all that the partner has not acknowledged; with `everything` also what it has. When
    `deliver` fails nothing is marked; when only the marking fails, the next file says the same
    again.
    """
    notices = PartnerNotice.objects.select_for_update().filter(partner=partner)
    found = list(
        (notices if everything else notices.exclude(ACKNOWLEDGED)).order_by("created_at", "pk")
    )
    digests = _digests({notice.customer_id for notice in found})
    told = [notice for notice in found if digests[notice.customer_id]]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        line for notice in told for line in _lines(notice, digests[notice.customer_id])
    )
    data = text.getvalue().encode()
    deliver(data)
    first = PartnerNotice.objects.filter(
        pk__in=[notice.pk for notice in told], passed_at__isnull=True
    )
    made = PartnerFile(
        len({notice.customer_id for notice in told}),
        first.update(passed_at=now, passed_by=by),
        len(found) - len(told),
        hashlib.sha256(data).hexdigest(),
    )
    if told:
        events.partner_file_made(
            by=by, partner=partner, notices=len(told), first_time=made.new, digest=made.digest
        )
    return made


def _digests(customers: set[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, str]]]:
    """Each customer's email and postal addresses under the feed key, also those of former days: the
    partner may hold them."""
    found: dict[uuid.UUID, dict[tuple[str, str], None]] = defaultdict(dict)
    mine = (
        ContactPoint.objects.filter(customer__in=customers, kind__in=CONTACT)
        .select_related("customer")
        .order_by("pk")
    )
    for point in mine.iterator(chunk_size=2_000):
        made = customer_contacts.contact_of(point, point.customer)
        digest = contacts.feed_digest(made) if made else None
        if made and digest:
            found[point.customer_id][CONTACT[ContactKind(made.kind)], digest.hex()] = None
    return defaultdict(list, {key: list(value) for key, value in found.items()})


def _lines(notice: PartnerNotice, digests: list[tuple[str, str]]) -> Iterator[list[str]]:
    key, since = keys.ring("FEED_KEYS").current, timezone.localdate(notice.created_at).isoformat()
    for kind, digest in digests:
        yield [
            harmless(cell)
            for cell in (notice.reference, " ".join(notice.channels), since, kind, digest, key)
        ]


@transaction.atomic
def passed_otherwise(notice_id: int, *, by: str, now: datetime.datetime) -> PartnerNotice:
    """Note that a partner was told of one person by letter or telephone, as when there is no digest
    to compare with."""
    notice = PartnerNotice.objects.select_for_update().get(pk=notice_id)
    if notice.passed_at:
        raise AlreadyDone("That was noted already.")
    notice.passed_at, notice.passed_by = now, by
    notice.save(update_fields=["passed_at", "passed_by"])
    events.partner_told(by=by, partner=notice.partner, notice=notice.pk)
    return notice


@transaction.atomic
def acknowledge(
    partner: str,
    *,
    on: datetime.date,
    by: str,
    now: datetime.datetime,
    passed_at: datetime.datetime | None = None,
    notice_id: int | None = None,
) -> int:
    """Note that a partner confirmed what it was told: one notice, or all that were first passed at
    one moment.

    Returns how many. Refused for a day to come, or before the day on which it was passed;
    AlreadyDone when nothing is left.
    """
    waiting = PartnerNotice.objects.select_for_update().filter(PASSED, partner=partner)
    waiting = waiting.filter(pk=notice_id) if notice_id else waiting.filter(passed_at=passed_at)
    found = list(waiting.order_by("pk"))
    if not found:
        raise AlreadyDone("Nothing of that waits for a confirmation any more.")
    if on > timezone.localdate(now):
        raise Refused("A confirmation cannot come on a day that has yet to come.")
    if any(notice.passed_at and on < timezone.localdate(notice.passed_at) for notice in found):
        raise Refused("It was passed on after that day. Give the day on which they confirmed it.")
    PartnerNotice.objects.filter(pk__in=[notice.pk for notice in found]).update(
        acknowledged_on=on, acknowledged_by=by
    )
    events.partner_acknowledged(by=by, partner=partner, notices=len(found), on=on)
    return len(found)


def partners(now: datetime.datetime) -> list[dict[str, Any]]:
    """Each partner that ever had to be told, with its counts; those who are waited for first. One
    query."""
    found: Iterable[Any] = (
        PartnerNotice.objects.order_by()
        .values("partner")
        .annotate(
            name=Min("partner_name"),
            to_pass=Count("pk", filter=TO_PASS),
            passed=Count("pk", filter=PASSED),
            acknowledged=Count("pk", filter=ACKNOWLEDGED),
            overdue=Count("pk", filter=overdue(now)),
            oldest=Min("created_at", filter=TO_PASS),
        )
        .order_by("-overdue", "-to_pass", "name")
    )
    return list(found)


def files(partner: str) -> list[dict[str, Any]]:
    """The moments at which something was first passed to a partner, the newest first, with what it
    has confirmed."""
    passed = PartnerNotice.objects.filter(partner=partner, passed_at__isnull=False).order_by()
    found: Iterable[Any] = (
        passed.values("passed_at", "passed_by")
        .annotate(
            people=Count("customer", distinct=True),
            waiting=Count("pk", filter=PASSED),
            confirmed=Min("acknowledged_on"),
        )
        .order_by("-passed_at")[:MOST_FILES]
    )
    return list(found)
