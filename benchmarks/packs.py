"""Gathering one person among many beside hand-written SQL for the same rows: milliseconds, and
their ratio (target: 3).

    .venv/bin/python -m benchmarks.packs [--customers 10000 1000000] [--rounds 25] [--large 200000]

Fills a database of its own for each size: 20 records in twelve tables for each customer. A round
takes one customer at random and reads them three times, in turn: by hand-written statements, one
for each declared table, since whoever writes them cannot know where a person stands (the floor); by
those of the twelve tables alone, as if it were known; by the gathering. Opening sealed values costs
all the same, so all leave it out; "opened" is the gathering with it. Then the whole archive of one
person, and the memory that one with so many orders adds to a process that has written a small pack
(target: 32 MB).
"""

import argparse
import os
import random
import resource
import statistics
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("EMBEDDED_CLUSTER", "bench")

import django
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

NAME = "benchmark_packs"

# The sealed values of the crowd are all the same few, sealed once: what is measured is not the
# sealing.
FILL = """
SET session_replication_role = replica;
INSERT INTO customers_customer (id, customer_number, surname, surname_lookup, relationship_began_on, created_at)
    SELECT gen_random_uuid(), 'B' || n, %(customers_customer.surname)s, gen_random_uuid(), '2015-01-01', now()
    FROM generate_series(1, %(customers)s) n;
INSERT INTO customers_contactpoint (customer_id, kind, value, lookup, valid_from, source)
    SELECT id, kind, %(customers_contactpoint.value)s, gen_random_uuid(), '2015-01-01', 'shop'
    FROM customers_customer, unnest(ARRAY['email', 'phone', 'address']) kind;
INSERT INTO customers_paymentcard (customer_id, token, token_lookup, last_four, expires_on, issue_number)
    SELECT id, %(customers_paymentcard.token)s, gen_random_uuid(), '1234', '2027-01-31', '' FROM customers_customer;
INSERT INTO customers_order (customer_id, number, placed_on, financial_year_end, total)
    SELECT id, customer_number || '-' || o, DATE '2026-01-05' - 30 * o, '2026-01-31', 12.34
    FROM customers_customer, generate_series(1, 3) o;
INSERT INTO customers_orderline (order_id, line_number, product_code, description, quantity, unit_price, safety_critical,
        supplied_on)
    SELECT id, 1, 'P1', 'A product', 1, 12.34, false, placed_on FROM customers_order;
INSERT INTO customers_contactnote (customer_id, reference, kind, at, text, taken_by)
    SELECT id, gen_random_uuid()::text, 'call', '2026-01-05', %(customers_contactnote.text)s, 'staff:1'
    FROM customers_customer, generate_series(1, 2);
INSERT INTO customers_creditaccount (customer_id, account_number, opened_on, credit_limit, balance, status)
    SELECT id, 'A' || customer_number, '2015-01-01', 100, 0, 'open' FROM customers_customer;
INSERT INTO customers_financiallink (customer_id, kind, linked_person, linked_person_lookup, linked_on)
    SELECT id, 'household', %(customers_financiallink.linked_person)s, gen_random_uuid(), '2020-01-01'
    FROM customers_customer;
INSERT INTO disclosures_disclosure (customer_id, kind, reference, occurred_on, recipient, recipient_name, purpose,
        application, detail)
    SELECT id, 'credit_search', gen_random_uuid()::text, '2024-01-01', 'experian', 'Experian Ltd', 'credit-decision', 'A', ''
    FROM customers_customer, generate_series(1, 2);
INSERT INTO outbox_message (id, customer_id, means, kind, key, recipient, subject, text, state, attempts, error, queued_at,
        next_try_at, sent_at)
    SELECT gen_random_uuid(), id, 'email', 'opt_out_confirmed', gen_random_uuid()::text, %(outbox_message.recipient)s,
        %(outbox_message.subject)s, %(outbox_message.text)s, 'sent', 0, '', '2026-01-05', '2026-01-05', '2026-01-05'
    FROM customers_customer;
INSERT INTO preferences_choiceevent (customer_id, contact_kind, kind, channel, sender, source, at, recorded_at, by, page,
        reference)
    SELECT id, '', 'objection', 'email', 'us', 'web_form', '2026-01-05', '2026-01-05', 'job:x', '', 'M'
    FROM customers_customer;
INSERT INTO draws_prizedraw (code, name, opens_on, closes_on, prize, terms, promoter, winner_count, seed, commitment)
    VALUES ('b', 'A draw', '2026-01-01', '2026-06-01', '', '', '', 1, %(draws_prizedraw.seed)s, repeat('a', 64));
INSERT INTO draws_prizeentry (draw_id, customer_id, name, address, email, entered_on)
    SELECT draw.id, customers_customer.id, %(draws_prizeentry.name)s, %(draws_prizeentry.address)s,
        %(draws_prizeentry.email)s, '2026-01-05' FROM customers_customer, draws_prizedraw draw;
SET session_replication_role = DEFAULT;
"""
HOLDING = [
    "SELECT customer_number, title, given_names, surname, date_of_birth, jurisdiction, "
    "relationship_began_on"
    " FROM customers_customer WHERE id = %s",
    "SELECT kind, value, valid_from, valid_to, source FROM customers_contactpoint WHERE "
    "customer_id = %s"
    " ORDER BY valid_from, id",
    "SELECT last_four, expires_on, issue_number, last_used_on FROM customers_paymentcard WHERE "
    "customer_id = %s"
    " ORDER BY expires_on, id",
    "SELECT number, placed_on, total, delivered_on FROM customers_order WHERE customer_id = %s "
    "ORDER BY placed_on, id",
    "SELECT line_number, product_code, description, quantity, unit_price, safety_critical, "
    "supplied_on"
    " FROM customers_orderline l JOIN customers_order o ON o.id = l.order_id WHERE o.customer_id "
    "= %s"
    " ORDER BY supplied_on, l.id",
    "SELECT kind, at, text, thread_closed_on, taken_by FROM customers_contactnote WHERE "
    "customer_id = %s ORDER BY at, id",
    "SELECT account_number, opened_on, credit_limit, balance, status, ended_on, defaulted_on, "
    "default_resolved_on"
    " FROM customers_creditaccount WHERE customer_id = %s ORDER BY opened_on, id",
    "SELECT kind, linked_on, disassociated_on FROM customers_financiallink WHERE customer_id = "
    "%s ORDER BY linked_on, id",
    "SELECT kind, occurred_on, recipient_name, purpose, application, negotiations_ended_on, detail"
    " FROM disclosures_disclosure WHERE customer_id = %s AND kind <> 'fraud_filing' ORDER BY "
    "occurred_on, id",
    "SELECT means, recipient, subject, text, state, queued_at, sent_at FROM outbox_message WHERE "
    "customer_id = %s"
    " ORDER BY queued_at, id",
    "SELECT e.at, e.kind, e.channel, e.sender, e.source, e.contact_kind, e.contact_value, "
    "w.text, e.page, e.origin,"
    " e.expires_at, e.by FROM preferences_choiceevent e LEFT JOIN preferences_wording w ON w.id "
    "= e.wording_id"
    " WHERE e.customer_id = %s ORDER BY e.at, e.id",
    "SELECT e.name, e.address, e.email, e.customer_number, d.name, e.ticket, e.entered_on, "
    "e.received_at, e.no_publicity,"
    " e.awarded_on FROM draws_prizeentry e JOIN draws_prizedraw d ON d.id = e.draw_id WHERE "
    "e.customer_id = %s"
    " ORDER BY e.entered_on, e.id",
]

CASES = "JOIN cases_case c ON c.id = t.case_id WHERE c.customer_id = %s"
EMPTY = [
    "SELECT * FROM customers_fraudmarker WHERE customer_id = %s AND status <> 'suspected' ORDER "
    "BY opened_on, id",
    "SELECT f.how, f.at FROM access_packfetch f JOIN access_pack p ON p.id = f.pack_id WHERE "
    "p.customer_id = %s"
    " ORDER BY f.at, f.id",
    *(
        f"SELECT * FROM {table} WHERE customer_id = %s ORDER BY {when}, id"
        for table, when in (
            ("identity_customerchallenge", "asked_at"),
            ("identity_customervisit", "proved_at"),
            ("cookies_cookiereceipt", "at"),
            ("mailbox_inboundmail", "received_at"),
            ("disclosures_instruction", "asked_at"),
            ("preferences_marketingrequest", "received_at"),
            ("cases_case", "received_at"),
            ("cases_statement", "at"),
            ("cases_restriction", "began_at"),
            ("access_pack", "begun_at"),
        )
    ),
    *(
        f"SELECT t.* FROM {table} t {CASES} ORDER BY {when}, t.id"
        for table, when in (
            ("cases_caseevent", "t.at"),
            ("cases_attachment", "t.added_at"),
            ("cases_outcome", "t.at"),
            ("cases_datacopy", "t.made_at"),
            ("cases_casemessage", "t.written_at"),
            ("cases_casechallenge", "t.asked_at"),
            ("cases_casevisit", "t.proved_at"),
        )
    ),
]


def prepare(customers: int) -> None:
    """A fresh database with the product's own tables, filled and analysed."""
    from privacy import seal

    if connections["default"].settings_dict["NAME"] == NAME:
        connection.close()
        connections["default"].settings_dict["NAME"] = "postgres"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")
    connection.close()
    connections["default"].settings_dict["NAME"] = NAME
    call_command("migrate", verbosity=0)
    call_command("load_register", verbosity=0, confirm_defaults=True)
    sealed = {
        column: seal.seal("A value of some length, as a name or a note has it", column)
        for column in (
            "customers_customer.surname",
            "customers_contactpoint.value",
            "customers_paymentcard.token",
            "customers_contactnote.text",
            "customers_financiallink.linked_person",
            "outbox_message.recipient",
            "outbox_message.subject",
            "outbox_message.text",
            "draws_prizeentry.name",
            "draws_prizeentry.address",
            "draws_prizeentry.email",
            "draws_prizedraw.seed",
        )
    }
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(FILL, {"customers": customers, **sealed})
        cursor.execute("VACUUM ANALYZE")


def floor(customer, statements=(*HOLDING, *EMPTY)) -> int:
    """The records of one person, by hand."""
    count = 0
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, [customer.pk])
            count += len(cursor.fetchall())
    return count


def twelve(customer) -> int:
    """The same, as if it were known which tables hold something."""
    return floor(customer, HOLDING)


def gathered(customer) -> int:
    """The records of one person, by the declarations."""
    from compliance.access import records

    with records.snapshot():
        return sum(
            1 for table in records.tables(customer) for _ in records.unreviewed(table, customer)
        )


def timed(work, customer) -> float:
    started = time.perf_counter()
    work(customer)
    return (time.perf_counter() - started) * 1_000


def compare(customers: int, rounds: int) -> None:
    """Print the medians of floor and gathering for one size of the crowd."""
    from customers.models import Customer
    from privacy import seal

    prepare(customers)
    picked = [
        Customer.objects.get(customer_number=f"B{random.randint(1, customers)}")
        for _ in range(rounds + 3)
    ]
    opening, seal.unseal = seal.unseal, lambda envelope, column: ""
    hand, alone, ours = [], [], []
    for customer in picked:
        if floor(customer) != gathered(customer):  # and both have read them once
            raise SystemExit("Not the same records.")
        for work, times in random.sample([(floor, hand), (twelve, alone), (gathered, ours)], 3):
            times.append(timed(work, customer))
    seal.unseal = opening
    opened = [timed(gathered, customer) for customer in picked]
    middle, ratio = (
        statistics.median,
        statistics.median(one / other for one, other in zip(ours[3:], hand[3:], strict=True)),
    )
    print(
        f"{customers:>9,} customers: by hand {middle(hand[3:]):.2f} ms, gathered "
        f"{middle(ours[3:]):.2f} ms, "
        f"{ratio:.2f} times the floor; the twelve alone {middle(alone[3:]):.2f} ms; opened "
        f"{middle(opened[3:]):.2f} ms; "
        f"{floor(picked[0])} records",
        flush=True,
    )


class Nowhere:
    """Takes an archive and keeps nothing."""

    def write(self, data: bytes) -> None:
        pass


def whole(customer) -> int:
    from compliance.access import archive
    from compliance.access.reviewed import UNREDACTED

    return archive.write(
        Nowhere(), customer, reference="B", texts=UNREDACTED, now=timezone.now()
    ).records


def memory(large: int) -> None:
    """Print what a person with very many orders adds to a process that has written a small pack
    already."""
    from customers.models import Customer

    big, small = Customer.objects.order_by("customer_number")[:2]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_order (customer_id, number, placed_on, financial_year_end, "
            "total) SELECT %s,"
            " 'L' || n, DATE '2026-01-05' - n %% 3000, '2026-01-31', 12.34 FROM "
            "generate_series(1, %s) n",
            [big.pk, large],
        )
        cursor.execute("ANALYZE customers_order")
    whole(small)
    print(
        f"A whole archive with its document: {min(timed(whole, small) for _ in range(5)):.0f} ms "
        "for a small one"
    )
    for name, work in (("gathering", gathered), ("the whole archive", whole)):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        count = work(big)
        took = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{count:,} records, {name}: +{(after - before) / 1024:.1f} MB, {took:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--customers", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--large", type=int, default=200_000)
    options = parser.parse_args()
    django.setup()
    for customers in options.customers:
        compare(customers, options.rounds)
    if options.large:
        memory(options.large)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        print(f"The database: {cursor.fetchone()[0]}")


if __name__ == "__main__":
    main()
