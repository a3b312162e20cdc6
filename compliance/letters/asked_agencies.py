"""What a letter says of the agencies that we asked: application by application, each agency with
how it is reached.

The lines are those of `effects.agencies`: `part` tells what a line is about, and the rest are
texts.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from compliance.letters.parts import Bullets, FactList, Line, Para, Part, Run, one_line

AGENCY, NONE, FRAUD = "agency", "none", "fraud"  # `part` of a line
ROWS = {
    "name": "Agency",
    "now": "It is now called",
    "address": "Address",
    "telephone": "Telephone",
    "website": "Website",
    "asked": "Asked on",
}
NOBODY = "We asked no credit reference agency during this application."


def agencies(rows: Iterable[Mapping[str, Any]]) -> Iterator[Part]:
    """Each application with its agencies; just the agencies where no application is named."""
    heading = ""
    for row in rows:
        application = one_line(str(row.get("application") or ""))
        if application and application != heading:
            heading = application
            ended = one_line(str(row.get("ended") or ""))
            yield _facts({"Your application": application, "Negotiations about it ended on": ended})
        if row.get("part", AGENCY) == NONE:
            yield Para((Run(NOBODY),))
        else:
            yield _facts(
                {label: one_line(str(row.get(name) or "")) for name, label in ROWS.items()}
            )


def listed(pairs: Iterable[tuple[str, str]]) -> tuple[Part, ...]:
    """Names with their pages, as points of a list; nothing when there are none."""
    items = tuple(
        (Run(f"{one_line(name)}: "), Run(url, url)) if url else (Run(one_line(name)),)
        for name, url in pairs
    )
    return (Bullets(items),) if items else ()


def _facts(rows: Mapping[str, str]) -> FactList:
    return FactList(tuple((label, _run(value)) for label, value in rows.items() if value))


def _run(value: str) -> Line:
    return (Run(value, value if value.startswith("https://") else ""),)
