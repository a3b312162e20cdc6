"""Carrying out the erasure of one person as it was planned (`on_request`), with the evidence that a
purge leaves."""

import datetime
from collections import defaultdict
from typing import Any

from django.db import connection, models

from audit import events
from compliance.retention.batches import quoted
from compliance.retention.models import ErasedSubject, PurgeProgress, PurgeRun
from compliance.retention.on_request import ErasurePlan
from compliance.retention.periods import LONDON
from customers import erasure_lock
from customers.models import Customer
from privacy.declarations import Blank

ON_REQUEST = "on-request"  # stands in the evidence where a purge names a category and a rule


class PlanOutdatedError(Exception):
    """A record went between the plan and the deletion: decide anew."""


def erase(made: ErasurePlan, *, by: str, now: datetime.datetime) -> PurgeRun:
    """Erase what a plan lets go, in the caller's transaction, which holds the person's row and the
    lock against erasure.

    IntegrityError, with nothing erased, when something was hung on a doomed record meanwhile.
    """
    erasure_lock.shared()
    day = now.astimezone(LONDON).date()
    run = PurgeRun.objects.create(
        as_of=day,
        started_at=now,
        finished_at=now,
        started_by=by,
        category=ON_REQUEST,
        outcome=PurgeRun.Outcome.DONE,
    )
    counts = made.counts()
    tables: dict[type[models.Model], list[Any]] = defaultdict(list)
    for one in made.going():
        tables[one.schedule.model].append(one.pk)
    for model, keys in tables.items():  # children before what they hang on
        _delete(model, keys)
    if made.whole:
        counts[Customer._meta.label] = 1
        _erase_person(made, now, run)
    PurgeProgress.objects.bulk_create(
        PurgeProgress(run=run, model=label, rule=ON_REQUEST, erased=count, at=now)
        for label, count in counts.items()
    )
    events.erased_on_request(
        by=by, subject=made.customer.pk, run=run.pk, erased=counts, person=made.whole
    )
    return run


def _delete(model: type[models.Model], keys: list[Any]) -> None:
    column, kind = quoted(str(model._meta.pk.column)), model._meta.pk.rel_db_type(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {quoted(model)} WHERE {column} = ANY(%s::{kind}[])",
            [[str(key) for key in keys]],
        )
        if cursor.rowcount != len(keys):
            raise PlanOutdatedError


def _erase_person(made: ErasurePlan, now: datetime.datetime, run: PurgeRun) -> None:
    """Delete the person's row, or blank it where something that stays hangs on it."""
    person = made.customer
    hangs = any(
        key == (Customer, person.pk) for one in made.records if one.kept for key in one.parents
    )
    if hangs:
        declaration = next(
            one.schedule.declaration for one in made.records if one.schedule.model is Customer
        )
        assert isinstance(declaration.erase, Blank)  # noqa: S101 a person's row is blanked
        for name in declaration.erase.fields:
            setattr(person, name, None)
        person.erased_at = now
        person.save(update_fields=[*declaration.erase.fields, declaration.erase.marker])
    else:
        _delete(Customer, [person.pk])
    ErasedSubject.objects.get_or_create(subject=person.pk, defaults={"run": run})
