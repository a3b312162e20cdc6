"""The panels of the page about a customer: what this room shows, and the registry in which upper
rooms add theirs.

A panel is asked with the request and the customer and answers with the context of its template, or
None when there is nothing that this member of staff may know of: it then leaves no heading, no
count and no gap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import slugify

from accounts.models import StaffUser
from customers.models import Customer
from privacy.declarations import told

# Whoever may see fraud markers may see what would tip off; nobody else learns that there is
# anything to see.
SEES_INVESTIGATIONS = "customers.view_fraudmarker"

Context = Callable[[HttpRequest, Customer], dict[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """One part of the page about a customer, for whoever has `permission`. Panels stand in the order of
    `order`."""

    title: str
    template: str
    context: Context
    permission: str
    order: int

    @property
    def anchor(self) -> str:
        return slugify(self.title)


@dataclass(frozen=True)
class Shown:
    """A panel as it stands on one page."""

    title: str
    anchor: str
    body: SafeString


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Add a panel to the page about every customer."""
    _panels.append(panel)


def shown(request: HttpRequest, customer: Customer) -> list[Shown]:
    """The panels of one customer that the request's user may see, rendered."""
    pages = []
    for panel in sorted(_panels, key=lambda panel: panel.order):
        if not request.user.has_perm(panel.permission):
            continue
        context = panel.context(request, customer)
        if context is not None:
            body = render_to_string(panel.template, {"customer": customer, **context}, request)
            pages.append(Shown(panel.title, panel.anchor, body))
    return pages


def sees_investigations(user: StaffUser) -> bool:
    """Whether this member of staff may know of records whose mention would tip a customer off."""
    return user.has_perm(SEES_INVESTIGATIONS)


def visible(rows: QuerySet[Any], user: StaffUser) -> QuerySet[Any]:
    """The rows that this member of staff may know of: those under `no_tipping_off` go to the few
    who investigate."""
    return rows if sees_investigations(user) else told(rows)
