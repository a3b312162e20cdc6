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
from django.db import models
from django.db.models import signals

from privacy import declarations
from privacy.checks import where
from privacy.declarations import Blank, Delete


@checks.register("retention")
def the_purge_can_work(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Every clock and every foreign key into a purged table is indexed; nothing listens; every
    relation is decided."""
    purged = {d.model for d in declarations.declarations() if isinstance(d.erase, (Delete, Blank))}
    return [*_clocks(), *_relations(purged), *_receivers(purged)]


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
