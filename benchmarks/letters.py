"""A letter as PDF beside its floor: typst alone on the same data.

    .venv/bin/python -m benchmarks.letters [--rounds 30]

For each letter a round composes it in the shipped words with made-up data and lays it out as
PDF/UA-1, as sending does; then typst's own compiler lays out the same JSON with the same templates.
Every round has a reference of its own, so that nothing comes from typst's memory of the letter
before. Neither a database nor the start is in the figures.
"""

import argparse
import datetime
import os
import statistics
import time

import django
import typst

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402

from compliance.cases.models import Letter  # noqa: E402
from compliance.letters import compose, pdf, preview  # noqa: E402
from compliance.letters.wording import frame  # noqa: E402
from customers import typeset  # noqa: E402

HOME = "Ms Ada Lovelace\n1 Mill Lane\nBradford\nBD1 1AA"
OMBUDSMAN = {
    "ombudsman_name": "Financial Ombudsman Service",
    "ombudsman_address": "Exchange Tower, London E14 9SR",
    "ombudsman_telephone": "0800 023 4567",
    "ombudsman_website": "https://www.financial-ombudsman.org.uk/",
}
NOW = datetime.datetime(2026, 7, 15, 22, 59, 59, tzinfo=datetime.UTC)


def measure(letter: Letter, rounds: int) -> tuple[float, float, int]:
    """The median seconds of ours and of typst alone for one letter, and the size of its PDF in
    bytes."""
    found = frame(letter.value)
    known = preview.known(preview.kinds_of(letter)[-1], now=NOW, ombudsman=OMBUDSMAN)
    alone = typst.Compiler(root=typeset.FOLDER, ignore_system_fonts=True)
    ours, floor, size = [], [], 0
    for number in range(rounds):
        started = time.perf_counter()
        content = compose.compose(found, found.shipped, known)
        size = len(pdf.render(content, to=HOME, reference=f"A-{number}", now=NOW))
        ours.append(time.perf_counter() - started)
        data = pdf.data_of(content, to=HOME, reference=f"B-{number}", now=NOW)
        started = time.perf_counter()
        alone.compile(
            pdf.LETTER,
            format="pdf",
            sys_inputs={"data": data},
            pdf_standards=["ua-1"],
            timestamp=int(NOW.timestamp()),
        )
        floor.append(time.perf_counter() - started)
    return statistics.median(ours), statistics.median(floor), size


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    print(f"{settings.CONTROLLER['name']}: {rounds} rounds, median milliseconds")
    print(f"{'letter':<28}{'ours':>8}{'typst':>8}{'ratio':>8}{'bytes':>9}")
    for letter in Letter:
        ours, floor, size = measure(letter, rounds)
        print(
            f"{letter.value:<28}{ours * 1000:>8.1f}{floor * 1000:>8.1f}{ours / floor:>8.2f}{size:>9,}"
        )


if __name__ == "__main__":
    main()
