"""The log on the desk: what of it a member of staff may see, how it is narrowed, and how it leaves
as a file."""

import csv
import datetime
from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.desk import staff
from accounts.http import SeeOther, whole_number
from audit import events
from compliance.disclosures.models import Disclosure
from compliance.register.models import Recipient
from customers import search
from customers.desk_tables import list_url
from customers.models import Customer
from customers.spreadsheet import harmless

VIEW = "disclosures.view_disclosure"
AT_ONCE = 2_000  # rows fetched from the database's cursor at a time
MARK = "\ufeff"  # tells a spreadsheet that the file is in UTF-8
HEADER = (
    "reference",
    "occurred_on",
    "kind",
    "what",
    "recipient",
    "recipient_name",
    "purpose",
    "application",
    "negotiations_ended_on",
    "detail",
    "customer",
)
FIELDS = (
    "reference",
    "occurred_on",
    "kind",
    "recipient",
    "recipient_name",
    "purpose",
    "application",
    "negotiations_ended_on",
    "detail",
    "customer_id",
)


class ByKind(admin.SimpleListFilter):
    """What sort of disclosure."""

    title, parameter_name = "kind", "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.value, str(kind.label)) for kind in Disclosure.Kind]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ByRecipient(admin.SimpleListFilter):
    """To whom: every recipient of the register that can stand in the log, under its latest name."""

    title, parameter_name = "recipient", "recipient"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Recipient.objects.outside().order_by("name", "pk")
        latest = {
            row.code: row.name
            for row in sorted(rows, key=lambda row: row.valid_from or datetime.date.min)
        }
        return sorted(latest.items(), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(recipient=self.value()) if self.value() else queryset


class ByPeriod(admin.SimpleListFilter):
    """When: lately, or a year."""

    title, parameter_name = "period", "period"
    DAYS = {str(days): f"In the last {days} days" for days in (7, 31)}
    YEARS = 7  # an entry is kept for six years, and then until the next purge

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        this = timezone.localdate().year
        return [
            *self.DAYS.items(),
            *((f"y{year}", str(year)) for year in range(this, this - self.YEARS, -1)),
            ("older", "Before that"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today, value = timezone.localdate(), self.value() or ""
        if value in self.DAYS:
            return queryset.filter(occurred_on__gt=today - datetime.timedelta(days=int(value)))
        if value == "older":
            return queryset.filter(occurred_on__lt=datetime.date(today.year - self.YEARS + 1, 1, 1))
        year = whole_number(value[1:], most=2200) if value.startswith("y") else None
        if year is not None and year > 1900:
            return queryset.filter(occurred_on__range=(f"{year}-01-01", f"{year}-12-31"))
        return queryset


class AgainstAStop(admin.SimpleListFilter):
    """What went out although it was stopped."""

    title, parameter_name = "against a stop", "against"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Nobody has looked into it"), ("all", "Looked into or not")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "open":
            return queryset.filter(pk__in=Disclosure.objects.against_a_stop().values("pk"))
        return queryset.exclude(against="") if self.value() == "all" else queryset


def find(request: HttpRequest) -> HttpResponse:
    """The entries of one customer, found by what they say. Sent by POST: a personal value never
    stands in an address."""
    if not (request.user.has_perm(VIEW) and request.user.has_perm("customers.view_customer")):
        raise PermissionDenied
    found = search.find(request.POST.get("who", "")[:320].replace("\0", ""))
    events.customer_searched(by=staff(request).actor, kind=found.kind, matches=len(found.matches))
    if len(found.matches) == 1:
        return SeeOther(list_url("disclosures_disclosure", found.matches[0].customer))
    if found.matches:
        messages.info(
            request,
            "Several customers are found by that. Choose one, and follow “Who received their "
            "data”.",
        )
        return SeeOther(reverse("admin:customers_customer_changelist"))
    messages.warning(request, found.hint or "Nobody is found by that.")
    return SeeOther(reverse("admin:disclosures_disclosure_changelist"))


def of_whom(request: HttpRequest) -> Customer | None:
    """The customer to whom the list is narrowed."""
    asked = request.GET.get("customer__id__exact", "")
    try:
        return Customer.objects.filter(pk=asked).first() if asked else None
    except ValidationError:  # no UUID
        return None


class _Line:
    """A file that hands back each line it is given."""

    def write(self, text: str) -> str:
        return text


def lines(rows: QuerySet[Any], *, by: str, filters: list[str]) -> Iterator[str]:
    """The log as CSV, line by line: one query whatever their number, no name, nothing that a
    spreadsheet would run.

    That it was taken, and how many rows, goes into the trail.
    """
    events.disclosures_exported(by=by, filters=filters)
    writer, written = csv.writer(_Line(), lineterminator="\r\n"), 0
    try:
        yield MARK + writer.writerow(HEADER)
        for row in rows.values(*FIELDS).iterator(chunk_size=AT_ONCE):
            what = str(Disclosure.Kind(row["kind"]).label)
            cells = [
                row["reference"],
                row["occurred_on"],
                row["kind"],
                what,
                *(row[name] or "" for name in FIELDS[3:-1]),
                str(row["customer_id"])[:8],
            ]
            yield writer.writerow([harmless(str(cell)) for cell in cells])
            written += 1
    finally:
        events.disclosures_exported(by=by, filters=filters, rows=written)
