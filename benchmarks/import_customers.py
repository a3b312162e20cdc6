"""The import of customers beside its floor: COPY of the same rows, plus sealing the same values,
each measured alone.

    .venv/bin/python -m benchmarks.import_customers [--rows 100000] [--rounds 5]

Writes a CSV file of made-up customers (15 columns; name, date of birth, email, telephone and
address are sealed) and works in a database of its own. Each round imports the file into empty
tables, then copies the very rows that this left (customers and contact points, with all indexes and
foreign keys) from a file into empty tables again, then seals the file's values in a bare loop.
Prints the median of each and the ratio (target: at most 2), the peak memory, and a second import.
"""

import argparse
import csv
import datetime
import os
import random
import resource
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.db import connection, connections, transaction
from django.utils import timezone

NAME = "benchmark_import"
TABLES = {
    "customers_customer": "id, customer_number, title, given_names, surname, surname_lookup, "
    "date_of_birth, jurisdiction, "
    "relationship_began_on, relationship_ended_on, created_at, source_digest, erased_at",
    "customers_contactpoint": "customer_id, kind, value, lookup, postcode_lookup, valid_from, "
    "valid_to, source",
}
COLUMNS = (
    "customer_number",
    "title",
    "given_names",
    "surname",
    "date_of_birth",
    "email",
    "phone",
    "address_1",
    "address_2",
    "address_3",
    "postcode",
    "jurisdiction",
    "relationship_began_on",
    "relationship_ended_on",
)
NAMES = [
    "Amina",
    "Ben",
    "Chloe",
    "Dev",
    "Eira",
    "Fergus",
    "Gwen",
    "Hamza",
    "Isla",
    "Jonah",
    "O'Neill",
    "Zoë",
    "Müller",
]
STREETS = [
    "Mill Lane",
    "High Street",
    "Station Road",
    "Church Close",
    "Queen's Drive",
    "The Avenue",
]


def write(path: Path, rows: int) -> None:
    """A file of made-up customers, the same at every run."""
    chance, day = random.Random(7), datetime.date(1940, 1, 1)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for n in range(rows):
            pick = chance.random
            out.writerow(
                (
                    f"C{n:08d}",
                    "Ms",
                    NAMES[n % 13],
                    f"{NAMES[n * 7 % 13]}{chr(97 + n % 26)}",
                    day + datetime.timedelta(int(pick() * 22000)),
                    f"person{n}@example.org",
                    f"077009{n % 100000:05d}",
                    f"{1 + n % 300} {STREETS[n % 6]}",
                    "Shipley",
                    "Bradford",
                    f"BD{1 + n % 18} {n % 9 + 1}A{'ABDEFGHJ'[n % 8]}",
                    "england-and-wales",
                    datetime.date(2005, 1, 1) + datetime.timedelta(int(pick() * 7000)),
                    "",
                )
            )


def prepare() -> None:
    """A fresh database with the product's own tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")
    connection.close()
    connections["default"].settings_dict["NAME"] = NAME
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE customers_customer CASCADE")
        cursor.execute("CHECKPOINT")


def the_import(path: Path) -> float:
    from customers.importing import load

    started = time.perf_counter()
    load.import_file("customers", path, by="job:benchmark", now=timezone.now())
    return time.perf_counter() - started


def copies(folder: Path) -> None:
    """Keep the rows that an import left."""
    with connection.cursor() as cursor:
        for table, columns in TABLES.items():
            with (folder / table).open("wb") as file:
                cursor.copy_expert(f"COPY {table} ({columns}) TO STDOUT", file)


def bare_copy(folder: Path) -> float:
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns in TABLES.items():
            with (folder / table).open("rb") as file:
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", file, 1 << 18)
    return time.perf_counter() - started


def bare_sealing(path: Path) -> float:
    """Seal what the import seals, and nothing else, from a list in memory."""
    from privacy.seal import seal

    took = 0.0
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        while block := [
            (
                r["title"],
                r["given_names"],
                r["surname"],
                r["date_of_birth"],
                r["email"],
                "+44" + r["phone"][1:],
                "\n".join((r["address_1"], r["address_2"], r["address_3"], r["postcode"])),
            )
            for _, r in zip(range(10_000), rows, strict=False)
        ]:
            started = time.perf_counter()
            for values in block:
                for value in values:
                    seal(value, "customers_customer.surname")
            took += time.perf_counter() - started
    return took


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    django.setup()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path = folder / "customers.csv"
        write(path, options.rows)
        prepare()
        print(f"{options.rows:,} customers, {path.stat().st_size / 1e6:.0f} MB")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        imports, copied, sealed = [], [], []
        for _ in range(options.rounds):
            empty()
            imports.append(the_import(path))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            copies(folder)
            empty()
            copied.append(bare_copy(folder))
            sealed.append(bare_sealing(path))
            print(
                f"  import {imports[-1]:6.2f} s   COPY {copied[-1]:6.2f} s   sealing "
                f"{sealed[-1]:6.2f} s"
            )
            if len(imports) == 1:
                first_peak = peak
        a = statistics.median(map(sum, zip(copied, sealed, strict=True)))
        b = statistics.median(imports)
        print(
            f"median: floor {a:.2f} s, import {b:.2f} s ({options.rows / b:,.0f} customers/s), "
            f"ratio {b / a:.2f} (target 2)"
        )
        print(f"peak memory {first_peak:.0f} MB, of which {before:.0f} MB before the first import")
        empty()
        the_import(path)
        print(f"the same file again: {the_import(path):.2f} s")
    connection.close()


if __name__ == "__main__":
    main()
