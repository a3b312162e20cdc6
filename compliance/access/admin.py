"""Copies of data on the desk: the list, and one page for each with all that is done to it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from accounts.desk import OwnPage, staff
from accounts.desk_form import hand_out, press
from compliance.access import actions, case_urls
from compliance.access.desk import check_page, page, review_page
from compliance.access.desk.common import CHANGE, VIEW, fetch, pack_url, show
from compliance.access.models import Pack
from customers.desk import RecordAdmin


class ByState(admin.SimpleListFilter):
    title, parameter_name = "where it stands", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Pack.State.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return (
            queryset.filter(state=self.value()) if self.value() in Pack.State.values else queryset
        )


@admin.register(Pack)
class PackAdmin(OwnPage, RecordAdmin):
    """Copies of data for requests of access, the newest first."""

    empty_text = "No copy was begun yet. It is begun from the page of a request for a copy."
    list_display = ("copy", "stands", "person", "begun_at", "request_of")
    list_display_links = ("copy",)
    list_filter = (ByState,)
    ordering = ("-pk",)

    def get_urls(self) -> list[URLPattern]:
        gate, name = self.admin_site.admin_view, "access_pack"
        return [
            path("<int:pack_id>/next/", gate(review_page.following), name=f"{name}_next"),
            path("<int:pack_id>/texts/<str:label>/", gate(review_page.texts), name=f"{name}_texts"),
            path(
                "<int:pack_id>/texts/<str:label>/plain/",
                gate(review_page.plain),
                name=f"{name}_plain",
            ),
            path(
                "<int:pack_id>/texts/<str:label>/<str:row>/<slug:field>/",
                gate(review_page.text),
                name=f"{name}_text",
            ),
            path(
                "<int:pack_id>/records/<str:label>/",
                gate(review_page.records),
                name=f"{name}_records",
            ),
            path("<int:pack_id>/check/", gate(check_page.check), name=f"{name}_check"),
            path("<int:pack_id>/do/<slug:step>/", gate(require_POST(do)), name=f"{name}_do"),
            path("<int:pack_id>/print/", gate(require_POST(print_out)), name=f"{name}_print"),
            *super().get_urls(),
        ]

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        pack = fetch(request, object_id, VIEW)
        title = f"Copy of data for {pack.reference}"
        return show(request, pack, "pack.html", {"title": title, **page.context(request, pack)})

    @admin.display(description="Copy")
    def copy(self, row: Pack) -> str:
        return f"{row.reference}, copy {row.number}"

    @admin.display(description="Where it stands")
    def stands(self, row: Pack) -> SafeString:
        tone = page.TONES[Pack.State(row.state)]
        return format_html('<span class="badge badge-{}">{}</span>', tone, row.get_state_display())

    @admin.display(description="Request")
    def request_of(self, row: Pack) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', case_urls.of().request(row.reference), row.reference
        )


def do(request: HttpRequest, pack_id: int, step: str) -> HttpResponse:
    """The steps that are one press of a button: hand it to the second person, build it again."""
    pack = fetch(request, pack_id, CHANGE)
    by, now = staff(request).actor, timezone.now()
    if step == "finish":
        return press(request, lambda: _finish(pack, by=by, now=now), pack_url(pack))
    if step == "rebuild":
        return press(request, lambda: _rebuild(pack, by=by, now=now), lambda: _live_url(pack))
    raise Http404


def _live_url(pack: Pack) -> str:
    """The page of the copy that was not withdrawn, for the same request."""
    found = Pack.objects.standing().filter(reference=pack.reference)
    return pack_url(found.first() or pack)


def _finish(pack: Pack, **who: Any) -> str:
    actions.finish_review(pack, **who)
    return "It waits for a second person now, who checks what was left out."


def _rebuild(pack: Pack, **who: Any) -> str:
    fresh = actions.rebuild(pack, **who)
    if fresh.pk != pack.pk:
        return "There are texts to read first. What you decided about the others still stands."
    return "The copy is being built again."


def print_out(request: HttpRequest, pack_id: int) -> HttpResponse:
    """The letter of a copy as PDF, for the post. It is counted and recorded."""
    pack = fetch(request, pack_id, CHANGE)
    return hand_out(
        request,
        lambda: actions.print_out(pack, by=staff(request).actor, now=timezone.now()),
        pack_url(pack),
        content_type="application/pdf",
    )
