"""The statutory clock beside its floor: the same file read and written, with a bare month added to
each date.

    .venv/bin/python -m benchmarks.clock [--rows 100000] [--rounds 3]

Writes a CSV file of made-up cases (seven kinds, three jurisdictions; half with a pause, an
extension or identity). Each round lets the clock work it through, with one sentence and with every
step, then does the least that any program would: read the row, parse the date, add a month, move it
off weekends, write the row. Neither a database nor the start is in the figures.
"""

import argparse
import csv
import datetime
import io
import random
import statistics
import tempfile
import time
from pathlib import Path

from dateutil.relativedelta import relativedelta

from compliance.cases import rights  # noqa: F401  registers their clocks
from compliance.cases.case_files import Layout, Tally, work
from compliance.deadlines import Holidays

KINDS = (
    "sar",
    "erasure",
    "objection",
    "complaint_ack",
    "cra_disclosure",
    "adm_review",
    "fca_complaint_final",
)
PLACES = ("england-and-wales", "scotland", "northern-ireland")
DAY = datetime.timedelta(days=1)


def write(path: Path, rows: int) -> None:
    """A file of made-up cases, the same at every run."""
    chance, first = random.Random(7), datetime.date(2026, 6, 20)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(("kind", "received", "jurisdiction", "events", "due", "why"))
        for n in range(rows):
            day = first + DAY * chance.randrange(800)
            events = (
                "",
                "",
                "",
                f"paused {day + 3 * DAY}..{day + 9 * DAY}",
                f"extended {day + DAY * chance.randrange(40)}",
                f"id_requested {day + DAY};id_received {day + 8 * DAY}",
            )[n % 6]
            out.writerow((KINDS[n % 7], day, PLACES[n % 3], events, "", f"case {n}"))


def clock(path: Path, *, steps: bool) -> float:
    started, out = time.perf_counter(), io.StringIO()
    tally = Tally()
    for fault in work(Layout.of(path), out, Holidays(), tally, steps=steps):
        raise AssertionError(fault)
    return time.perf_counter() - started


def floor(path: Path) -> float:
    started, out = time.perf_counter(), io.StringIO()
    with path.open(newline="", encoding="utf-8") as file:
        rows, written = csv.reader(file), csv.writer(out)
        written.writerow(next(rows))
        for row in rows:
            day = datetime.date.fromisoformat(row[1]) + relativedelta(months=1)
            while day.weekday() > 4:
                day += DAY
            written.writerow([*row, day, "one month"])
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.csv"
        write(path, given.rows)
        times = [
            (clock(path, steps=False), clock(path, steps=True), floor(path))
            for _ in range(given.rounds)
        ]
    plain, explained, bare = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"{given.rows:,} cases, median of {given.rounds}")
    for name, seconds in (
        ("one sentence", plain),
        ("every step", explained),
        ("floor: a bare month", bare),
    ):
        print(
            f"  {name:20} {seconds:6.2f} s  {given.rows / seconds:10,.0f} cases/s  "
            f"{seconds / bare:5.1f} x the floor"
        )


if __name__ == "__main__":
    main()
