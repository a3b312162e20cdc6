"""The list of cases as CSV: what is due when, and why. Streamed, so that a hundred thousand cost no
more memory than ten.

It holds references and no personal value. The reason is worked out for each case from its events,
and stands only where it gives the stored date: the file can say nothing else than the pages.
"""

import csv
import datetime
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from audit import events as audit
from compliance.cases.actions.clock import MOVING, history
from compliance.cases.buckets import bucket
from compliance.cases.kinds import Arrival, CaseKind, CaseStatus
from compliance.cases.models import CaseEvent
from compliance.deadlines import Holidays, bank_holidays, compute
from compliance.deadlines.explain import sentence
from customers.spreadsheet import harmless

AT_ONCE = 2_000  # rows fetched from the database's cursor at a time
HEADER = (
    "reference",
    "kind",
    "what_they_ask",
    "status",
    "when",
    "received_on",
    "road",
    "due_on",
    "target_on",
    "review_on",
    "extension_until",
    "extended",
    "paused",
    "closed_on",
    "days_late",
    "works_on_it",
    "rule",
    "why",
)
FIELDS = (
    "reference",
    "kind",
    "status",
    "closed_on",
    "received_on",
    "channel",
    "due_on",
    "target_on",
    "review_on",
    "extension_until",
    "extended",
    "paused",
    "assignee__staff_id",
    "rule_version",
    "jurisdiction",
)
MARK = "\ufeff"  # tells a spreadsheet that the file is in UTF-8
ANEW = "It is being worked out anew: the calendar has changed."


class Echo:
    """A file that hands back each line it is given."""

    def write(self, text: str) -> str:
        return text


def lines(
    cases: QuerySet[Any], *, today: datetime.date, by: str, filters: list[str]
) -> Iterator[str]:
    """The export, line by line: one query whatever their number. What was exported, and how many,
    goes into the trail."""
    audit.cases_exported(by=by, filters=filters)
    writer, holidays, written = (
        csv.writer(Echo(), lineterminator="\r\n"),
        bank_holidays.current(),
        0,
    )
    moved = CaseEvent.objects.filter(MOVING, case=OuterRef("pk")).order_by("pk")
    told = moved.values_list(JSONObject(kind="kind", on="on", letter="codes__letter"))
    rows = cases.annotate(moved=ArraySubquery(told)).values(*FIELDS, "moved")
    try:
        yield MARK + writer.writerow(HEADER)
        for row in rows.iterator(chunk_size=AT_ONCE):
            yield writer.writerow([harmless(str(cell)) for cell in _cells(row, holidays, today)])
            written += 1
    finally:
        audit.cases_exported(by=by, filters=filters, rows=written)


def _cells(row: dict[str, Any], holidays: Holidays, today: datetime.date) -> list[object]:
    due, closed = row["due_on"], row["closed_on"]
    late = (
        (closed - due).days if closed and due else (today - due).days if due and not closed else 0
    )
    return [
        row["reference"],
        row["kind"],
        CaseKind(row["kind"]).label,
        CaseStatus(row["status"]).label,
        bucket(due, today, is_open=closed is None).label,
        row["received_on"],
        Arrival(row["channel"]).label,
        due or "",
        row["target_on"] or "",
        row["review_on"] or "",
        row["extension_until"] or "",
        _yes(row["extended"]),
        _yes(row["paused"]),
        closed or "",
        max(late, 0),
        row["assignee__staff_id"] or "",
        row["rule_version"],
        _why(row, holidays),
    ]


def _why(row: dict[str, Any], holidays: Holidays) -> str:
    events = [
        CaseEvent(
            kind=one["kind"],
            on=datetime.date.fromisoformat(one["on"]),
            codes={"letter": one["letter"]},
        )
        for one in row["moved"]
    ]
    found = compute(
        row["kind"],
        row["received_on"],
        row["jurisdiction"],
        history(row["kind"], events),
        holidays=holidays,
        controller_jurisdiction=settings.CONTROLLER_JURISDICTION,
    )
    return sentence(found) if found.due == row["due_on"] else ANEW


def _yes(value: bool) -> str:
    return "yes" if value else "no"
