"""The desk: Django's admin under the portal's own rules.

Other rooms add to it through two doors: `register_alert` puts a warning on its first page, and DeskAdmin is the base
of every admin class (actions are recorded in the audit trail, so Django's own log of object names stays empty).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from accounts import second_factor


@dataclass(frozen=True)
class Alert:
    """A line on the desk's first page: what needs a person, and where to go. `level` is warning or danger."""

    text: str
    url: str = ""
    level: str = "warning"


AlertSource = Callable[[HttpRequest], Iterable[Alert]]
_sources: list[AlertSource] = []


def register_alert(source: AlertSource) -> AlertSource:
    """Let `source` add alerts to the first page; it is asked at each visit and decides by the request's user."""
    _sources.append(source)
    return source


class Desk(admin.AdminSite):
    site_header = "Care desk"
    site_title = "Care desk"
    index_title = "Care desk"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Signed in, still active, and through the second factor: the one gate of the desk."""
        return super().has_permission(request) and second_factor.satisfied(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        alerts = [alert for source in _sources for alert in source(request)]
        return super().index(request, {**(extra_context or {}), "alerts": alerts})


class EstimatedPaginator(Paginator):
    """Counts a large unfiltered table from the planner's estimate: a page never waits for count(*)."""

    EXACT_BELOW = 10_000  # rows

    @cached_property
    def count(self) -> int:
        query = self.object_list.query  # type: ignore[union-attr]
        if not query.where:
            with connection.cursor() as cursor:
                cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [query.model._meta.db_table])
                estimate = cursor.fetchone()[0]
            if estimate > self.EXACT_BELOW:
                return int(estimate)
        return super().count


class DeskAdmin(admin.ModelAdmin):
    """The base of every list and page of the desk: quiet in Django's log, quick on large tables, never deleting."""

    paginator = EstimatedPaginator
    show_full_result_count = False
    list_per_page = 50
    actions = None

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None: ...

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None: ...

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None: ...

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(DeskAdmin):
    """A table that is looked at here and changed only by actions."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
