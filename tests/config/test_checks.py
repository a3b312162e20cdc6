"""`migrate` refuses a database of another layout, with the line that mends it."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config import checks

pytestmark = pytest.mark.django_db


def migrate():
    call_command("migrate", skip_checks=False, verbosity=0)


@pytest.fixture
def recorded():
    """Have the database hold a migration of an application."""
    return lambda app, name: MigrationRecorder(connection).record_applied(app, name)


def test_a_database_of_this_layout_passes():
    assert checks.foreign_migrations("default") == []
    assert checks.database_is_of_this_layout(None) == []


@pytest.mark.parametrize(
    ("app", "name"), [("requests", "0002_cases"), ("customers", "0002_messages_and_proof")]
)
def test_an_embedded_one_of_an_earlier_layout_is_refused(recorded, settings, app, name):
    settings.EMBEDDED_DATABASE = True
    recorded(app, name)
    with pytest.raises(SystemCheckError) as refused:
        migrate()
    assert "belongs to another layout of the portal, mostly an earlier one" in str(refused.value)
    assert f"({app}.{name})" in str(refused.value)
    assert "`make clean` removes it" in str(refused.value)


def test_any_other_one_is_never_to_be_cleaned(recorded, settings):
    settings.EMBEDDED_DATABASE = False
    recorded("requests", "0001_bank_holidays")
    with pytest.raises(SystemCheckError) as refused:
        migrate()
    assert "Name an empty database in DATABASE_URL" in str(refused.value)
    assert "make clean" not in str(refused.value)


def test_many_of_them_are_counted(recorded):
    for number in range(2, 7):
        recorded("requests", f"000{number}_x")
    assert (
        "requests.0004_x and 2 more"
        in checks.database_is_of_this_layout(None, databases=["default"])[0].msg
    )


def test_what_others_applications_left_there_is_theirs(recorded):
    recorded("some_other_application", "0001_initial")
    recorded("auth", "9999_of_a_later_django")
    assert checks.foreign_migrations("default") == []
