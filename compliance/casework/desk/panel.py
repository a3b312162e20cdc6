"""The requests of one customer on their page, and a button for each kind to log a new one."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from compliance.cases.buckets import bucket
from compliance.cases.models import Case
from compliance.cases.rights import RIGHTS
from compliance.casework.desk.counts import TONES, VIEW
from compliance.casework.desk.views import LOG, case_url
from compliance.deadlines.wording import words_of
from customers.desk_tables import Cell, badge, newest
from customers.models import Customer
from customers.panels import Panel, register

MOST_CASES = 5  # that the panel shows at once; the others are folded away


def requests(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """The newest cases, each with its date and badge. One query."""
    today = timezone.localdate()
    rows = customer.cases.only(
        "pk", "reference", "kind", "status", "received_on", "due_on", "closed_at", "customer"
    )
    found, total = newest(rows.order_by("-received_at", "-pk"))
    cells = [_cells(case, today) for case in found]
    may_log = request.user.has_perm(LOG) and not customer.erased_at
    link = reverse("admin:cases_case_log", args=[customer.pk])
    ways = [
        (right.label, f"{link}?kind={right.code}")
        for right in sorted(RIGHTS, key=lambda right: not right.often)
    ]
    often = sum(right.often for right in RIGHTS)
    return {
        "columns": [name for name, _ in cells[0]] if cells else [],
        "rows": cells[:MOST_CASES],
        "folded": cells[MOST_CASES:],
        "shown": len(cells),
        "total": total,
        "may_log": may_log,
        "often": ways[:often],
        "ways": ways[often:],
    }


def _cells(case: Case, today: Any) -> list[Cell]:
    urgency = bucket(case.due_on, today, is_open=case.is_open)
    state = badge(urgency.label, TONES[urgency]) if case.is_open else case.get_status_display()
    return [
        ("Reference", format_html('<a href="{}">{}</a>', case_url(case.pk), case.reference)),
        ("They ask", case.get_kind_display()),
        ("Received", case.received_on),
        ("Due", words_of(case.due_on, False) if case.due_on else "No last day"),
        ("State", state),
    ]


register(Panel("Requests", "admin/cases/case/panel.html", requests, VIEW, 15))
