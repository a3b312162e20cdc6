"""Screening a list beside its floor: hashing the same addresses, COPY of the digests, and one
semi-join.

    .venv/bin/python -m benchmarks.screening [--lines 1000000] [--listed 1000000] [--rounds 5]

Works in a database of its own. Fills the suppression list with so many email addresses, and the
marketing_permissions with as many consents (a half of both is on the list), writes a CSV list of four columns,
and then in turns: the floor (each address normalised by lower(), hashed with keyed BLAKE2b, sent by
COPY as (line, digest) into a temporary table, joined with the suppression list by one statement,
the lines found fetched), the plain screening (`--suppression-only`), and the full verdict. Both
screenings read any CSV, normalise by all the rules, and write and log their three files. Prints the
median of each and the ratios (target: at most 1.5), and the peak memory.
"""

import argparse
import hashlib
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.db import connection, connections, transaction
from django.utils import timezone

NAME = "benchmark_screening"


def prepare() -> None:
    """A fresh database with the product's own tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")
    connection.close()
    connections["default"].settings_dict["NAME"] = NAME
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def address(number: int) -> str:
    return f"person{number}@example{number % 50}.org"


def fill(listed: int) -> None:
    """So many suppressed addresses, and as many others with a consent."""
    from compliance.preferences import contact_digests
    from customers.importing.encode import copy_in
    from customers.models import Customer

    digest, now = contact_digests.digester("email"), timezone.now().isoformat()
    owner = Customer.objects.create(customer_number="B1")
    with connection.cursor() as cursor:
        copy_in(
            cursor,
            "preferences_suppression (digest, kind, channel, sender, source, at, key_id, form, "
            "feed_key_id)",
            (
                f"{digest(address(n))}\temail\temail\tus\tweb_form\t{now}\t{contact_digests.current_key()}\t1\t\n".encode()
                for n in range(0, listed * 2, 2)
            ),
        )
        copy_in(
            cursor,
            "preferences_marketingpermission (customer_id, digest, channel, sender, consented_at)",
            (
                f"{owner.pk}\t{digest(address(n))}\temail\tus\t{now}\n".encode()
                for n in range(1, listed * 2, 2)
            ),
        )
        cursor.execute("VACUUM ANALYZE preferences_suppression")
        cursor.execute("VACUUM ANALYZE preferences_marketingpermission")


def write(path: Path, lines: int, listed: int) -> None:
    """A list: half suppressed and consented ones, half unknown, mixed."""
    with path.open("w") as file:
        file.write("id,email,first_name,city\n")
        for n in range(lines):
            file.write(f"{n},{address(n * 7919 % (listed * 4))},Given,Bradford\n")


def floor(addresses: list[str]) -> int:
    """Hash, COPY, semi-join: nothing else. The list is in memory already."""
    from compliance.preferences import contact_digests
    from customers.importing.encode import copy_in

    key, blake2b = (
        contact_digests.keys.ring("SUPPRESSION_KEYS").derive(
            contact_digests.current_key(), "suppression:email"
        ),
        hashlib.blake2b,
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE floor_lines (line integer, digest uuid) ON COMMIT DROP"
        )
        copy_in(
            cursor,
            "floor_lines",
            (
                f"{line}\t{blake2b(one.lower().encode(), digest_size=16, key=key).hexdigest()}\n".encode()
                for line, one in enumerate(addresses)
            ),
        )
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(
            "SELECT line FROM floor_lines WHERE digest IN (SELECT digest FROM "
            "preferences_suppression "
            "WHERE channel = 'email' AND sender = 'us')"
        )
        return len(cursor.fetchall())


def screening(path: Path, folder: Path, *, suppression_only: bool) -> int:
    from compliance.preferences.screening import run

    outcome = run.screen(
        path,
        channel="email",
        sender="us",
        folder=folder,
        by="job:benchmark",
        now=timezone.now(),
        suppression_only=suppression_only,
    )
    return outcome.reasons["objected"]


def timed(work: Callable[[], int]) -> tuple[float, int]:
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--listed", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    django.setup()
    prepare()
    fill(options.listed)
    taken: dict[str, list[float]] = {"floor": [], "suppression only": [], "full verdict": []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "list.csv")
        write(path, options.lines, options.listed)
        for number in range(options.rounds):
            found = set()
            for name, suppression_only in (("suppression only", True), ("full verdict", False)):
                seconds, count = timed(
                    lambda only=suppression_only: screening(
                        path, Path(folder), suppression_only=only
                    )
                )
                taken[name].append(seconds)
                found.add(count)
            if number == 0:  # before the floor, which holds its list in memory
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            addresses = [line.split(",")[1] for line in path.read_text().splitlines()[1:]]
            seconds, count = timed(lambda given=addresses: floor(given))
            taken["floor"].append(seconds)
            if found != {count}:
                raise SystemExit(f"they disagree: {found}, {count}")
    base = statistics.median(taken["floor"])
    print(
        f"{options.lines:,} lines against {options.listed:,} suppressed, {count:,} of them "
        "found; median of "
        f"{options.rounds} rounds"
    )
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        print(
            f"  {name:17} {middle:6.2f} s  {options.lines / middle:10,.0f} lines/s  "
            f"{middle / base:5.2f} times the floor"
        )
    print(f"  peak memory of the screenings {memory:.0f} MB")


if __name__ == "__main__":
    main()
