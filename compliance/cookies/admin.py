"""Cookies on the desk: the list (edited by the data protection lead), the published wordings, the
receipts, the visits."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from accounts.desk import ReadOnlyAdmin, names_of
from compliance.cookies import desk_views, portal_cookies
from compliance.cookies.forms import CookieForm
from compliance.cookies.groups import NAMES
from compliance.cookies.models import Cookie, CookieReceipt, CookieWording, PageVisits
from compliance.register.filters import RowStanding
from compliance.register.row_admin import RegisterAdmin

FREE = (
    "purpose",
    "life",
    "position",
)  # of a cookie that this portal itself sets; the rest is what the program does


@admin.register(Cookie)
class CookieAdmin(RegisterAdmin):
    form = CookieForm
    list_display = ("shown_name", "kind", "group", "who", "place", "life", "retired_on")
    list_filter = (RowStanding, "group", "kind", "place")
    search_fields = ("name", "company", "code")
    fields = (
        "code",
        "kind",
        "name",
        "group",
        "purpose",
        "life",
        "company",
        "policy",
        "opt_out",
        "place",
        "position",
        "retired_on",
    )
    ordering = ("group", "position", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        ours = obj is not None and obj.code in portal_cookies.names()
        return (
            [name for name in self.fields if name not in FREE]
            if ours
            else super().get_readonly_fields(request, obj)
        )

    @admin.display(description="Name", ordering="name")
    def shown_name(self, row: Cookie) -> str:
        return row.shown_name

    @admin.display(description="Whose it is", ordering="company")
    def who(self, row: Cookie) -> str:
        return row.company or "Ours"


@admin.register(CookieWording)
class CookieWordingAdmin(ReadOnlyAdmin):
    """What visitors were told, version by version; the next one is published from here."""

    list_display = ("number", "published_at", "summary", "asked_about", "who")
    fields = readonly_fields = (
        "number",
        "published_at",
        "who",
        "summary",
        "asked_about",
        "digest",
        "words",
    )
    empty_text = "Nothing is published yet, so visitors are not asked."

    def get_queryset(self, request: HttpRequest) -> QuerySet[CookieWording]:
        found = super().get_queryset(request)
        return (
            found
            if request.resolver_match and "object_id" in request.resolver_match.kwargs
            else found.defer("content")
        )

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "draft/",
                self.admin_site.admin_view(desk_views.draft),
                name="cookies_cookiewording_draft",
            ),
            *super().get_urls(),
        ]

    @admin.display(description="Published by")
    def who(self, row: CookieWording) -> str:
        return names_of([row.published_by])[row.published_by]

    @admin.display(description="Visitors are asked about")
    def asked_about(self, row: CookieWording) -> str:
        return _groups(row.asks) or "Nothing"

    @admin.display(description="As visitors read it")
    def words(self, row: CookieWording) -> str:
        return desk_views.as_text(row.content)


@admin.register(CookieReceipt)
class CookieReceiptAdmin(ReadOnlyAdmin):
    """Choices of visitors. The number in a visitor's browser finds theirs."""

    list_display = ("receipt", "at", "wording", "said_yes", "said_no", "source", "gpc")
    list_filter = ("source", "gpc")
    list_select_related = ("wording",)
    search_fields = ("=receipt",)
    search_help_text = "The number of a receipt, as the visitor reads it on the cookies page"
    fields = readonly_fields = (
        "receipt",
        "at",
        "wording",
        "said_yes",
        "said_no",
        "source",
        "gpc",
        "customer",
    )
    empty_text = "No visitor has chosen yet."

    @admin.display(description="Accepted")
    def said_yes(self, row: CookieReceipt) -> str:
        return _groups(row.accepted) or "Nothing"

    @admin.display(description="Refused")
    def said_no(self, row: CookieReceipt) -> str:
        return _groups(row.refused) or "Nothing"


@admin.register(PageVisits)
class PageVisitsAdmin(ReadOnlyAdmin):
    """Most visited pages, as a chart with its table."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return desk_views.visits(request, self)

    def get_urls(self) -> list[URLPattern]:
        """The chart alone: a single figure has no page of its own."""
        return [
            path(
                "",
                self.admin_site.admin_view(self.changelist_view),
                name="cookies_pagevisits_changelist",
            )
        ]


def _groups(codes: list[str]) -> str:
    return ", ".join(NAMES.get(code, code) for code in codes)
