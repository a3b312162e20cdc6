"""The care desk at a million customers: milliseconds at the server and queries of each page
(target: under 100 ms).

    .venv/bin/python -m benchmarks.desk [--customers 1000000] [--rounds 15]

Fills a database of its own: 3 contact details, 2 orders and a note for each customer, a surname
that every hundredth bears, a hundred people to a postcode. Every page goes through the whole of
Django: middleware, session, permissions, audit, template.
"""

import argparse
import datetime
import os
import statistics
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("EMBEDDED_CLUSTER", "bench")
os.environ["ALLOWED_HOSTS"], os.environ["HTTPS"] = "testserver", "False"
os.environ["STATIC_MANIFEST"], os.environ["LOG_LEVEL"] = "False", "ERROR"

import django  # noqa: E402  after the settings it reads
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

NAME = "benchmark_desk"
DAY = datetime.date
FILL = """
SET session_replication_role = replica;
INSERT INTO customers_customer (id, customer_number, surname_lookup, relationship_began_on, relationship_ended_on,
        created_at)
    SELECT gen_random_uuid(), 'B' || n,
        CASE WHEN n %% 100 = 0 THEN %(smith)s::uuid ELSE md5('s' || n %% 5000)::uuid END,
        DATE '2005-01-01' + n %% 5000, CASE WHEN n %% 3 = 0 THEN DATE '2020-01-01' + n %% 1500 END, now()
    FROM generate_series(1, %(customers)s) n;
INSERT INTO customers_contactpoint (customer_id, kind, value, lookup, postcode_lookup, valid_from, source)
    SELECT id, kind, decode(repeat('cd', 60), 'hex'), gen_random_uuid(),
        CASE WHEN kind = 'address' THEN CASE WHEN right(customer_number, 4) = '0001' THEN %(postcode)s::uuid
            ELSE md5('p' || right(customer_number, 4))::uuid END END, '2005-01-01', 'shop'
    FROM customers_customer, unnest(ARRAY['email', 'phone', 'address']) kind;
INSERT INTO customers_order (customer_id, number, placed_on, financial_year_end, total)
    SELECT id, customer_number || '-' || o, relationship_began_on + 200 * o, '2030-01-31', 12.34
    FROM customers_customer, generate_series(1, 2) o;
INSERT INTO customers_contactnote (customer_id, reference, kind, at, text, taken_by)
    SELECT id, gen_random_uuid()::text, 'call', relationship_began_on, decode(repeat('aa', 90), 'hex'), 'staff:1'
    FROM customers_customer;
SET session_replication_role = DEFAULT;
"""


def prepare(customers: int) -> None:
    """A fresh database with the product's own tables, filled and analysed."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")
    connection.close()
    connections["default"].settings_dict["NAME"] = NAME
    call_command("migrate", verbosity=0)
    call_command("load_register", confirm_defaults=True, verbosity=0)
    from privacy import seal

    values = {
        "customers": customers,
        "smith": str(seal.lookup_hash("surname", "smith")),
        "postcode": str(seal.lookup_hash("postcode", "BD11AA")),
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL, values)
        cursor.execute("VACUUM ANALYZE")


def pages() -> tuple[Client, dict[str, tuple[str, dict[str, str] | None]]]:
    """Somebody signed in, and the address and form of each page to measure."""
    from accounts.models import StaffUser
    from accounts.roles import Role
    from tests import factories as make

    for factory in (
        make.CustomerFactory,
        make.OrderFactory,
        make.CreditAccountFactory,
        make.PrizeDrawFactory,
    ):
        factory.reset_sequence(
            int(time.time() * 10) % 10**7, force=True
        )  # numbers that no earlier run took
    people = make.CustomerFactory.create_batch(12, surname="Smith")
    for number, person in enumerate(people):
        make.ContactPointFactory(
            customer=person, address=True, value=f"{number} Mill Lane\nBradford\nBD1 1AA"
        )
        make.ContactPointFactory(customer=person, value=f"{person.customer_number}@example.org")
    rich, email = people[0], f"{people[0].customer_number}@example.org"
    make.ContactPointFactory(customer=rich, phone=True, value="+447700900123")
    make.OrderFactory.create_batch(300, customer=rich)
    for factory in (
        make.PaymentCardFactory,
        make.CreditAccountFactory,
        make.FinancialLinkFactory,
        make.PrizeEntryFactory,
        make.ContactNoteFactory,
        make.DisclosureFactory,
        make.LegalHoldFactory,
    ):
        factory.create_batch(20, customer=rich)
    client = Client()
    client.force_login(
        StaffUser.objects.get_or_create(staff_id="lead", role=Role.DATA_PROTECTION_LEAD)[0]
    )
    search = "/admin/customers/customer/"

    def find(who: str) -> tuple[str, dict[str, str]]:
        return search, {"who": who}

    return client, {
        "first page": ("/admin/", None),
        "search: customer number": find(rich.customer_number),
        "search: email": find(email),
        "search: telephone": find("07700 900123"),
        "search: surname and postcode, several": find("Smith BD1 1AA"),
        "search: nobody": find("nobody@example.org"),
        "customer's page, 300 orders": (f"{search}{rich.pk}/change/", None),
        "customer's page, little held": (f"{search}{people[1].pk}/change/", None),
        "orders": ("/admin/customers/order/", None),
        "orders of this year": ("/admin/customers/order/?placed_on__gte=2026-01-01", None),
        "orders, page 200": ("/admin/customers/order/?p=200", None),
        "contact details": ("/admin/customers/contactpoint/", None),
        "contact notes": ("/admin/customers/contactnote/", None),
        "contact notes, open": (
            "/admin/customers/contactnote/?thread_closed_on__isnull=True",
            None,
        ),
    }


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--customers", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument(
        "--filled", action="store_true", help="measure in the database of the run before"
    )
    given = options.parse_args()
    django.setup()
    if given.filled:
        connections["default"].settings_dict["NAME"] = NAME
    else:
        prepare(given.customers)
    client, measured = pages()
    print(f"{given.customers:,} customers, {given.rounds} rounds\n")
    print(f"{'page':42}{'median ms':>10}{'slowest':>9}{'queries':>9}")
    for name, (address, form) in measured.items():
        times = []
        for _ in range(given.rounds + 2):
            started = time.perf_counter()
            response = client.get(address) if form is None else client.post(address, form)
            times.append((time.perf_counter() - started) * 1000)
            if response.status_code not in (200, 303):
                raise SystemExit(f"{name}: {response.status_code}")
        with CaptureQueriesContext(connection) as queries:
            client.get(address) if form is None else client.post(address, form)
        times = times[2:]  # the first two warm caches and templates
        print(f"{name:42}{statistics.median(times):10.1f}{max(times):9.1f}{len(queries):9}")
    connection.close()


if __name__ == "__main__":
    main()
