"""Overdue, due today, due this week, later, waiting: one function for every list, badge, filter,
export and reminder.

`bucket` judges a stored due date in Python, and `conditions` the same in the database, for lists
and (`in_sql`) as an expression; a test compares them on every boundary day. They go by the stored
date alone: how it came about is the clock's business.
"""

import datetime

from django.db import models
from django.db.models import Case, CharField, Expression, F, Q, Value, When

from privacy.words import in_words

# a list and an alert of their own for what falls due so soon
WEEK = datetime.timedelta(days=7)


class Bucket(models.TextChoices):
    """How urgent an open case is."""

    OVERDUE = "overdue", "Overdue"
    TODAY = "today", "Due today"
    WEEK = "week", f"Due within {in_words(WEEK, figures=True)}"
    LATER = "later", "Later"
    WAITING = "waiting", "No last day"
    CLOSED = "closed", "Closed"


def bucket(due_on: datetime.date | None, today: datetime.date, *, is_open: bool = True) -> Bucket:
    """The bucket of a case on a day (Europe/London). An empty due date is never overdue."""
    if not is_open:
        return Bucket.CLOSED
    if due_on is None:
        return Bucket.WAITING
    if due_on < today:
        return Bucket.OVERDUE
    if due_on == today:
        return Bucket.TODAY
    return Bucket.WEEK if due_on <= today + WEEK else Bucket.LATER


def conditions(today: datetime.date) -> dict[Bucket, Q]:
    """For each bucket of the open cases, the rows that are in it on a day: every open case is in
    exactly one."""
    return {
        Bucket.OVERDUE: Q(due_on__lt=today),
        Bucket.TODAY: Q(due_on=today),
        Bucket.WEEK: Q(due_on__gt=today, due_on__lte=today + WEEK),
        Bucket.LATER: Q(due_on__gt=today + WEEK),
        Bucket.WAITING: Q(due_on__isnull=True),
    }


def in_sql(today: datetime.date, *, only_open: bool = False) -> Expression:
    """The bucket as an SQL expression over cases; over open ones alone the index of open cases
    answers it."""
    closed = () if only_open else (When(closed_at__isnull=False, then=Value(Bucket.CLOSED)),)
    found = (When(condition, then=Value(bucket)) for bucket, condition in conditions(today).items())
    return Case(*closed, *found, output_field=CharField())


URGENCY = (F("due_on").asc(nulls_last=True), "pk")  # the order of every list
