"""The purge beside raw batched SQL on the same tables: rows a second, and their ratio.

    .venv/bin/python -m benchmarks.purge [--customers 1000000] [--due 0.1] [--rounds 5]
        [--workers 1]

Fills a database of its own with made-up customers (17 records each), of whom a share is due. Each
round erases an equal slice of the due customers twice over: once with hand-written SQL in batches
of 1,000 customers, children first (the floor), once with the purge, in turn (A B A B). Prints the
median of each, their ratio, the longest batch and the memory.
"""

import argparse
import datetime
import os
import resource
import statistics
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.db import connection, connections, transaction
from django.utils import timezone

from compliance.retention import periods

NAME = "benchmark_purge"
TABLES = (
    "disclosures_disclosure",
    "customers_order",
    "customers_contactpoint",
    "customers_paymentcard",
    "customers_contactnote",
    "customers_creditaccount",
    "customers_financiallink",
    "customers_fraudmarker",
    "draws_prizeentry",
    "retention_legalhold",
)

FILL = """
INSERT INTO customers_customer (id, customer_number, surname, surname_lookup, relationship_began_on,
        relationship_ended_on, created_at)
    SELECT gen_random_uuid(), 'B' || n, decode(repeat('ab', 48), 'hex'), gen_random_uuid(), '2005-01-01',
        CASE WHEN n %% %(every)s = 0 THEN DATE '2010-01-01' + (n / %(every)s %% 1500) END, now()
    FROM generate_series(1, %(customers)s) n;
INSERT INTO customers_contactpoint (customer_id, kind, value, lookup, valid_from, source)
    SELECT id, kind, decode(repeat('cd', 60), 'hex'), gen_random_uuid(), '2005-01-01', 'shop'
    FROM customers_customer, unnest(ARRAY['email', 'phone', 'address']) kind;
INSERT INTO customers_paymentcard (customer_id, token, token_lookup, last_four, expires_on, issue_number, last_used_on)
    SELECT id, decode(repeat('ef', 50), 'hex'), gen_random_uuid(), '1234',
        coalesce(relationship_ended_on, '2027-01-31'), '', coalesce(relationship_ended_on, '2026-10-01')
    FROM customers_customer;
INSERT INTO customers_order (customer_id, number, placed_on, financial_year_end, total)
    SELECT id, customer_number || '-' || o, coalesce(relationship_ended_on, '2026-01-05') - 30 * o,
        coalesce(relationship_ended_on, '2026-01-05'), 12.34
    FROM customers_customer, generate_series(1, 3) o;
INSERT INTO customers_orderline (order_id, line_number, product_code, description, quantity, unit_price, safety_critical,
        supplied_on)
    SELECT id, l, 'P' || l, 'A product', 1, 6.17, false, placed_on FROM customers_order, generate_series(1, 2) l;
INSERT INTO customers_contactnote (customer_id, reference, kind, at, text, taken_by, thread_closed_on)
    SELECT id, gen_random_uuid()::text, 'call', coalesce(relationship_ended_on, '2026-01-05'),
        decode(repeat('aa', 90), 'hex'), 'staff:1', coalesce(relationship_ended_on, '2026-01-05')
    FROM customers_customer, generate_series(1, 2);
INSERT INTO customers_creditaccount (customer_id, account_number, opened_on, credit_limit, balance, status, ended_on)
    SELECT id, 'A' || customer_number, '2005-01-01', 100, 0,
        CASE WHEN relationship_ended_on IS NULL THEN 'open' ELSE 'settled' END, relationship_ended_on
    FROM customers_customer;
"""


def prepare(customers: int, every: int) -> None:
    """A fresh database with the product's own tables, filled and analysed."""
    settings = connections["default"].settings_dict
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")
    connection.close()
    settings["NAME"] = NAME
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from compliance.register.models import RetentionRule

    call_command("load_register", verbosity=0, confirm_defaults=True)
    # One period for all, so that a slice of customers is due with everything they have, as in the
    # floor.
    RetentionRule.objects.filter(period__isnull=False).update(period=6, unit="years")
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(FILL, {"customers": customers, "every": every})
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def floor(cutoff: datetime.date) -> tuple[int, float, float]:
    """Erase by hand-written SQL every customer who ended up to `cutoff`: rows, seconds, longest
    transaction."""
    rows, longest, started = 0, 0.0, time.perf_counter()
    after = (datetime.date.min, "00000000-0000-0000-0000-000000000000")
    with connection.cursor() as cursor:
        while True:
            begun = time.perf_counter()
            with transaction.atomic():
                cursor.execute(
                    "SELECT relationship_ended_on, id FROM customers_customer WHERE "
                    "relationship_ended_on <= %s AND "
                    "(relationship_ended_on, id) > (%s, %s) ORDER BY relationship_ended_on, id "
                    "LIMIT 1000 "
                    "FOR UPDATE SKIP LOCKED",
                    [cutoff, *after],
                )
                found = cursor.fetchall()
                if not found:
                    break
                after, ids = found[-1], [str(row[1]) for row in found]
                cursor.execute(
                    "DELETE FROM customers_orderline USING customers_order o WHERE order_id = o.id "
                    "AND o.customer_id = ANY(%s::uuid[])",
                    [ids],
                )
                rows += cursor.rowcount
                for table in TABLES:
                    cursor.execute(
                        f"DELETE FROM {table} WHERE customer_id = ANY(%s::uuid[])", [ids]
                    )
                    rows += cursor.rowcount
                cursor.execute("DELETE FROM customers_customer WHERE id = ANY(%s::uuid[])", [ids])
                rows += cursor.rowcount
            longest = max(longest, time.perf_counter() - begun)
    return rows, time.perf_counter() - started, longest


def purge(as_of: datetime.date, workers: int) -> tuple[int, float, float]:
    """Erase with the product's purge as of a day: rows, seconds, longest batch."""
    from compliance.retention import engine

    longest, batch = [0.0], engine._batch

    def timed(work):
        begun = time.perf_counter()
        try:
            return batch(work)
        finally:
            longest[0] = max(longest[0], time.perf_counter() - begun)

    engine._batch = timed
    started = time.perf_counter()
    report = engine.run(as_of=as_of, now=timezone.now(), by="job:benchmark", workers=workers)
    took = time.perf_counter() - started
    engine._batch = batch
    return sum(line.erased for line in report.lines), took, longest[0]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--every", type=int, default=10, help="one customer in so many is due")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    django.setup()
    prepare(options.customers, options.every)
    print(f"{options.customers:,} customers, {options.customers // options.every:,} due")
    # Each slice takes an equal share of the 1,500 days on which the due relationships ended.
    first, days = datetime.date(2010, 1, 1), 1500 // (2 * options.rounds)
    floors, purges, slowest = [], [], 0.0
    for number in range(options.rounds):
        last = first + datetime.timedelta(days=2 * number * days + days - 1)
        rows, took, longest = floor(last)
        floors.append(rows / took)
        print(
            f"  raw SQL   {rows:>9,} rows {took:6.2f} s {rows / took:>9,.0f} rows/s  longest "
            f"{longest * 1000:4.0f} ms"
        )
        last += datetime.timedelta(days=days)
        rows, took, longest = purge(
            periods.last_protected_day(last, 6, "years") + datetime.timedelta(days=1),
            options.workers,
        )
        purges.append(rows / took)
        slowest = max(slowest, longest)
        print(
            f"  the purge {rows:>9,} rows {took:6.2f} s {rows / took:>9,.0f} rows/s  longest "
            f"{longest * 1000:4.0f} ms"
        )
    a, b = statistics.median(floors), statistics.median(purges)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"median: raw SQL {a:,.0f} rows/s, the purge {b:,.0f} rows/s, ratio {b / a:.2f} (target "
        "0.90)"
    )
    print(
        f"longest batch {slowest * 1000:.0f} ms (target 200), peak memory {peak:.0f} MB (target "
        "150)"
    )


if __name__ == "__main__":
    main()
