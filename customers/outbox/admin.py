"""Messages on the desk: what was sent to people, what waits, and what needs somebody."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.desk import OwnPage
from customers.desk import RecordAdmin
from customers.desk_tables import TABLE, badge, newest, table
from customers.models import Customer
from customers.outbox import desk_views as views
from customers.outbox.alerts import needing_somebody
from customers.outbox.models import Message
from customers.panels import Panel, register

TONES = {
    Message.State.SENT: "good",
    Message.State.FAILED: "danger",
    Message.State.RETURNED: "danger",
    Message.State.IN_DOUBT: "warning",
}
RECENT = 5_000  # messages whose kinds the filter offers


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
class MessageAdmin(OwnPage, RecordAdmin):
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

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return views.show(request, object_id)


def state_badge(message: Message) -> SafeString:
    """The state in words; a letter that waits is said to wait for the printer."""
    letter = message.means == Message.Means.LETTER and message.state == Message.State.QUEUED
    words = "To be printed" if letter else message.get_state_display()
    return badge(words, TONES.get(Message.State(message.state), "quiet"))


def sent_messages(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """The panel of the page about a customer: what we sent them, without the words."""
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
