"""What the page about the customer shows of this room: the draws that were entered."""

from typing import Any

from django.http import HttpRequest

from customers.desk_tables import TABLE, newest, table
from customers.models import Customer
from customers.panels import Panel, register


def prize_entries(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    entries = customer.prize_entries.select_related("draw").defer(
        "name", "address", "email", "customer_number"
    )
    found, total = newest(entries.order_by("-entered_on", "-pk"))
    return table(
        [
            [
                ("Draw", entry.draw.name),
                ("Entered", entry.entered_on),
                ("Closes", entry.draw.closes_on),
                ("Won", entry.awarded_on),
            ]
            for entry in found
        ],
        total=total,
        customer=customer,
        model="draws_prizeentry",
        empty="No prize draws entered.",
    )


register(Panel("Prize draws", TABLE, prize_entries, "draws.view_prizeentry", 100))
