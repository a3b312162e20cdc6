"""What the document draws: a time line of the records, and a map of who received what. Each with
the same in words."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from compliance.access.table_parts import Collected

MOST_LANES = 14
MOST_NODES = 12  # recipients on the map; the table below it has them all
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


Lane = tuple[str, Mapping[str, int]]  # a title, and how many records each month has


def timeline(collected: Iterable[Collected], *, until: datetime.date) -> dict[str, Any]:
    """One lane for each table whose records are dated: its months as shares of the whole time, from
    0 to 1, and how full.

    What comes of answering the person is no history of theirs and has no lane, and what is to come
    (a card's expiry) no mark.
    """
    dated = [
        lane
        for one in collected
        if not one.table.declaration.answering and (lane := _lane(one, until))[1]
    ]
    dated = sorted(dated, key=lambda lane: (-sum(lane[1].values()), lane[0]))[:MOST_LANES]
    dated.sort(key=lambda lane: (min(lane[1]), lane[0]))
    if not dated:
        return {"lanes": [], "years": [], "alt": ""}
    first, last = min(min(months) for _, months in dated), max(max(months) for _, months in dated)
    start, end = int(first[:4]), int(last[:4]) + 1
    span = (end - start) * 12
    step = max(1, -(-(end - start) // 8))
    lanes = [
        {
            "title": title,
            "marks": [
                [_month(month, start) / span, _strength(count)]
                for month, count in sorted(months.items())
            ],
        }
        for title, months in dated
    ]
    return {
        "lanes": lanes,
        "width": 1 / span,
        "years": [[str(year), (year - start) * 12 / span] for year in range(start, end, step)],
        "alt": f"Time line from {start} to {end - 1}. "
        + " ".join(_in_words(title, months) for title, months in dated),
    }


def _lane(one: Collected, until: datetime.date) -> Lane:
    return one.table.title, {
        month: count for month, count in one.months.items() if month <= until.isoformat()[:7]
    }


def _month(month: str, start: int) -> int:
    return (int(month[:4]) - start) * 12 + int(month[5:7]) - 1


def _strength(count: int) -> int:
    """How dark a month is, from 1 to 3."""
    return 1 if count == 1 else 2 if count < 5 else 3


def _in_words(title: str, months: Mapping[str, int]) -> str:
    first, last, count = min(months), max(months), sum(months.values())
    when = f"in {_named(first)}" if first == last else f"from {_named(first)} to {_named(last)}"
    return f"{title}: {count:,}, {when}."


def _named(month: str) -> str:
    return f"{MONTHS[int(month[5:7]) - 1]} {month[:4]}"


def map_of(received: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What went out on the left, who received it on the right, and a line for each pair, thicker
    the more often."""
    names = list(
        dict.fromkeys(
            str(one["recipient"]) for one in sorted(received, key=lambda one: -int(one["times"]))
        )
    )
    shown = [one for one in received if one["recipient"] in names[:MOST_NODES]]
    left = list(dict.fromkeys(str(one["what"]) for one in shown))
    right = sorted(
        names[:MOST_NODES],
        key=lambda name: (
            min(left.index(one["what"]) for one in shown if one["recipient"] == name),
            name,
        ),
    )
    return {
        "left": left,
        "right": right,
        "more": max(len(names) - MOST_NODES, 0),
        "lines": [
            [left.index(one["what"]), right.index(one["recipient"]), _thickness(int(one["times"]))]
            for one in shown
        ],
        "alt": "Map of who received what. "
        + " ".join(
            f"{one['recipient']}: {one['what'].lower()}, {_times(int(one['times']))}."
            for one in shown
        ),
    }


def _thickness(times: int) -> float:
    return 0.8 if times == 1 else 1.6 if times < 5 else 2.6


def _times(times: int) -> str:
    return "once" if times == 1 else f"{times:,} times"
