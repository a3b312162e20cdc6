"""What `manage.py check --deploy` refuses in production: what would lose data, tell nobody, or trust
everybody.

Each is an error, with what to do. The settings of a trial (`make run`) show all of them but HTTPS;
`deploy/portal.env`, filled in, shows none.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import Error, connection

NOWHERE = ("console", "dummy", "filebased", "locmem")  # Django's email backends that send nothing
CONTROLLER = [f"CONTROLLER_{name}" for name in ("NAME", "ADDRESS", "TELEPHONE", "EMAIL", "DPL")]
ROLES = "Run deploy/roles.sql as the owner of the tables, after each `migrate`."
TRAIL = {"audit_entry", "audit_chainhead"}  # only read; a trigger writes them
INSERT_ONLY = {"audit_newentry"}
APPEND_ONLY = "pgtrigger_append_only_%"
NOTHING: tuple[bool, set[str], bool] = (False, set(), False)
TABLES = """
    SELECT relname, pg_has_role(relowner, 'USAGE'),
        ARRAY(
            SELECT one FROM unnest('{SELECT, INSERT, UPDATE, DELETE}'::text[]) one
            WHERE has_table_privilege(tables.oid, one)
        ),
        EXISTS (SELECT FROM pg_trigger WHERE tgrelid = tables.oid AND tgname LIKE %s)
    FROM pg_class tables
    WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
"""
LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


@checks.register(checks.Tags.security, deploy=True)
def fit_for_production(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """An error for each setting, file and right of the database that real data must not meet."""
    return [
        checks.Error(f"{says}", hint=hint, id=f"config.E{number}")
        for number, says, hint in (*_settings(), *_files(), *_database())
    ]


def _settings() -> Iterator[tuple[int, str, str]]:
    if settings.DEBUG:
        yield 101, "DEBUG is on: faults show their source and values.", "Set DEBUG=False."
    if not settings.HTTPS:
        yield 102, "HTTPS is off: everything travels in clear.", "Set HTTPS=True."
    if settings.EMAIL_BACKEND.split(".")[-2] in NOWHERE:
        yield (
            103,
            "Emails are printed and called sent: codes, letters and links reach nobody.",
            "Set EMAIL_URL to your mail server.",
        )
    if not settings.REMINDERS_TO:
        yield 104, "Nobody is reminded of deadlines or told of failures.", "Set REMINDERS_TO."
    if not os.environ.get("PUBLIC_URL"):
        yield 105, "The address that stands in letters is a guess.", "Set PUBLIC_URL."
    if not settings.PROXIES:
        yield (
            106,
            "No proxy stands before the portal: half a request in sixteen sockets stops it.",
            "Put deploy/nginx.conf before it, and set PROXIES=1.",
        )
    if missing := [name for name in CONTROLLER if not os.environ.get(name)]:
        yield (
            107,
            f"Notice and letters name an invented company ({', '.join(missing)}).",
            "Set them to your own.",
        )
    if {"*", ".localhost", "localhost", "127.0.0.1"} & set(settings.ALLOWED_HOSTS):
        yield (
            108,
            "ALLOWED_HOSTS takes any name, or this machine's own.",
            "Name the hosts under which customers and colleagues reach the portal.",
        )


def _files() -> Iterator[tuple[int, str, str]]:
    for name in filter(None, os.environ.get("ENV_FILE", "").split(":")):
        mode = Path(name).stat().st_mode
        if mode & (stat.S_IRWXO | stat.S_IWGRP):
            yield (
                109,
                f"{name} holds the keys, and others may read or change it.",
                f"chown root:portal {name} && chmod 0640 {name}",
            )


def _database() -> Iterator[tuple[int, str, str]]:
    if settings.EMBEDDED_DATABASE:
        yield (
            110,
            "The database is the embedded one, which is for trials: no backup, no roles.",
            "Set DATABASE_URL.",
        )
    try:
        yield from _rights()
    except Error as fault:
        yield (
            111,
            f"The database cannot be asked what this role may do ({type(fault).__name__}).",
            "Start it, run `migrate` as the owner of the tables, and then deploy/roles.sql.",
        )


def _rights() -> Iterator[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls "
            "FROM pg_roles WHERE rolname = current_user"
        )
        role, powerful = cursor.fetchone()
        cursor.execute(TABLES, [APPEND_ONLY])
        found = {name: (owned, set(rights), kept) for name, owned, rights, kept in cursor}
        cursor.execute(
            "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = '0'", [list(LIMITS)]
        )
        endless = sorted(name for (name,) in cursor)
    models = apps.get_models(include_auto_created=True)
    tables = {
        model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy
    }
    if powerful:
        yield 112, f"The portal's role ({role}) may do anything in the database.", ROLES
    elif bent := sorted(
        name
        for name, (owned, rights, _) in found.items()
        if owned or (name in TRAIL | INSERT_ONLY and rights & {"UPDATE", "DELETE"})
    ):
        yield 113, f"The portal's role ({role}) can rewrite {_some(bent)}.", ROLES
    if lacking := sorted(
        name
        for name in tables
        if not _needed(name, name in found and found[name][2]) <= found.get(name, NOTHING)[1]
    ):
        yield 114, f"The portal's role ({role}) lacks rights on {_some(lacking)}.", ROLES
    if endless:
        yield 115, f"The role waits for ever: {', '.join(endless)} is not set.", ROLES


def _needed(table: str, kept: bool) -> set[str]:
    """What the portal must be able to do with a table; `kept`: rows are only added to it."""
    if table in TRAIL:
        return {"SELECT"}
    if table in INSERT_ONLY:
        return {"SELECT", "INSERT"}
    return {"SELECT", "INSERT", "UPDATE"} if kept else {"SELECT", "INSERT", "UPDATE", "DELETE"}


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
