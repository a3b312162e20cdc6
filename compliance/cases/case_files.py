"""A file of cases through the clock: CSV in, CSV out with two columns more. Knows files and the
clock, no database."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from compliance.deadlines.calendar import Holidays
from compliance.deadlines.cases import NEEDED, Computed, run
from customers.importing.reader import CsvRecord, CsvSource, InputError, inspect
from customers.spreadsheet import harmless

ADDED = ("computed", "explanation")
MOST_ORIGINAL = 200  # characters of an unreadable line that go into the output


class Writable(Protocol):
    def write(self, text: str, /) -> object: ...


@dataclass
class Tally:
    """How the cases came out. `faults` counts rows that could not be computed, `differing` those
    with another due date."""

    cases: int = 0
    faults: int = 0
    differing: int = 0


@dataclass(frozen=True)
class Layout:
    """Which column stands where. Headings are matched without regard to case, and kept as they
    are."""

    source: CsvSource
    header: list[
        str
    ]  # of the output: `computed` and `explanation` come last, or where the input has them
    places: dict[str, int]

    @classmethod
    def of(cls, path: Path) -> "Layout":
        """Look at the file. InputError when it is no CSV file, lacks a column or names one
        twice."""
        source = inspect(path)
        names = [heading.casefold() for heading in source.header]
        twice = sorted({name for name in names if name and names.count(name) > 1})
        if twice:
            raise InputError(f"{path.name} names a column twice: {', '.join(twice)}.")
        missing = [name for name in NEEDED if name not in names]
        if missing:
            raise InputError(
                f"{path.name} has no column {', '.join(missing)}. It needs {', '.join(NEEDED)}; "
                "due and why are "
                "optional, and further columns are kept."
            )
        header = [*source.header, *(name for name in ADDED if name not in names)]
        return cls(source, header, {name.casefold(): place for place, name in enumerate(header)})

    def cells(self, record: CsvRecord) -> list[str]:
        """The cells of a record, as many as there are headings; of a line that cannot be read, its
        beginning."""
        cells = record.fields or [record.original[:MOST_ORIGINAL]]
        return (cells + [""] * len(self.header))[: len(self.header)]

    def finished(self, cells: list[str], computed: str, explanation: str) -> list[str]:
        """The row as it is written: nothing that came in may run as a formula in a spreadsheet."""
        row = [harmless(cell) for cell in cells]
        row[self.places["computed"]], row[self.places["explanation"]] = computed, explanation
        return row


def work(
    layout: Layout, out: Writable, holidays: Holidays, tally: Tally, *, steps: bool = False
) -> Iterator[str]:
    """Write the file with `computed` and `explanation` to `out`, and yield a sentence for each row
    that needs a look."""
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow([harmless(heading) for heading in layout.header])
    for record in layout.source.records(multiline=True):
        tally.cases += 1
        cells = layout.cells(record)
        if record.reason:
            fault = f"this line cannot be read ({record.reason})"
            outcome = Computed("", f"Not computed: {fault}.", fault)
        else:
            outcome = run(
                {name: cells[place] for name, place in layout.places.items()}, holidays, steps=steps
            )
        rows.writerow(layout.finished(cells, outcome.computed, outcome.explanation))
        tally.faults += bool(outcome.fault)
        tally.differing += bool(outcome.difference)
        if outcome.fault or outcome.difference:
            yield f"Line {record.line}: {outcome.fault or outcome.difference}."
