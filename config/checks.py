"""A system check of the database: `migrate` refuses one that was made by another layout of the
portal.

Until version 1.0 migrations may be written anew. A database that holds others can be brought to no
state that fits, and without this check `migrate` would say that its tables exist already.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

OURS = ("accounts", "audit", "compliance", "customers", "jobs", "privacy")  # where ours stand
GONE = {"requests"}  # applications that earlier layouts had


@checks.register(checks.Tags.database)
def database_is_of_this_layout(
    app_configs: Any, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """An error for each database that holds migrations which our applications do not have.

    Asked only where a command names its databases, as `migrate` does.
    """
    return [
        _error(alias, unknown)
        for alias in databases or ()
        if (unknown := foreign_migrations(alias))
    ]


def foreign_migrations(alias: str) -> list[str]:
    """The migrations that a database holds and our applications do not, as “application.name”."""
    ours = GONE | {one.label for one in apps.get_app_configs() if one.name.split(".")[0] in OURS}
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = set(loader.disk_migrations) | {
        replaced for one in loader.disk_migrations.values() for replaced in one.replaces
    }
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    return sorted(
        f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in known
    )


def _error(alias: str, unknown: list[str]) -> checks.Error:
    some = ", ".join(unknown[:3]) + (f" and {len(unknown) - 3} more" if len(unknown) > 3 else "")
    if settings.EMBEDDED_DATABASE:
        hint = (
            "It is the embedded database of this folder. `make clean` removes it with all its "
            "data; the next `make run` makes a new one."
        )
    else:
        hint = (
            "Name an empty database in DATABASE_URL, or use the version of the portal that made "
            "this one. Nothing was changed."
        )
    return checks.Error(
        f"The database {alias!r} belongs to another layout of the portal, mostly an earlier one: "
        f"it holds migrations that this version does not have ({some}).",
        hint=hint,
        id="config.E001",
    )
