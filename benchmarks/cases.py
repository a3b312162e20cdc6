"""The desk's list of cases at 1,000 and at 100,000: milliseconds and queries of each page, and the
export's speed and memory.

    .venv/bin/python -m benchmarks.cases [--cases 1000 100000] [--rounds 15]

Fills a database of its own for each number: half of the cases are open, a tenth of those wait, a
twentieth are overdue; every case has four events. Beside them stand three times as many requests to
stop marketing, each with its entry in the ledger; a hundredth of them wait to be matched. One
customer has five of the cases. Every page goes through the whole of Django: middleware, session,
permissions, audit, template. The export is read to its end in this process, and its memory is what
the process took beyond what it had before.
"""

import argparse
import datetime
import os
import re
import statistics
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("EMBEDDED_CLUSTER", "bench")
os.environ["ALLOWED_HOSTS"], os.environ["HTTPS"] = "testserver", "False"
os.environ["STATIC_MANIFEST"], os.environ["LOG_LEVEL"] = "False", "ERROR"

import django  # noqa: E402  after the settings it reads
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

NAME = "benchmark_cases"
LIST = "/admin/cases/case/"
FILL = """
SET session_replication_role = replica;
INSERT INTO cases_case (reference, token, kind, channel, requester, status, received_at, received_on, recorded_at,
        jurisdiction, words, start_on, due_on, target_on, review_on, extension_until, extended, paused, rule_version,
        examined_from, examined_to, identified_by, outcome_ground, closed_at, closed_on, assignee_id)
    SELECT 'R-' || translate(upper(substr(md5(n::text), 1, 4) || '-' || substr(md5('x' || n), 1, 4) || '-'
            || substr(md5('y' || n), 1, 4)), '01', 'GH'),
        gen_random_uuid(), kind, (ARRAY['web', 'letter', 'telephone'])[1 + n %% 3], 'customer',
        CASE WHEN closes THEN 'completed' WHEN waits THEN 'waiting' ELSE 'open' END, received, received, received,
        'england-and-wales', decode(repeat('aa', 400), 'hex'), received, CASE WHEN NOT waits THEN due END, received + 28,
        CASE WHEN waits THEN due END, CASE WHEN NOT waits THEN due END, false, false, kind || '/2026-02-05', received,
        received + 40, '', '', CASE WHEN closes THEN received + 20 END, CASE WHEN closes THEN received + 20 END,
        CASE WHEN n %% 3 = 0 THEN %(staff)s::bigint END
    FROM (SELECT *, month + CASE extract(isodow FROM month) WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END AS due
        FROM (SELECT *, (received + INTERVAL '1 month')::date AS month
            FROM (SELECT n, n %% 20 = 1 AS waits, n %% 2 = 0 AS closes, (ARRAY['sar', 'erasure', 'rectification',
                    'objection', 'portability', 'sar', 'erasure'])[1 + n %% 7] AS kind, %(today)s::date
                    - CASE WHEN n %% 40 = 3 THEN 40 + n %% 30 ELSE n %% 28 END AS received
                FROM generate_series(1, %(cases)s) n) numbered) dated) made;
INSERT INTO cases_caseevent (case_id, kind, at, "on", by, codes)
    SELECT id, event, received_at, received_on, 'staff:1', '{}'
    FROM cases_case, unnest(CASE WHEN due_on IS NULL THEN ARRAY['received', 'due_changed', 'id_requested', 'noted']
        ELSE ARRAY['received', 'due_changed', 'assigned', 'noted'] END) event;
INSERT INTO customers_customer (id, customer_number, created_at) SELECT gen_random_uuid(), 'B' || n, now()
    FROM generate_series(1, %(cases)s / 5) n;
UPDATE cases_case SET customer_id = (SELECT id FROM customers_customer ORDER BY id LIMIT 1)
    WHERE id %% (%(cases)s / 5) = 0;
INSERT INTO preferences_marketingrequest (reference, token, source, received_at, channels, senders, state, handled_at,
        handled_by)
    SELECT 'M-' || n, gen_random_uuid(), (ARRAY['web_form', 'letter', 'email'])[1 + n %% 3],
        %(today)s::date - n %% 365, '{email}', '{us}', CASE WHEN n %% 100 = 0 THEN 'open' ELSE 'done' END,
        CASE WHEN n %% 100 > 0 THEN %(today)s::date - n %% 365 + interval '1 hour' END,
        CASE WHEN n %% 100 > 0 THEN 'job:web_form' ELSE '' END
    FROM generate_series(1, %(cases)s * 3) n;
INSERT INTO preferences_choiceevent (contact, contact_kind, kind, channel, sender, source, at, recorded_at, by, page,
        reference)
    SELECT gen_random_uuid(), 'email', 'objection', 'email', 'us', source, received_at, received_at, 'job:web_form', '',
        reference FROM preferences_marketingrequest;
SET session_replication_role = DEFAULT;
"""


def prepare(cases: int, today: datetime.date) -> tuple[Client, dict[str, str]]:
    """A fresh database with the product's own tables, filled and analysed; somebody signed in, and
    each page's address."""
    from accounts.models import StaffUser
    from accounts.roles import Role
    from compliance.cases.models import Case
    from customers.desk import page_url

    connections["default"].settings_dict["NAME"] = "postgres"
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")
    connection.close()
    connections["default"].settings_dict["NAME"] = NAME
    call_command("migrate", verbosity=0)
    agent = StaffUser.objects.create(staff_id="agent", role=Role.CARE_AGENT)
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"cases": cases, "today": today, "staff": agent.pk})
        cursor.execute("VACUUM ANALYZE")
    client = Client()
    client.force_login(agent)
    last = max(1, min(10_000, Case.objects.filter(closed_at=None).count()) // 50)
    one = (
        Case.objects.filter(closed_at=None, words__isnull=False)
        .order_by("pk")
        .only("pk", "reference")
        .first()
    )
    Case.objects.filter(pk=one.pk).update(words=None)  # what was filled in is not really sealed
    five = Case.objects.filter(customer__isnull=False).values_list("customer", flat=True)[0]
    return client, {
        "first page of the desk": "/admin/",
        "list: first page": LIST,
        f"list: page {last}": f"{LIST}?p={last}",
        "list: overdue": f"{LIST}?bucket=overdue",
        "list: later": f"{LIST}?bucket=later",
        "list: mine, one kind, waiting": f"{LIST}?assignee=mine&kind=portability&status=waiting",
        "list: nothing is like that": f"{LIST}?kind=fca_complaint_final",
        "list: closed": f"{LIST}?bucket=closed",
        "list: closed late": f"{LIST}?bucket=closed&attention=late",
        "one case": f"{LIST}{one.pk}/change/",
        "find by reference": f"{LIST}find/ {one.reference}",
        "page of a customer with five cases": page_url(five),
        "stopping marketing: to be matched": "/admin/preferences/marketingrequest/",
    }


def measure(client: Client, pages: dict[str, str], rounds: int) -> None:
    """Print each page's time and queries."""
    print(f"{'page':42}{'median ms':>10}{'slowest':>9}{'queries':>9}")
    for name, address in pages.items():
        times = []
        path, _, typed = address.partition(" ")

        def ask(path: str = path, typed: str = typed) -> HttpResponse:
            return client.post(path, {"reference": typed}) if typed else client.get(path)

        for _ in range(rounds + 2):
            started = time.perf_counter()
            response = ask()
            times.append((time.perf_counter() - started) * 1000)
            if response.status_code != (303 if typed else 200):
                raise SystemExit(f"{name}: {response.status_code}")
        with CaptureQueriesContext(connection) as queries:
            ask()
        times = times[2:]  # the first two warm caches and templates
        print(f"{name:42}{statistics.median(times):10.1f}{max(times):9.1f}{len(queries):9}")


def export(client: Client) -> None:
    """Print the export's rows a second, its memory and its queries."""
    before = memory(fresh=True)
    started, size, rows = time.perf_counter(), 0, -1
    with CaptureQueriesContext(connection) as queries:
        for part in client.post(f"{LIST}export/").streaming_content:
            size, rows = size + len(part), rows + 1
    took = time.perf_counter() - started
    print(
        f"{'export of all that are open':42}{rows:,} rows, {size / 1e6:.1f} MB in {took:.1f} s: "
        f"{rows / took:,.0f} rows/s, "
        f"{memory() - before:+.1f} MB of memory, {len(queries)} queries\n"
    )


def memory(*, fresh: bool = False) -> float:
    """The most memory that this process has had, in MB, counted anew when `fresh`."""
    if fresh:
        Path("/proc/self/clear_refs").write_text("5")
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--cases", type=int, nargs="+", default=[1_000, 100_000])
    options.add_argument("--rounds", type=int, default=15)
    given = options.parse_args()
    django.setup()
    for cases in given.cases:
        client, pages = prepare(cases, timezone.localdate())
        print(f"{cases:,} cases, {given.rounds} rounds\n")
        measure(client, pages, given.rounds)
        export(client)
    connection.close()


if __name__ == "__main__":
    main()
