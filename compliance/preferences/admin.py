"""Marketing choices on the desk: the ledger, the suppression list, what was screened; the requests
to match."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, Model, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST

from accounts.desk import FORM, OwnPage, ReadOnlyAdmin, names_of
from compliance.preferences import panels  # noqa: F401  the panel
from compliance.preferences.desk import queue, views
from compliance.preferences.desk import words as desk_words
from compliance.preferences.desk.filters import (
    BySender,
    OlderThan,
    RequestState,
)
from compliance.preferences.models import (
    ChoiceEvent,
    MarketingRequest,
    PreferenceServiceFile,
    Screening,
    Suppression,
    Wording,
)
from compliance.preferences.vocabulary import THIRD_PARTIES, US
from customers.desk import RecordAdmin
from privacy.words import in_words


class WhoseMarketing:
    """A column that says in words about whose marketing a row is."""

    @admin.display(description="Whose marketing")
    def whose(self, row: Any) -> str:
        sender = str(row.sender)
        return {US: "Ours", THIRD_PARTIES: "All other organisations"}.get(sender, sender)


@admin.register(ChoiceEvent)
class ChoiceEventAdmin(WhoseMarketing, RecordAdmin):
    """The ledger: never changed. What people say is written down on their page."""

    empty_text = "Nobody has said anything about marketing yet."
    list_display = ("id", "at", "kind", "channel", "whose", "source", "person", "reference")
    list_filter = ("kind", "channel", "source", BySender, "at")
    fields = (
        "person",
        "kind",
        "channel",
        "whose",
        "source",
        "at",
        "recorded_at",
        "taken_by",
        "contact_kind",
        "contact_value",
        "words",
        "page",
        "notice_version",
        "origin",
        "expires_at",
        "reference",
    )
    readonly_fields = ("words", "whose", "taken_by")
    ordering = ("-pk",)

    def get_urls(self) -> list[URLPattern]:
        gate = self.admin_site.admin_view
        return [
            path(
                "stop/<uuid:customer_id>/",
                gate(FORM(views.stop)),
                name="preferences_choiceevent_stop",
            ),
            path(
                "agree/<uuid:customer_id>/",
                gate(FORM(views.agree)),
                name="preferences_choiceevent_agree",
            ),
            *super().get_urls(),
        ]

    @admin.display(description="The words they saw or heard")
    def words(self, event: ChoiceEvent) -> str:
        return event.wording.text if event.wording else "–"

    @admin.display(description="Taken by")
    def taken_by(self, event: ChoiceEvent) -> str:
        return (
            "The customer" if event.by.startswith("customer:") else names_of([event.by])[event.by]
        )


@admin.register(MarketingRequest)
class MarketingRequestAdmin(OwnPage, RecordAdmin):
    """What people asked for: those that wait for a person first, the oldest on top."""

    empty_text = "No request waits. Those that named a customer were matched by themselves."
    change_list_template = "admin/preferences/requests.html"
    list_display = ("reference", "received_at", "age", "source", "stops", "state", "person")
    list_filter = (RequestState, "source", OlderThan)
    ordering = ("received_at", "pk")

    def get_urls(self) -> list[URLPattern]:
        gate, name = self.admin_site.admin_view, "preferences_marketingrequest"
        return [
            path("stranger/", gate(FORM(views.stop_for_non_customer)), name=f"{name}_stranger"),
            path(
                "<int:request_id>/this-is/",
                gate(require_POST(queue.match)),
                name=f"{name}_this_is",
            ),
            path(
                "<int:request_id>/nobody/",
                gate(require_POST(queue.close_unmatched)),
                name=f"{name}_nobody",
            ),
            *super().get_urls(),
        ]

    def get_ordering(self, request: HttpRequest) -> Any:
        if request.GET.get("state") == "all":
            return (Case(When(state="open", then=Value(0)), default=Value(1)), "received_at", "pk")
        return ("received_at", "pk") if not request.GET.get("state") else ("-received_at", "-pk")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(
            request,
            {
                "figures": queue.figures(timezone.now()),
                "since": in_words(queue.SINCE),
                **(extra_context or {}),
            },
        )

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return queue.show(request, object_id)

    @admin.display(description="Age")
    def age(self, asked: MarketingRequest) -> str:
        return (
            timesince(asked.received_at, depth=1)
            if asked.state == MarketingRequest.State.OPEN
            else "–"
        )

    @admin.display(description="Should stop")
    def stops(self, asked: MarketingRequest) -> str:
        return (
            f"{desk_words.channels_in_words(asked.channels)}: "
            f"{desk_words.senders_in_words(asked.senders, {}).lower()}"
        )


@admin.register(Suppression)
class SuppressionAdmin(WhoseMarketing, ReadOnlyAdmin):
    """The suppression list, as far as it can be looked at: what, for whom, since when. The digests
    are nobody's business."""

    empty_text = "Nobody is on the suppression list."
    change_list_template = "admin/preferences/suppressions.html"
    list_display = ("at", "kind", "channel", "whose", "source", "key_id")
    list_filter = ("kind", "channel", BySender, "source", "at")
    fields = (
        "kind",
        "channel",
        "whose",
        "source",
        "at",
        "key_id",
        "form",
        "feed_key_id",
    )  # no digest
    readonly_fields = ("whose",)
    ordering = ("-at", "-pk")
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER

    def get_urls(self) -> list[URLPattern]:
        gate = self.admin_site.admin_view
        return [
            path(
                "ask/", gate(FORM(views.ask_suppression_list)), name="preferences_suppression_ask"
            ),
            *super().get_urls(),
        ]


@admin.register(Screening)
class ScreeningAdmin(WhoseMarketing, ReadOnlyAdmin):
    """Which lists were screened before a campaign."""

    empty_text = "No list was screened yet. The operator runs screen_list before each campaign."
    list_display = (
        "id",
        "at",
        "channel",
        "whose",
        "campaign",
        "allowed",
        "suppressed",
        "unreadable",
        "disclosed",
    )
    list_filter = ("channel", BySender, "suppression_only", "at")
    fields = (
        "at",
        "by",
        "channel",
        "sender",
        "campaign",
        "suppression_only",
        "allowed",
        "suppressed",
        "unreadable",
        "disclosed",
        "digest",
    )
    ordering = ("-pk",)


@admin.register(PreferenceServiceFile)
class PreferenceServiceFileAdmin(ReadOnlyAdmin):
    """Which files of the preference services were loaded, and until when each is good."""

    empty_text = (
        "No list of a preference service was loaded yet. The operator loads it with "
        "load_preference_service."
    )
    list_display = ("id", "service", "dated_on", "loaded_at", "lines")
    list_filter = ("service",)
    fields = ("service", "dated_on", "loaded_at", "by", "lines", "digest")
    ordering = ("-pk",)


@admin.register(Wording)
class WordingAdmin(ReadOnlyAdmin):
    """The exact words that people saw or heard, as they were."""

    empty_text = "No words were used yet."
    list_display = ("id", "code", "beginning", "unticked", "first_used_at")
    list_filter = ("code", "unticked")
    fields = ("code", "text", "senders", "channels", "unticked", "first_used_at", "digest")
    ordering = ("-pk",)

    @admin.display(description="Words")
    def beginning(self, wording: Model) -> str:
        text = str(wording.text)  # type: ignore[attr-defined]  # a Wording, this table's model
        return f"{text[:80]}…" if len(text) > 80 else text
