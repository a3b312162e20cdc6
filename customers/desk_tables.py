"""Tables and words of the desk's pages: coloured words, amounts, telephone numbers, the newest records."""

from decimal import Decimal
from typing import Any

import phonenumbers
from django.db.models import Count, QuerySet, Window
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from customers.models import Customer

NEWEST = 20  # records a panel holds
AT_ONCE = 5  # of them open; the others are folded away
TABLE = "admin/customers/panels/table.html"

Cell = tuple[str, object]


def badge(text: str, tone: str = "quiet") -> SafeString:
    """A word with a coloured ground; `tone` is quiet, good, warning or danger. The word itself says
    it all."""
    return format_html('<span class="badge badge-{}">{}</span>', tone, text)


def pounds(amount: Decimal) -> str:
    """An amount of money: “£1,234.50”, or “-£5.00” for a refund."""
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}"


def newest(rows: QuerySet[Any], limit: int = NEWEST) -> tuple[list[Any], int]:
    """The newest records and how many there are, in one query whatever their number."""
    found = list(rows.annotate(of=Window(Count("pk")))[:limit])
    return found, found[0].of if found else 0


def table(
    rows: list[list[Cell]], *, total: int, customer: Customer, model: str, empty: str
) -> dict[str, Any]:
    """The context of a plain panel; a link to the full list stands under it when there is more."""
    more = list_url(model, customer) if total > len(rows) else ""
    return {
        "columns": [name for name, _ in rows[0]] if rows else [],
        "rows": rows[:AT_ONCE],
        "folded": rows[AT_ONCE:],
        "shown": len(rows),
        "total": total,
        "more": more,
        "empty": empty,
    }


def as_table(rows: list[list[Cell]]) -> SafeString | str:
    """A table by itself, for a field of an admin page."""
    return (
        render_to_string(TABLE, {"columns": [name for name, _ in rows[0]], "rows": rows})
        if rows
        else "None"
    )


def telephone(value: str) -> str:
    """A stored number as people in the United Kingdom write it."""
    number = phonenumbers.parse(value, "GB")
    british = number.country_code == 44
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if british
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)


def list_url(model: str, customer: Customer) -> str:
    """The full list of one customer's records; `model` is `app_model`."""
    return f"{reverse(f'admin:{model}_changelist')}?customer__id__exact={customer.pk}"
