"""The panel of the customer's page: restrictions in force, uses that stopped, statements."""

from typing import Any

from django.db.models import F
from django.http import HttpRequest

from compliance.cases.models import ProcessingStop, Restriction, Statement
from compliance.outcomes import restriction_words, stops
from customers.models import Customer


def panel(request: HttpRequest, customer: Customer) -> dict[str, Any] | None:
    """The restrictions in force, the uses that stopped and the statements of a customer; nothing
    when there is none of these."""
    found = list(
        Restriction.objects.in_force()
        .filter(customer=customer)
        .select_related("case", "hold")
        .order_by(F("pk").desc())
    )
    rows = list(ProcessingStop.objects.filter(customer=customer, ended_on=None))
    said = list(Statement.objects.filter(customer=customer))
    if not (found or rows or said):
        return None
    return {
        "restrictions": [(row, restriction_words.lines(row)) for row in found],
        "stopped": list(stops.told(rows)) if rows else [],
        "statements": said,
    }
