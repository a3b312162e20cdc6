"""How many open cases are in each bucket."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from compliance.cases.buckets import Bucket, in_sql
from compliance.cases.models import Case
from compliance.cases.models.case import OPEN

VIEW, WORK = "cases.view_case", "cases.change_case"
TONES = {
    Bucket.OVERDUE: "danger",
    Bucket.TODAY: "danger",
    Bucket.WEEK: "warning",
    Bucket.LATER: "good",
    Bucket.WAITING: "quiet",
    Bucket.CLOSED: "quiet",
}


@dataclass(frozen=True)
class Figure:
    """One bucket: how many open cases are in it, and the list of them."""

    bucket: Bucket
    count: int

    @property
    def tone(self) -> str:
        """The colour of its badge; the word itself says it all."""
        return TONES[self.bucket] if self.count else "quiet"

    @property
    def url(self) -> str:
        return list_url(bucket=self.bucket.value)


def list_url(**query: str) -> str:
    """The list of cases, narrowed."""
    text = "&".join(f"{name}={value}" for name, value in query.items())
    return reverse("admin:cases_case_changelist") + (f"?{text}" if text else "")


def counts(today: datetime.date) -> list[Figure]:
    """How many open cases are in each bucket, the most urgent first. One query, by the index of
    open cases."""
    rows = Case.objects.open().order_by().annotate(bucket=in_sql(today, only_open=True))
    found = dict(rows.values_list("bucket").annotate(of=Count("pk")))
    return [
        Figure(bucket, found.get(bucket.value, 0)) for bucket in Bucket if bucket != Bucket.CLOSED
    ]


def to_look_at(cases: QuerySet[Any], today: datetime.date) -> QuerySet[Any]:
    """Open cases without a last day that somebody should look at again: their day of review has
    come, or they have none."""
    return cases.filter(OPEN, Q(review_on__lte=today) | Q(review_on=None), due_on=None)
