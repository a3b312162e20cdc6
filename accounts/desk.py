"""The desk: Django's admin under the portal's own rules.

Other rooms add to it in two ways: the alerts of its first page are the tuple `ALERTS` of each
room's `alerts.py`, and DeskAdmin is the base of every admin class (actions are recorded in the audit
trail, so Django's own log of object names stays empty).
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from typing import Any, TypeVar, cast

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.module_loading import module_has_submodule
from django.views.decorators.http import require_http_methods, require_safe

from accounts import second_factor, sign_in
from accounts.http import whole_number
from accounts.models import StaffUser
from audit import events
from privacy.words import in_words

LIST_LENGTH = 50  # rows on one page of a list of the desk
FORM = require_http_methods(["GET", "HEAD", "POST"])  # a page with one form
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Alert:
    """A line on the desk's first page: what needs a person, and where to go. `level` is warning or
    danger."""

    text: str
    url: str = ""
    level: str = "warning"


AlertSource = Callable[[HttpRequest], Iterable[Alert]]


@functools.cache
def alert_sources() -> tuple[AlertSource, ...]:
    """The alerts of every room: the tuple `ALERTS` of its `alerts.py`, in the order of
    INSTALLED_APPS. Each is asked at each visit of the first page and decides by the request's
    user."""
    rooms = (room for room in apps.get_app_configs() if module_has_submodule(room.module, "alerts"))
    return tuple(source for room in rooms for source in import_module(f"{room.name}.alerts").ALERTS)


def staff(request: HttpRequest) -> StaffUser:
    """The member of staff whose request this is: the desk's gate lets nobody else through."""
    return cast(StaffUser, request.user)


def fetch(
    request: HttpRequest, rows: type[Row] | QuerySet[Row], key: object, permission: str
) -> Row:
    """The row of which an address holds the key, for whoever may see or change it: 403 without the
    permission, 404 when there is none."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    try:
        return get_object_or_404(rows, pk=key)
    except (ValidationError, ValueError):
        raise Http404 from None  # no such key can be


def desk_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page of the desk in its frame. `trail` are the pages above it, by label and address."""
    return render(request, template, {**admin.site.each_context(request), **context})


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """How to show each actor (`staff:ID`, `job:NAME`) to a colleague: the staff ID, or the job's
    name. One query."""
    asked = set(actors)
    keys = [
        key
        for actor in asked
        if actor.startswith("staff:") and (key := whole_number(actor[6:])) is not None
    ]
    found = StaffUser.objects.filter(pk__in=keys or [0]).values_list(
        "pk", "staff_id"
    )  # asked also when there is none
    known = {f"staff:{pk}": staff_id for pk, staff_id in found}
    return {
        actor: known.get(actor) or actor.replace("job:", "").replace("staff:", "staff ")
        for actor in asked
    }


class SignInForm(AdminAuthenticationForm):
    """One answer to everything that is refused: it never tells whether the staff ID exists, or has
    to wait."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages = {
            **self.error_messages,
            "invalid_login": "That did not work. Check your staff ID and password. After "
            f"{in_words(sign_in.TRIES, 'wrong password')} a staff ID has to wait for "
            f"{in_words(sign_in.WAIT)}.",
        }


class Desk(admin.AdminSite):
    login_form = SignInForm
    site_header = "Care desk"
    site_title = "Care desk"
    index_title = "Care desk"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Signed in, still active, and through the second factor: the one gate of the desk."""
        return super().has_permission(request) and second_factor.satisfied(request)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        user = staff(request)
        with transaction.atomic():
            response = super().password_change(request, extra_context)
            if response.status_code == HTTPStatus.FOUND:
                events.staff_changed(
                    by=user.actor, staff=user.pk, change="changed", fields=["password"]
                )
        return response

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        alerts = [alert for source in alert_sources() for alert in source(request)]
        return super().index(request, {**(extra_context or {}), "alerts": alerts})

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """The rooms, each with the list that bears its name first."""
        rooms = super().get_app_list(request, app_label)
        for room in rooms:
            room["models"].sort(key=lambda model: model["name"] != room["name"])
        return rooms


class EstimatedPaginator(Paginator):  # type: ignore[type-arg]  # takes none at run time
    """Counts a large unfiltered table from the planner's estimate, and a filtered one no further
    than somebody turns pages: no list waits for count(*)."""

    EXACT_BELOW = 10_000  # rows

    @cached_property
    def count(self) -> int:
        query = cast(Any, self.object_list).query
        if not query.where:
            table = query.model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table]
                )
                estimate = cursor.fetchone()[0]
            if estimate > self.EXACT_BELOW:
                return int(estimate)
        return int(cast(Any, self.object_list).order_by()[: self.EXACT_BELOW].count())

    @property
    def count_in_words(self) -> str:
        """“12”, “10,000 or more” for a long filtered list, “about 2,345,678” for a long whole
        one."""
        if self.count == self.EXACT_BELOW:
            return f"{self.count:,} or more"
        return f"about {self.count:,}" if self.count > self.EXACT_BELOW else f"{self.count:,}"


LIST_PARAMETERS = {"q", "o", "p", "all", "e", "_facets"}  # Django's own
PLAIN_LOOKUPS = "(?:__(?:id|pk))?(?:__(?:exact|isnull|gte|gt|lte|lt))?"
LONGEST_FILTER = 200  # characters of a filter's value, and of what is searched for


class DeskAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes none at run time
    """The base of every list and page of the desk: quiet in Django's log, quick on large tables,
    never deleting."""

    paginator = EstimatedPaginator
    show_full_result_count = False
    list_per_page = LIST_LENGTH
    actions = None

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, without the filters of an address that it does not offer or that no row can
        have: they are left out, and said to be."""
        kept = request.GET.copy()
        for name, values in request.GET.lists():
            if not self._offers(request, name) or any(
                "\0" in value or len(value) > LONGEST_FILTER for value in values
            ):
                del kept[name]
        if len(kept) == len(request.GET):
            return super().changelist_view(request, extra_context)
        messages.warning(request, "A filter in the address fits nothing here, and was left out.")
        return HttpResponseRedirect(f"{request.path}?{kept.urlencode()}" if kept else request.path)

    def _offers(self, request: HttpRequest, name: str) -> bool:
        """Whether a list can be asked for something by this name: Django's own, a filter of the list,
        or the plain value of a column, as pages of ours ask."""
        if name in LIST_PARAMETERS:
            return True
        fields = [field.name for field in self.model._meta.fields]
        for one in self.get_list_filter(request):
            field = one[0] if isinstance(one, list | tuple) else one
            if isinstance(field, str):
                fields.append(field)
            elif name == getattr(field, "parameter_name", None):
                return True
        return any(re.fullmatch(rf"{re.escape(field)}{PLAIN_LOOKUPS}", name) for field in fields)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any: ...

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's log is never written, so it has no page either; the audit trail tells what
        happened."""
        raise Http404


class ReadOnlyAdmin(DeskAdmin):
    """A table that is looked at here and changed only by actions. `empty_text` says why it may have
    no rows."""

    empty_text = "Nothing here."

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OwnPage:
    """Mixed into a list of which each row has a page of its own where Django would show a form."""

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page of the row of which `object_id`, as it stands in the address, is the key."""
        raise NotImplementedError

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return require_safe(self.page)(request, object_id)


class FirstFilter(admin.SimpleListFilter):
    """A filter that shows one state unless another is asked for."""

    first = ""

    def choices(self, changelist: Any) -> Iterator[Any]:
        yield {
            "selected": self.value() is None,
            "display": self.first,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
        }
        yield from list(super().choices(changelist))[1:]
