"""The panels of a customer's records on the desk's page about them: one query each, the newest
records first."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.desk import names_of
from customers.desk_tables import TABLE, badge, list_url, newest, pounds, table, telephone
from customers.models import ContactNote, CreditAccount, Customer
from customers.panels import Panel


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


def _panel(
    title: str,
    context: Callable[[HttpRequest, Customer], dict[str, Any] | None],
    permission: str,
    order: int,
    template: str = TABLE,
) -> Panel:
    return Panel(title, template, context, f"customers.{permission}", order)


PANELS = (
    _panel(
        "How to reach them",
        contact_points,
        "view_contactpoint",
        10,
        "admin/customers/panels/contact_points.html",
    ),
    _panel("Contact notes", notes, "view_contactnote", 40, "admin/customers/panels/notes.html"),
    _panel("Orders", orders, "view_order", 50),
    _panel("Credit accounts", credit_accounts, "view_creditaccount", 60),
    _panel("Payment cards", payment_cards, "view_paymentcard", 70),
    _panel("Linked people", financial_links, "view_financiallink", 90),
)
