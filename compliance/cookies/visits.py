"""Counting the visits in a log, each line once: however often a log is read, renamed, rotated or
compressed."""

import datetime
import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import F

from compliance.cookies import accesslog
from compliance.cookies.models import LogPlace, PageVisits

LOCK = 0x766973697473  # "visits"


class CountingBusy(Exception):
    """Another count is running."""


class NotALogError(Exception):
    """Not one of the lines is of an access log; nothing was counted."""


@dataclass
class VisitCounts:
    """What one log gave: visits, lines looked at, lines that could not be read."""

    visits: Counter[accesslog.PageView] = field(default_factory=Counter)
    lines: int = 0
    unreadable: int = 0


def count(log: Iterable[bytes], *, now: datetime.datetime) -> VisitCounts:
    """Add a log's new visits to the counts and remember how far it was read: one transaction.

    `log` gives lines from the log's beginning, with their ends. What was counted before is known by
    the log's first line and by the last one read, and is skipped; a last line without its end is
    still being written and left for the next time. Raises Busy while another count runs,
    NotALogError when no line is of a log.
    """
    with transaction.atomic():
        _alone()
        counted, place, offset, first, last = VisitCounts(), None, 0, None, b""
        places: dict[tuple[int, uuid.UUID], LogPlace] = {}
        stops: set[int] = set()
        for line in log:
            if not line.endswith(b"\n"):
                break
            offset += len(line)
            if first is None:
                first = digest(line)
                places = {
                    (found.offset, found.last_line): found
                    for found in LogPlace.objects.filter(first_line=first)
                }
                stops = {stop for stop, _ in places}
            _take(line, counted)
            last = line
            if offset in stops and (offset, digest(line)) in places:
                counted, place = (
                    VisitCounts(),
                    places[offset, digest(line)],
                )  # up to here it was counted before
        if first is not None and counted.lines:
            if counted.lines == counted.unreadable:
                raise NotALogError
            _add(counted.visits)
            _remember(place, first, digest(last), offset, now)
    return counted


def _take(line: bytes, counted: VisitCounts) -> None:
    counted.lines += 1
    try:
        visit = accesslog.read(line)
    except accesslog.NotALogLine:
        counted.unreadable += 1
    else:
        if visit is not None:
            counted.visits[visit] += 1


def digest(line: bytes) -> uuid.UUID:
    """What a line is known by, without the address that may stand in it."""
    return uuid.UUID(bytes=hashlib.sha256(accesslog.identity(line)).digest()[:16])


def _add(visits: Counter[accesslog.PageView]) -> None:
    for visit, number in sorted(visits.items(), key=lambda item: (item[0].day, item[0].page)):
        row, made = PageVisits.objects.get_or_create(
            day=visit.day, page=visit.page, defaults={"count": number}
        )
        if not made:
            PageVisits.objects.filter(pk=row.pk).update(count=F("count") + number)


def _remember(
    place: LogPlace | None, first: uuid.UUID, last: uuid.UUID, offset: int, now: datetime.datetime
) -> None:
    place = place or LogPlace(first_line=first)
    place.last_line, place.offset, place.read_at = last, offset, now
    place.save()


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise CountingBusy("Another count is running.")
