"""Objections, imports and contact details that arrive at once: nobody waits for somebody who waits
for them."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from compliance.preferences import actions, contact_digests
from customers.importing import load
from customers.models import ContactPoint
from tests.factories import ContactPointFactory
from tests.preferences.conftest import NOON


def stop(customer):
    actions.object_to(
        channels=["email"],
        senders=["us"],
        source="letter",
        by="staff:1",
        now=NOON,
        customer=customer,
        given=[contact_digests.email("other@example.org")],
    )


def imported(customer, tmp_path):
    file = tmp_path / "shop.csv"
    file.write_text(
        "customer_number,kind,channel,sender,contact,at\n"
        f"{customer.customer_number},objection,email,us,other@example.org,2026-05-01 10:30\n"
    )
    assert not load.import_file("marketing_choices", file, by="job:test", now=NOON).rejects


@pytest.mark.parametrize("write", [lambda ada, _: stop(ada), imported])
def test_the_list_is_the_last_lock_and_taken_by_one_statement(ada, tmp_path, write):
    """Whoever catches up holds the note and then wants the list: the other way round two would wait
    for each other."""
    with CaptureQueriesContext(connection) as queries:
        write(ada, tmp_path)
    said = [query["sql"] for query in queries]
    notes = [
        number for number, sql in enumerate(said) if "INTO preferences_pendingsuppression" in sql
    ]
    lists = [number for number, sql in enumerate(said) if "INTO preferences_suppression" in sql]
    assert len(lists) == 1
    assert notes[-1] < lists[0]


@pytest.mark.django_db(transaction=True)
def test_a_new_address_does_not_wait_for_an_objection(ada):
    """Foreign keys are checked at the very end: a lock that stood in their way there would be one
    too many."""
    faults = []

    def arrives():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            ContactPointFactory(customer=ada, value="new@example.org")
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    with transaction.atomic():
        stop(ada)
        thread = threading.Thread(target=arrives)
        thread.start()
        thread.join()
    assert not faults
    assert ContactPoint.objects.filter(customer=ada).count() == 2
