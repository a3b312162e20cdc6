"""Messages on the desk: what was sent to people, what waits, and what needs somebody."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.desk import Alert, register_alert
from customers.desk import RecordAdmin
from customers.models import Customer
from customers.outbox import desk_views as views
from customers.outbox.models import Message, MessageQuerySet
from customers.panels import Panel, register
from customers.record_panels import TABLE, badge, newest, table
from jobs.health import waiting_jobs_since

LATE = datetime.timedelta(minutes=15)
TONES = {
    Message.State.SENT: "good",
    Message.State.FAILED: "danger",
    Message.State.IN_DOUBT: "warning",
}
RECENT = 5_000  # messages whose kinds the filter offers


def needing_somebody(rows: MessageQuerySet) -> MessageQuerySet:
    """The messages that were not sent, or may not have been, and that it is not too late for."""
    return rows.unsent().useful(timezone.now())


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("attention", "Needs somebody"), *Message.State.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        if self.value() == "attention":
            return needing_somebody(queryset)
        return queryset.filter(state=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    title, parameter_name = "kind", "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        recent = Message.objects.order_by("-queued_at").values_list("kind", flat=True)[:RECENT]
        return [(kind, views.kind_in_words(Message(kind=kind))) for kind in sorted(set(recent))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(RecordAdmin):
    list_display = ("about", "means", "standing", "person", "queued_at", "sent_at")
    list_filter = (StateFilter, "means", KindFilter)
    ordering = ("-queued_at", "-pk")
    change_list_template = "admin/outbox/change_list.html"
    empty_text = "No message was sent yet."

    @admin.display(description="Message")
    def about(self, message: Message) -> str:
        return views.kind_in_words(message)

    @admin.display(description="State")
    def standing(self, message: Message) -> SafeString:
        return state_badge(message)

    def get_urls(self) -> list[URLPattern]:
        gate = self.admin_site.admin_view
        return [
            path("letters/", gate(views.letters), name="outbox_message_letters"),
            path("letters/print/", gate(views.print_letters), name="outbox_message_print"),
            path("letters/posted/", gate(views.letters_posted), name="outbox_message_posted"),
            path(
                "<uuid:message_id>/letter.pdf", gate(views.document), name="outbox_message_document"
            ),
            path("<uuid:message_id>/again/", gate(views.send_again), name="outbox_message_again"),
            path("<uuid:message_id>/leave/", gate(views.leave), name="outbox_message_leave"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return views.show(request, object_id)


def state_badge(message: Message) -> SafeString:
    """The state in words; a letter that waits is said to wait for the printer."""
    letter = message.means == Message.Means.LETTER and message.state == Message.State.QUEUED
    words = "To be printed" if letter else message.get_state_display()
    return badge(words, TONES.get(Message.State(message.state), "quiet"))


@register_alert
def alerts(request: HttpRequest) -> Iterator[Alert]:
    """What needs somebody: messages that did not leave, letters to print, and a worker that does
    not run."""
    listing = reverse("admin:outbox_message_changelist")
    if request.user.has_perm("outbox.change_message"):
        if stuck := needing_somebody(Message.objects.all()).count():
            noun = "message was" if stuck == 1 else "messages were"
            yield Alert(
                f"{stuck} {noun} not sent, or may not have been. Send again, or settle in "
                "another way.",
                f"{listing}?state=attention",
                "danger",
            )
        if post := views.waiting(timezone.now()).count():
            noun = "letter waits" if post == 1 else "letters wait"
            yield Alert(
                f"{post} {noun} to be printed and posted.", reverse("admin:outbox_message_letters")
            )
    if request.user.has_perm("outbox.view_message") or request.user.has_perm(
        "accounts.add_staffuser"
    ):
        since = waiting_jobs_since()
        if since and timezone.now() - since > LATE:
            mine = request.user.has_perm("accounts.add_staffuser")  # the operator's own business
            ask = "Start it (deploy/worker.service)." if mine else "Ask the operator to start it."
            yield Alert(
                f"Nothing has been sent since {timezone.localtime(since):%-d %B %Y, %H:%M}: the "
                "worker does not run. "
                f"{ask}",
                listing if not mine else "",
                "danger",
            )


def sent_messages(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """The panel of a customer's page: what we sent them, without the words."""
    rows = customer.messages.defer(*views.SEALED).order_by("-queued_at", "-pk")
    found, total = newest(rows)
    return table(
        [
            [
                ("Message", link(message)),
                ("By", message.get_means_display()),
                ("State", state_badge(message)),
                ("Written", message.queued_at),
            ]
            for message in found
        ],
        total=total,
        customer=customer,
        model="outbox_message",
        empty="No messages.",
    )


def link(message: Message) -> SafeString:
    url = reverse("admin:outbox_message_change", args=[message.pk])
    return format_html('<a href="{}">{}</a>', url, views.kind_in_words(message))


register(Panel("Messages we sent", TABLE, sent_messages, "outbox.view_message", 45))
