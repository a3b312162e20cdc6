"""What was passed on although the gate of the register stopped it.

It happened, so it stands in the log like everything else: refusing the line would make the log
untrue. It is marked, and stays on the desk's first page until somebody has looked into it.
"""

import datetime
import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from audit import events
from audit.actions import AlreadyDone
from compliance.disclosures.models import UNSCREENED, Disclosure
from compliance.register import gate
from compliance.register.models import NoticeVersion
from customers.importing.formats import RunningMerge


def mark(rows: QuerySet[Disclosure], *, by: str) -> int:
    """Mark what of some entries went out against a stop that stood on the day before, or on a day
    when nobody asked us; how many there are. A few statements for each purpose among them.
    """
    found = 0
    for purpose in list(rows.order_by().values_list("purpose", flat=True).distinct()):
        for stop in gate.stops():
            stood = stop.people(purpose).filter(
                Q(until__isnull=True) | Q(until__gte=OuterRef("occurred_on")),
                person=OuterRef("customer_id"),
                since__date__lt=OuterRef("occurred_on"),
            )
            of_purpose = Disclosure.objects.filter(pk__in=rows.values("pk"), purpose=purpose)
            found += of_purpose.filter(Exists(stood), against="").update(against=stop.code)
    if found:
        events.passed_on_against_a_stop(by=by, entries=found)
    return found


def mark_imported(merge: RunningMerge) -> None:
    """Mark what a file of disclosures added: what went out against a stop, and lists for partners
    that did not go through our screening, since the first notice said that all do."""
    merge.cursor.execute("SELECT id FROM import_touched WHERE added")
    added = Disclosure.objects.filter(pk__in=[pk for (pk,) in merge.cursor.fetchall()])
    by = events.job("import_data")
    mark(added, by=by)
    first = NoticeVersion.objects.order_by("number").values_list("published_at", flat=True).first()
    if first is not None:
        lists = added.feeds().filter(against="", occurred_on__gt=timezone.localdate(first))
        unscreened = lists.update(against=UNSCREENED)
        if unscreened:
            events.passed_on_against_a_stop(by=by, entries=unscreened)


@transaction.atomic
def looked_into(rows: Collection[uuid.UUID], *, by: str, now: datetime.datetime) -> int:
    """Somebody found out how these came to go out; how many they are. AlreadyDone when there are
    none of which that was not noted before."""
    waiting = Disclosure.objects.against_a_stop().filter(pk__in=rows).select_for_update()
    done = list(waiting.order_by("pk"))
    if not done:
        raise AlreadyDone("None of these waits to be looked into. Nothing was changed.")
    Disclosure.objects.filter(pk__in=[row.pk for row in done]).update(
        looked_into_on=timezone.localdate(now), looked_into_by=by
    )
    for row in done:
        events.stray_disclosure_looked_into(by=by, subject=row.customer_id, disclosure=str(row.pk))
    return len(done)
