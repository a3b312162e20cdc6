"""A system check: the calendar must reach further than any deadline that begins now."""

from typing import Any

from django.core import checks
from django.utils import timezone

from compliance.deadlines.calendar import LAST_YEAR

# for longer than any deadline, so that none rests on a year that is unknown
YEARS_AHEAD = 3


@checks.register("deadlines")
def the_calendar_reaches_far_enough(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """An error years before the bank-holiday package runs out."""
    if timezone.localdate().year + YEARS_AHEAD <= LAST_YEAR:
        return []
    return [
        checks.Error(
            f"The bank-holiday package knows no year after {LAST_YEAR}.",
            hint="Update `holidays` in pyproject.toml and run `make lock`.",
            id="deadlines.E001",
        )
    ]
