"""The fixed cast: four members of staff, and what every test may ask for."""

import fcntl
import gc
import hashlib
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client

from accounts.models import StaffUser
from accounts.roles import Role
from audit import trail as audit_trail
from audit.models import Entry
from tests import strength  # noqa: F401  sets how hard the tests search
from tests.factories import StaffFactory

WRITTEN_BY_MIGRATIONS = {"django_content_type", "auth_permission"}


def pytest_collection_finish():
    """Looking through all modules and tests for garbage again and again took two fifths of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def _quick_flush():
    """Tests that commit (a live server, two connections) are cleaned by emptying the tables that hold
    something; what migrations wrote stays. The append-only trail refuses that: only here are its
    triggers asleep meanwhile, and the chain starts anew."""
    plain, emit = DatabaseOperations.sql_flush, flush.emit_post_migrate_signal

    def sql_flush(self, style, tables, **kwargs):
        names = sorted(set(tables) - WRITTEN_BY_MIGRATIONS)
        with self.connection.cursor() as cursor:
            held = " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT FROM {self.quote_name(name)})"
                for name in names
            )
            cursor.execute(held)
            filled = [name for (name,) in cursor.fetchall()]
        return filled and [
            "SET LOCAL session_replication_role = replica",
            *(f"DELETE FROM {self.quote_name(name)}" for name in filled),
            "INSERT INTO audit_chainhead (id, number, digest, removed_number, removed_digest) "
            "VALUES (1, 0, '', 0, '')",
        ]

    DatabaseOperations.sql_flush = sql_flush
    flush.emit_post_migrate_signal = lambda *args, **kwargs: None
    yield
    DatabaseOperations.sql_flush, flush.emit_post_migrate_signal = plain, emit


@pytest.fixture(autouse=True, scope="session")
def _entries_at_once():
    """A test that never commits reads the trail within its transaction: there entries join the chain
    as they are written, and not at its end. Nobody counts that statement."""

    plain = audit_trail._write

    def at_once(sql, params):
        plain(sql, params)
        if connection.atomic_blocks and connection.atomic_blocks[0]._from_testcase:
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS audit_join IMMEDIATE")

    audit_trail._write = at_once
    yield
    audit_trail._write = plain


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """Each worker's database is a copy of one template, migrated once and kept until a migration or
    a dependency changes."""
    digest = hashlib.sha256()
    root = Path(django_settings.BASE_DIR)
    for file in (
        *sorted(root.glob("*/migrations/*.py")),
        *sorted(root.glob("*/*/migrations/*.py")),
        root / "requirements.txt",
    ):
        digest.update(file.read_bytes())
    template = f"template_portal_{digest.hexdigest()[:12]}"
    lock = root / ".local" / "test-template.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held, django_db_blocker.unblock():
        fcntl.flock(held, fcntl.LOCK_EX)
        _make_template(template)
    connection.settings_dict["TEST"]["TEMPLATE"] = template


def _make_template(name: str) -> None:
    creation, test = connection.creation, connection.settings_dict["TEST"]
    plain, worker = connection.settings_dict["NAME"], test["NAME"]
    with creation._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template_portal_%'")
        there = {row[0] for row in cursor.fetchall()}
        for older in there - {name}:
            cursor.execute(f'DROP DATABASE "{older}"')
    if name in there:
        return
    test["NAME"] = f"{name}_unfinished"
    creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    django_settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = plain
    with creation._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{test["NAME"]}" RENAME TO "{name}"')
    test["NAME"] = worker


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A killed process or a thread of the live server may leave its session behind; the database is
    dropped all the same."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def agent(db) -> StaffUser:
    return StaffFactory(staff_id="agent", role=Role.CARE_AGENT)


@pytest.fixture
def lead(db) -> StaffUser:
    return StaffFactory(staff_id="lead", role=Role.DATA_PROTECTION_LEAD)


@pytest.fixture
def auditor(db) -> StaffUser:
    return StaffFactory(staff_id="auditor", role=Role.AUDITOR)


@pytest.fixture
def investigator(db) -> StaffUser:
    return StaffFactory(staff_id="investigator", role=Role.FRAUD_INVESTIGATOR)


@pytest.fixture
def operator(db) -> StaffUser:
    return StaffFactory(staff_id="operator", role=Role.OPERATOR)


@pytest.fixture
def signed_in():
    """A client signed in as a member of staff: `signed_in(agent).get(...)`."""

    def sign_in(user: StaffUser) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def trail(db):
    """`trail("note_added")`: the one entry of the audit trail with this event."""
    return lambda event: Entry.objects.get(event=event)
