"""What the customer's page shows of this room: to whom data about the customer went."""

from typing import Any

from django.http import HttpRequest

from accounts.desk import staff
from compliance.disclosures.models import Disclosure
from customers.desk_tables import TABLE, newest, table
from customers.models import Customer
from customers.panels import Panel, register, visible


def disclosures(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """Searches, reports, filings and feeds, the newest first."""
    rows = Disclosure.objects.filter(customer=customer).order_by("-occurred_on", "-pk")
    found, total = newest(visible(rows, staff(request)))
    return table(
        [
            [
                ("When", disclosure.occurred_on),
                ("To whom", disclosure.recipient_name),
                ("What", disclosure.get_kind_display()),
                ("Detail", disclosure.detail or None),
                ("Purpose", disclosure.purpose.replace("-", " ").capitalize()),
            ]
            for disclosure in found
        ],
        total=total,
        customer=customer,
        model="disclosures_disclosure",
        empty="Nothing has left the building.",
    )


register(Panel("Who received their data", TABLE, disclosures, "disclosures.view_disclosure", 80))
