"""The panel of the customer's page: restrictions in force and statements."""

from typing import Any

from django.db.models import F
from django.http import HttpRequest

from compliance.cases.models import Restriction, Statement
from customers.models import Customer


def panel(request: HttpRequest, customer: Customer) -> dict[str, Any] | None:
    """The restrictions in force and the statements of a customer; nothing when there is neither."""
    found = list(
        Restriction.objects.in_force()
        .filter(customer=customer)
        .select_related("case")
        .order_by(F("pk").desc())
    )
    said = list(Statement.objects.filter(customer=customer))
    return {"restrictions": found, "statements": said} if found or said else None
