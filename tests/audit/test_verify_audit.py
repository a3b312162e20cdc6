import io

import pytest
from django.core.management import call_command
from django.db import connection

from audit import events

pytestmark = pytest.mark.django_db


def verify():
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("verify_audit", stdout=out, stderr=err, no_color=True)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


def test_a_whole_trail_ends_with_0():
    events.register_loaded(by="job:tests", added={})
    assert verify() == (0, "The trail is whole: 1 rows, each linked to the one before.\n", "")


def test_a_broken_trail_ends_with_1_and_says_what_to_do():
    events.register_loaded(by="job:tests", added={})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica; DELETE FROM audit_entry")
    code, out, err = verify()
    assert (code, out) == (1, "Row 1 was removed from the end: the trail ends at row 0.\n")
    assert "tell the data protection lead" in err
