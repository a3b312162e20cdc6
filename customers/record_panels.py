"""This room's own panels of a customer's page: one query each, the newest records first."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import phonenumbers
from django.db.models import Count, QuerySet, Window
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.desk import names_of
from customers.models import ContactNote, CreditAccount, Customer
from customers.panels import Panel, register

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


def contact_points(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """How the customer is reached now, and the earlier details."""
    points = [
        (point, telephone(str(point.value)) if point.kind == point.Kind.PHONE else str(point.value))
        for point in customer.contact_points.order_by("kind", "-valid_from")
    ]
    return {
        "now": [(point, text) for point, text in points if point.valid_to is None],
        "before": [(point, text) for point, text in points if point.valid_to is not None],
    }


def notes(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """What was said, newest first."""
    found, total = newest(customer.contact_notes.order_by("-at", "-pk"))
    names = names_of(note.taken_by for note in found)
    for note in found:
        note.taken_by_name = names[note.taken_by]
    may_add = request.user.has_perm("customers.add_contactnote") and not customer.erased_at
    return {
        "notes": found,
        "total": total,
        "may_add": may_add,
        "Kind": ContactNote.Kind,
        "more": list_url("customers_contactnote", customer),
    }


def orders(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    found, total = newest(customer.orders.order_by("-placed_on", "-pk"))
    return table(
        [
            [
                ("Order", order.number),
                ("Placed", order.placed_on),
                ("Delivered", order.delivered_on),
                ("Total", pounds(order.total)),
            ]
            for order in found
        ],
        total=total,
        customer=customer,
        model="customers_order",
        empty="No orders.",
    )


def credit_accounts(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    found, total = newest(customer.credit_accounts.order_by("-opened_on", "-pk"))
    return table(
        [
            [
                ("Account", account.account_number),
                ("Opened", account.opened_on),
                ("State", _state(account)),
                ("Balance", pounds(account.balance)),
                ("Limit", pounds(account.credit_limit)),
                ("Ended", account.ended_on),
            ]
            for account in found
        ],
        total=total,
        customer=customer,
        model="customers_creditaccount",
        empty="No credit account.",
    )


def _state(account: CreditAccount) -> SafeString:
    if account.defaulted_on and not account.default_resolved_on:
        return badge("In default", "danger")
    tones = {account.Status.OPEN: "good", account.Status.WRITTEN_OFF: "warning"}
    return badge(
        account.get_status_display(), tones.get(CreditAccount.Status(account.status), "quiet")
    )


def payment_cards(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    found, total = newest(customer.payment_cards.defer("token").order_by("-expires_on", "-pk"))
    return table(
        [
            [
                ("Card", f"ending {card.last_four}"),
                ("Expires", f"{card.expires_on:%m/%Y}"),
                ("Issue number", card.issue_number or None),
                ("Last payment", card.last_used_on),
            ]
            for card in found
        ],
        total=total,
        customer=customer,
        model="customers_paymentcard",
        empty="No cards.",
    )


def financial_links(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    found, total = newest(customer.financial_links.order_by("-linked_on", "-pk"))
    return table(
        [
            [
                ("Person", link.linked_person),
                ("Link", link.get_kind_display()),
                ("Since", link.linked_on),
                ("Until", link.disassociated_on),
            ]
            for link in found
        ],
        total=total,
        customer=customer,
        model="customers_financiallink",
        empty="Nobody is linked.",
    )


def _own(
    title: str,
    context: Callable[[HttpRequest, Customer], dict[str, Any] | None],
    permission: str,
    order: int,
    template: str = TABLE,
) -> None:
    register(Panel(title, template, context, f"customers.{permission}", order))


_own(
    "How to reach them",
    contact_points,
    "view_contactpoint",
    10,
    "admin/customers/panels/contact_points.html",
)
_own("Contact notes", notes, "view_contactnote", 40, "admin/customers/panels/notes.html")
_own("Orders", orders, "view_order", 50)
_own("Credit accounts", credit_accounts, "view_creditaccount", 60)
_own("Payment cards", payment_cards, "view_paymentcard", 70)
_own("Linked people", financial_links, "view_financiallink", 90)
