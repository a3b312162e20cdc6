"""System checks of what the purge stands on: indexes, decided relations, and no listeners on
deletion.

One missing index on a foreign key makes a purge thousands of times slower, and one delete-signal
receiver takes the fast path away from every row; neither shows in a test on a small table.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, models, transaction
from django.db.models import signals
from django.utils import timezone

from compliance.register import shape
from compliance.register.checks import LIVE
from compliance.retention import waiting
from privacy import declarations
from privacy.checks import where
from privacy.declarations import Blank, Delete


@checks.register("retention")
def the_purge_can_work(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Every clock and every foreign key into a purged table is indexed; nothing listens; every
    relation is decided."""
    purged = {d.model for d in declarations.declarations() if isinstance(d.erase, (Delete, Blank))}
    return [*_clocks(), *_endless(), *_relations(purged), *_receivers(purged)]


def _endless() -> Iterator[checks.CheckMessage]:
    """Shipped rules whose clock may lack its date, and of which nobody said what it waits for."""
    for rule in shape.shipped().rules:
        for declaration in declarations.declarations():
            path = declaration.clocks.get(rule.clock)
            if declaration.category != rule.category or path is None or rule.clock in waiting.WAITS:
                continue
            condition = declaration.conditions.get(rule.condition)
            if rule.condition and condition is None:
                continue
            if waiting.may_be_empty(declaration, path, condition):
                yield checks.Error(
                    f"The rule {rule.code!r} counts from {rule.clock!r}, which "
                    f"{declaration.label} may lack for ever.",
                    hint="Narrow the rule by a condition that asks for the date, and add a rule for "
                    "the records without it; or say in compliance/retention/waiting.py what it "
                    "waits for.",
                    obj=declaration.model,
                    id="retention.E005",
                )


def clocks_start(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Each rule of the live register whose clock nothing starts for some records: asked by
    `manage.py check` alone."""
    try:
        with transaction.atomic():
            found = waiting.stuck(timezone.localdate())
    except DatabaseError:
        return []  # no database, or none of its tables yet
    return [
        checks.Warning(
            f"Nothing starts the clock of the rule {line.rule!r} for {line.count:,} "
            f"{line.records}, the oldest of {line.oldest}.",
            hint="See “Clocks that have not started” on the desk; run close_dormant, or add a rule.",
            id="retention.W001",
        )
        for line in found
    ]


def _clocks() -> Iterator[checks.CheckMessage]:
    for declaration in declarations.declarations():
        for clock, path in declaration.clocks.items():
            try:
                field = declarations.resolve(declaration.model, path)
            except FieldDoesNotExist:
                continue  # privacy.E005 says so
            if not _leads_an_index(field):
                yield checks.Error(
                    f"The clock {clock!r} of {declaration.label} has no index on "
                    f"{field.model._meta.label}.{field.name}: "
                    "every purge would read the whole table.",
                    hint=f'Add models.Index(fields=[{field.name!r}, "id"], name=...) to '
                    "Meta.indexes in "
                    f"{where(field.model)} and make a migration.",
                    obj=field.model,
                    id="retention.E001",
                )


def _relations(purged: set[type[models.Model]]) -> Iterator[checks.CheckMessage]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.related_model not in purged or field.model is not model:
                continue
            if not _leads_an_index(field):
                yield checks.Error(
                    f"{model._meta.label}.{field.name} points at a purged table without an "
                    "index: each erased row would "
                    "read the whole table.",
                    hint="Remove db_index=False, or add an index that begins with "
                    f"{field.name!r}, in {where(model)}.",
                    obj=model,
                    id="retention.E002",
                )
            if declarations.declared(model) is None:
                yield checks.Error(
                    f"{model._meta.label}.{field.name} points at "
                    f"{field.related_model._meta.label}, which is purged, but "
                    "the model says that it holds nothing personal.",
                    hint="A row that names a person is personal: give it `class PersonalData:` "
                    f"in {where(model)}.",
                    obj=model,
                    id="retention.E003",
                )


def _receivers(purged: set[type[models.Model]]) -> Iterator[checks.CheckMessage]:
    for model in sorted(purged, key=lambda m: m._meta.label):
        for name, signal in (
            ("pre_delete", signals.pre_delete),
            ("post_delete", signals.post_delete),
        ):
            if signal.has_listeners(model):
                yield checks.Error(
                    f"A receiver listens to {name} of {model._meta.label}. The purge deletes by "
                    "sets and would never call "
                    "it, and Django's own deletes would load every row.",
                    hint="Remove the receiver; do its work in the action that deletes, or in the "
                    "database.",
                    obj=model,
                    id="retention.E004",
                )


def _leads_an_index(field: "models.Field[Any, Any]") -> bool:
    """Whether some index or unique constraint of the field's table begins with it."""
    if field.primary_key or field.unique or getattr(field, "db_index", False):
        return True
    meta = field.model._meta
    unique = [c for c in meta.constraints if isinstance(c, models.UniqueConstraint)]
    return any(
        list(index.fields)[:1] in ([field.name], [f"-{field.name}"])
        for index in [*meta.indexes, *unique]
    )


LIVE.append(clocks_start)
