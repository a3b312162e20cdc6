"""Ending a visit before it is over by itself."""

from datetime import datetime
from typing import Any

from django.db import transaction

from customers.identity.deliver import end_codes
from customers.identity.subjects import Subject, V


@transaction.atomic
def end_visit(subject: Subject[Any, V], visit: V, *, now: datetime) -> None:
    """End a visit. Ending it twice is ending it once."""
    if subject.visits.objects.filter(pk=visit.pk).end(now):
        subject.record_ended(visit)


def end_others(subject: Subject[Any, V], of: Any, *, but: V | None, now: datetime) -> None:
    """End every other visit of a customer or case, and every code that is still good: for when
    contact details change."""
    end_codes(subject, of, now=now)
    running = subject.visits.objects.filter(**{subject.challenges.OF: of}).running(now)
    for visit in running.exclude(pk=but.pk) if but else running:
        end_visit(subject, visit, now=now)
