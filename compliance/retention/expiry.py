"""What an import may not bring back: rows that every rule has let go already."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from compliance.retention.rules import PurgePlan


def past_retention(model: type[models.Model], staged_ids_table: str) -> Collection[Any]:
    """The primary keys in a temporary table whose rows are due today and not held (see
    customers.importing.registry)."""
    schedule = PurgePlan(timezone.localdate()).of(model)
    staged = RawSQL(f"SELECT id FROM {staged_ids_table}", [])
    rows = model._default_manager.filter(schedule.due(), ~Q(schedule.held()), pk__in=staged)
    return list(rows.values_list("pk", flat=True))
