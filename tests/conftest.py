"""The fixed cast: four members of staff, and what every test may ask for."""

import pytest
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client

from accounts.models import StaffUser
from accounts.roles import Role
from audit.models import Entry
from tests.factories import StaffFactory


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_trail():
    """Tests that commit (a live server, two connections) are cleaned by emptying every table, which
    the append-only trail refuses. Only here are its triggers asleep meanwhile, and the chain starts
    anew."""
    plain = DatabaseOperations.sql_flush

    def sql_flush(self, *args, **kwargs):
        statements = plain(self, *args, **kwargs)
        return statements and [
            "SET LOCAL session_replication_role = replica",
            *statements,
            "INSERT INTO audit_chainhead (id, number, digest, removed_number, removed_digest) "
            "VALUES (1, 0, '', 0, '')",
        ]

    DatabaseOperations.sql_flush = sql_flush
    yield
    DatabaseOperations.sql_flush = plain


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
