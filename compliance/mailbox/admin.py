"""The list of emails received: those that wait for somebody first, the oldest on top. No personal
value stands in it."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST, require_safe

from accounts.desk import FirstFilter, OwnPage
from compliance.mailbox import desk, set_aside
from compliance.mailbox.models import InboundMail
from compliance.mailbox.states import MailState, WaitReason
from compliance.preferences.desk.filters import OlderThan
from customers.desk import RecordAdmin
from customers.desk_tables import badge

TONES = {
    MailState.DESK: "warning",
    MailState.RECEIVED: "warning",
    MailState.APPLIED: "good",
    MailState.DONE: "good",
}


class MailStateFilter(FirstFilter):
    """Emails that wait, unless others are asked for."""

    title, parameter_name, first = "state", "state", MailState.DESK.label

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            *((one.value, one.label) for one in MailState if one != MailState.DESK),
            ("all", "All"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value()
        return queryset if state == "all" else queryset.filter(state=state or MailState.DESK)


def _with(permission: str, view: Any) -> Any:
    return permission_required(permission, raise_exception=True)(view)


@admin.register(InboundMail)
class InboundMailAdmin(OwnPage, RecordAdmin):
    empty_text = (
        "No email waits. Those that stop marketing are acted on by themselves; they stand under "
        "“Acted on”, and what a program wrote under “Set aside unread”."
    )
    list_display = ("email", "received_on", "why", "kind", "person", "standing")
    list_display_links = ("email",)
    list_filter = (MailStateFilter, "kind", "reason", OlderThan)
    ordering = ("received_at", "pk")

    def get_urls(self) -> list[URLPattern]:
        gate, name = self.admin_site.admin_view, "mailbox_inboundmail"
        return [
            path(
                "<int:mail_id>/stop-for/",
                gate(require_POST(desk.stop_for)),
                name=f"{name}_stop_for",
            ),
            path(
                "<int:mail_id>/stop-address/",
                gate(require_POST(desk.stop_address)),
                name=f"{name}_stop_address",
            ),
            path("<int:mail_id>/close/", gate(require_POST(desk.close)), name=f"{name}_close"),
            path(
                "<int:mail_id>/original/",
                gate(require_safe(desk.original)),
                name=f"{name}_original",
            ),
            path(
                "set-aside/",
                gate(_with(desk.VIEW, require_safe(set_aside.show))),
                name="mailbox_set_aside",
            ),
            path(
                "set-aside/looked/",
                gate(_with(desk.CHANGE, require_POST(set_aside.looked))),
                name="mailbox_looked",
            ),
            *super().get_urls(),
        ]

    def get_ordering(self, request: HttpRequest) -> Any:
        if request.GET.get("state") == "all":
            return (
                Case(When(state=MailState.DESK, then=Value(0)), default=Value(1)),
                "received_at",
                "pk",
            )
        return ("received_at", "pk") if not request.GET.get("state") else ("-received_at", "-pk")

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return desk.show(request, object_id)

    @admin.display(description="Email")
    def email(self, mail: InboundMail) -> str:
        return str(mail.pk)

    @admin.display(description="Received")
    def received_on(self, mail: InboundMail) -> str:
        day = f"{timezone.localtime(mail.received_at):%-d %b %Y}"
        return (
            f"{day}, {timesince(mail.received_at, depth=1)} ago"
            if mail.state in (MailState.DESK, MailState.RECEIVED)
            else day
        )

    @admin.display(description="Why it waits")
    def why(self, mail: InboundMail) -> str:
        return WaitReason(mail.reason).label if mail.reason else "–"

    @admin.display(description="State")
    def standing(self, mail: InboundMail) -> SafeString:
        return badge(MailState(mail.state).label, TONES.get(MailState(mail.state), "quiet"))
