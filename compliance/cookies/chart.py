"""The most visited pages as figures and as the geometry of a bar chart. The page draws it as SVG,
without a script."""

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Manager, Sum
from django.urls import URLPattern, URLResolver, get_resolver

from compliance.register import pages

PERIODS = (7, 30, 90)  # days
MOST = 12  # bars; the table beside them has every page
WIDTH, ROW, BAR, NAMES, FIGURES = 640, 36, 22, 210, 70  # units of the drawing


@dataclass(frozen=True)
class Bar:
    """One page: its name for people, its address with what varies left open, and how often it was
    opened."""

    name: str
    route: str
    count: int

    @property
    def figure(self) -> str:
        """The count as people write it: “12,345”."""
        return f"{self.count:,}"


@dataclass(frozen=True)
class Drawn:
    """One bar's place in the drawing."""

    bar: Bar
    y: int
    middle: int
    width: int
    figure_x: int


@dataclass(frozen=True)
class Chart:
    """The drawing."""

    width: int
    height: int
    names: int
    bar: int
    rows: tuple[Drawn, ...]


def period(asked: str) -> int:
    """The number of days that was asked for, or the middle one."""
    return next((days for days in PERIODS if str(days) == asked), PERIODS[1])


def bars(visits: Manager[Any], *, days: int, today: datetime.date) -> list[Bar]:
    """Every page opened in the last `days` days, today included, the most opened first. One
    query."""
    since = today - datetime.timedelta(days=days - 1)
    found = (
        visits.filter(day__gte=since, day__lte=today)
        .order_by()
        .values_list("page")
        .annotate(total=Sum("count"))
    )
    return sorted(
        (Bar(name_of(page), routes().get(page, ""), total) for page, total in found),
        key=lambda bar: (-bar.count, bar.name),
    )


def drawn(found: list[Bar]) -> Chart:
    """The first bars, laid out below each other, the longest over the whole width."""
    most, room = max((bar.count for bar in found), default=1), WIDTH - NAMES - FIGURES
    rows = []
    for number, bar in enumerate(found[:MOST]):
        width = max(2, round(room * bar.count / most))
        rows.append(
            Drawn(
                bar,
                number * ROW + (ROW - BAR) // 2,
                number * ROW + ROW // 2,
                width,
                NAMES + width + 8,
            )
        )
    return Chart(WIDTH, max(1, len(rows)) * ROW, NAMES, BAR, tuple(rows))


def name_of(page: str) -> str:
    """A page's label in the navigation; otherwise the name of its address in words."""
    known = {found.url_name: found.label for found in pages.public()}
    return known.get(page) or page.rpartition(":")[2].replace("_", " ").capitalize()


@lru_cache(maxsize=1)
def routes() -> dict[str, str]:
    """The name of each address -> its pattern, such as `/privacy/versions/<int:number>/`."""
    return dict(_walk(get_resolver(), "/", ""))


def _walk(resolver: URLResolver, prefix: str, space: str) -> list[tuple[str, str]]:
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            found += _walk(entry, f"{prefix}{entry.pattern}", inner)
        elif isinstance(entry, URLPattern) and entry.name:
            found.append((f"{space}{entry.name}", f"{prefix}{entry.pattern}"))
    return found
