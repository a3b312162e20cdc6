"""A purge killed with SIGKILL half way, and run again, ends as if nothing had happened."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from compliance.retention.batches import renew_statistics
from compliance.retention.models import ErasedSubject, LegalHold, PurgeProgress, PurgeRun
from customers.models import Customer, Order, OrderLine
from tests.retention.conftest import make_register

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FILL = """
INSERT INTO customers_customer (id, customer_number, relationship_ended_on, created_at)
    SELECT gen_random_uuid(), 'K' || n, '2012-01-01', now() FROM generate_series(1, 2500) n;
INSERT INTO customers_order (customer_id, number, placed_on, financial_year_end, total)
    SELECT id, customer_number || '-' || o, '2012-01-01', '2012-01-31', 1 FROM customers_customer, generate_series(1, 2) o;
INSERT INTO customers_orderline (order_id, line_number, product_code, description, quantity, unit_price, safety_critical,
        supplied_on)
    SELECT id, l, 'P', '', 1, 1, id %% 100 = 0 AND l = 1, '2020-01-01' FROM customers_order, generate_series(1, 2) l;
INSERT INTO retention_legalhold (id, customer_id, kind, reason, owner, placed_at, review_on, released_by)
    SELECT gen_random_uuid(), id, 'litigation', '', 'staff:1', now(), '2030-01-01', '' FROM customers_customer
    WHERE customer_number LIKE '%%7';
"""

# Safety-critical lines of customers who are not held, and how many customers those are: they stay
# as nameless stubs.
CRITICAL = """
SELECT count(*), count(DISTINCT c.id) FROM customers_orderline l JOIN customers_order o ON o.id = l.order_id
    JOIN customers_customer c ON c.id = o.customer_id WHERE l.safety_critical AND c.customer_number NOT LIKE '%7'
"""

# Written by hand, without the engine: what is past all its rules and not held.
PAST = """
SELECT (SELECT count(*) FROM customers_customer c WHERE erased_at IS NULL
            AND relationship_ended_on + interval '6 years' < current_date AND NOT EXISTS (SELECT FROM retention_legalhold h
            WHERE h.customer_id = c.id AND h.released_on IS NULL)),
       (SELECT count(*) FROM customers_orderline l JOIN customers_order o ON o.id = l.order_id
            WHERE o.financial_year_end + interval '6 years' < current_date AND o.placed_on + interval '6 years' < current_date
            AND (NOT l.safety_critical OR l.supplied_on + interval '10 years' < current_date)
            AND NOT EXISTS (SELECT FROM retention_legalhold h WHERE h.customer_id = o.customer_id AND h.released_on IS NULL)),
       (SELECT count(*) FROM customers_order o
            WHERE o.financial_year_end + interval '6 years' < current_date AND o.placed_on + interval '6 years' < current_date
            AND NOT EXISTS (SELECT FROM customers_orderline l WHERE l.order_id = o.id)
            AND NOT EXISTS (SELECT FROM retention_legalhold h WHERE h.customer_id = o.customer_id AND h.released_on IS NULL))
"""


def past_all_rules():
    with connection.cursor() as cursor:
        cursor.execute(PAST)
        return cursor.fetchone()


def counts():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM customers_customer), (SELECT count(*) FROM "
            "customers_customer WHERE "
            "erased_at IS NOT NULL), (SELECT count(*) FROM customers_order), (SELECT count(*) FROM "
            "customers_orderline)"
        )
        return cursor.fetchone()


def start_purge():
    database = connection.settings_dict
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/"
        f"{database['NAME']}"
    )
    return subprocess.Popen(
        [sys.executable, settings.BASE_DIR / "manage.py", "retention_purge", "--json"],
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_statistics_of_an_empty_table_mislead_no_purge():
    """The tables were emptied, looked at and filled again, as on a restore: the plan that follows
    from that compares each order line with each order, and takes a quarter of an hour."""
    make_register()
    tables = ["customers_customer", "customers_order", "customers_orderline"]
    fill = FILL.replace("2500", "600")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")
        cursor.execute(fill, [])
        for table in ("retention_legalhold", *reversed(tables)):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute(f"ANALYZE {', '.join(tables)}")
        cursor.execute(fill, [])
        assert set(tables) <= set(renew_statistics([Customer, Order, OrderLine, LegalHold]))
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = ANY(%s)", [tables])
        assert sorted(cursor.fetchall()) == [(600,), (1200,), (2400,)]
        assert renew_statistics([Customer, Order, OrderLine]) == []
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} RESET (autovacuum_enabled)")


def test_a_killed_purge_is_simply_run_again():
    make_register()
    with connection.cursor() as cursor:
        cursor.execute(FILL, [])
        cursor.execute(CRITICAL)
        critical = cursor.fetchone()
    killed = start_purge()
    deadline = time.monotonic() + 60
    while (
        not PurgeProgress.objects.exists() and time.monotonic() < deadline and killed.poll() is None
    ):
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    half_way = past_all_rules()
    assert 0 < half_way[0] < 2250, "the purge was not half way when it was killed"
    assert PurgeRun.objects.get().outcome == "running"

    again = start_purge()
    again.communicate()
    assert again.returncode == 0
    assert past_all_rules() == (0, 0, 0)
    held, (lines, stubs) = 250, critical
    assert counts() == (held + stubs, stubs, 2 * held + lines, 4 * held + lines)
    assert ErasedSubject.objects.count() == 2250
    assert list(PurgeRun.objects.order_by("pk").values_list("outcome", flat=True)) == [
        "failed",
        "done",
    ]

    third = start_purge()
    third.communicate()
    assert past_all_rules() == (0, 0, 0)
    assert ErasedSubject.objects.count() == 2250
