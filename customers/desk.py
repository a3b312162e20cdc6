"""What the desk's pages about one customer have in common, here and in the rooms above."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import desk_form
from accounts.desk import ReadOnlyAdmin, desk_page, fetch, staff
from audit import events
from customers import panels
from customers.forms import ActionForm
from customers.models import Customer
from privacy.fields import SealedTextField


@dataclass(frozen=True)
class DeskLink:
    """A link from the search page to what an upper room does for people whom nobody finds.
    `permission` opens it."""

    label: str
    url_name: str
    permission: str

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_links: list[DeskLink] = []


def register_link(link: DeskLink) -> None:
    """Offer a way on from the search page; adding the same one again changes nothing."""
    if link not in _links:
        _links.append(link)


def links(request: HttpRequest) -> list[DeskLink]:
    """The ways on that the request's user may take."""
    return [link for link in _links if request.user.has_perm(link.permission)]


def page_url(customer_id: uuid.UUID) -> str:
    """The address of the page about a customer."""
    return reverse("admin:customers_customer_change", args=[customer_id])


def get_customer_or_404(
    request: HttpRequest, customer_id: uuid.UUID | str, permission: str
) -> Customer:
    """The customer whom a member of staff with `permission` asks for: 403 without it, 404 when
    there is none."""
    return fetch(request, Customer, customer_id, permission)


def render_page(
    request: HttpRequest, customer: Customer, template: str, context: dict[str, Any]
) -> HttpResponse:
    """A page with something personal of a customer on it; that it was opened goes into the audit
    trail."""
    events.customer_viewed(by=staff(request).actor, subject=customer.pk)
    return desk_page(
        request, template, {"customer": customer, "page_url": page_url(customer.pk), **context}
    )


def trail(customer: Customer) -> list[tuple[str, str]]:
    """The pages above one about a customer, by label and address."""
    return [
        ("Customers", reverse("admin:customers_customer_changelist")),
        (str(customer), page_url(customer.pk)),
    ]


def about(customer: Customer) -> dict[str, str]:
    """Whose page it is, for the line above a form."""
    number = str(customer.customer_number or "")
    return {"about": customer.full_name or "Erased customer", "number": number}


def action_page(
    request: HttpRequest,
    customer: Customer,
    form_class: Callable[..., ActionForm],
    *,
    title: str,
    explanation: str,
    perform: desk_form.Action,
    back: str = "",
    then: str | Callable[[], str] = "",
) -> HttpResponse:
    """The page of one action: its form, which is also the confirmation; then the action; then the
    page `then`, or `back`, or else that of the customer.

    `perform` calls the action with the clean values and returns what to say (see
    `accounts.desk_form`).
    """
    form = form_class(request.POST if request.method == "POST" else None)
    back = back or page_url(customer.pk)

    def page() -> HttpResponse:
        return render_page(
            request,
            customer,
            "admin/action.html",
            {
                "title": title,
                "explanation": explanation,
                "form": form,
                "back": back,
                "trail": trail(customer),
                **about(customer),
            },
        )

    return desk_form.perform(request, form, perform, then or back, page)


class UnopenedList(ChangeList):
    """A list that leaves sealed columns in the database: it shows none of them, and opening fifty
    rows costs time."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        sealed = [
            field.name for field in self.opts.concrete_fields if isinstance(field, SealedTextField)
        ]
        return super().get_queryset(request, exclude_parameters).defer(*sealed)


class RecordAdmin(ReadOnlyAdmin):
    """A list of records about customers: no personal value in its columns, quick at a million rows,
    read-only.

    Opening a record is recorded as a look at its customer; what would tip somebody off is not in it
    for most staff.
    """

    sortable_by = ()  # one order, which an index gives
    show_facets = admin.ShowFacets.NEVER  # counting would read the whole table

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return UnopenedList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return panels.visible(super().get_queryset(request), staff(request))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        record = self.get_object(request, object_id)
        if record is not None and self.has_view_permission(request, record):
            subject = self.customer_id(record)
            if subject is not None:
                events.customer_viewed(by=staff(request).actor, subject=subject)
        return super().change_view(request, object_id, form_url, extra_context)

    def customer_id(self, record: Model) -> uuid.UUID | None:
        """The id of the customer whom a record is about."""
        return cast(uuid.UUID | None, record.customer_id)  # type: ignore[attr-defined]  # has one

    @admin.display(description="Customer")
    def person(self, record: Model) -> SafeString | str:
        """A link to the page about the customer, by reference: a name has no place in a list."""
        key = self.customer_id(record)
        return (
            format_html('<a href="{}">Customer {}</a>', page_url(key), str(key)[:8])
            if key
            else "Not a customer"
        )
