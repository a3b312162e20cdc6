"""What the requests room puts on the desk's first page."""

import datetime
from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.desk import Alert
from compliance.deadlines import bank_holidays
from compliance.deadlines.calendar import in_words

LAST_CALL = (10, 1)  # from 1 October the coming year has to be certain


def calendar(request: HttpRequest) -> Iterator[Alert]:
    """To whoever may confirm a year: years within eighteen months that nobody checked, and
    confirmed ones that changed."""
    if not request.user.has_perm("deadlines.add_confirmedyear"):
        return
    today, holidays = timezone.localdate(), bank_holidays.current()
    for year in bank_holidays.unconfirmed(holidays, today):
        yield Alert(
            f"Nobody has compared the bank holidays of {year} with the government's list. Until "
            "then its deadlines "
            "rest on what is expected.",
            _page(year),
            "danger" if _pressing(year, today) else "warning",
        )
    if different := bank_holidays.altered(holidays, today):
        days = ", ".join(in_words(different[:5]))
        yield Alert(
            f"Bank holidays are not as they were confirmed: {days}. Compare the year again.",
            _page(different[0][1].year),
            "danger",
        )


def _page(year: int) -> str:
    return reverse("admin:deadlines_confirmedyear_compare", args=[year])


def _pressing(year: int, today: datetime.date) -> bool:
    return year <= today.year or (year == today.year + 1 and (today.month, today.day) >= LAST_CALL)
