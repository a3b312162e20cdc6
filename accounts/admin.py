"""Staff accounts on the desk, made and closed by the operator, never deleted; and what takes two
colleagues."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from accounts import approvals
from accounts.desk import DeskAdmin, OwnPage, ReadOnlyAdmin, desk_page, fetch, names_of, staff
from accounts.desk_form import press
from accounts.models import Approval, StaffUser
from audit import events
from audit.models import Entry

admin.site.unregister(Group)  # roles are code


class NewStaffForm(AdminUserCreationForm):  # type: ignore[type-arg]  # takes none at run time
    class Meta:
        model = StaffUser
        fields = ("staff_id", "role")


class StaffForm(UserChangeForm):  # type: ignore[type-arg]  # takes none at run time
    class Meta:
        model = StaffUser
        fields = ("staff_id", "role", "is_active")


@admin.register(StaffUser)
class StaffUserAdmin(DeskAdmin, UserAdmin):  # type: ignore[type-arg]  # takes none at run time
    form, add_form = StaffForm, NewStaffForm
    list_display = ("staff_id", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("staff_id",)
    ordering = ("staff_id",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "created_at")
    fieldsets = (
        (
            None,
            {"fields": ("staff_id", "password", "role", "is_active", "last_login", "created_at")},
        ),
    )
    add_fieldsets = (
        (None, {"fields": ("staff_id", "role", "usable_password", "password1", "password2")}),
    )

    def save_model(self, request: HttpRequest, obj: StaffUser, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            events.staff_changed(
                by=staff(request).actor,
                staff=obj.pk,
                change="changed" if change else "added",
                fields=[name for name in form.changed_data if "password" not in name],
            )

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        with transaction.atomic():  # the new password and its audit entry, which log_change writes
            return super().user_change_password(request, id, form_url)

    def log_change(self, request: HttpRequest, obj: StaffUser, message: Any) -> Any:
        """Django calls this in the middle of user_change_password; for other changes save_model has
        recorded them."""
        if (
            request.resolver_match
            and request.resolver_match.url_name == "auth_user_password_change"
        ):
            events.staff_changed(
                by=staff(request).actor, staff=obj.pk, change="changed", fields=["password"]
            )


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """The audit trail, to read. It stands here because the audit room knows no staff and no
    desk."""

    list_display = ("number", "at", "event", "actor", "subject")
    list_filter = ("event",)
    search_fields = ("=subject", "=actor")
    search_help_text = "A data subject's id, or an actor such as staff:3"
    fields = readonly_fields = ("number", "at", "event", "actor", "subject", "facts")


class ApprovalState(admin.SimpleListFilter):
    """What waits for a second person, unless something else is asked for."""

    title, parameter_name = "state", "state"
    IN_FORCE = Q(verdict=Approval.Verdict.APPROVED, ended_at__isnull=True)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("force", "In force"),
            ("review", "To look at again"),
            ("over", "Over"),
            ("all", "All"),
        ]

    def choices(self, changelist: Any) -> Iterator[Any]:
        yield {
            "selected": self.value() is None,
            "display": "Waits for a second person",
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
        }
        yield from list(super().choices(changelist))[1:]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Approval]) -> QuerySet[Approval]:
        wanted = {
            "force": self.IN_FORCE,
            "review": self.IN_FORCE & Q(review_on__lte=timezone.localdate()),
            "over": Q(ended_at__isnull=False),
            "all": Q(),
        }
        return queryset.filter(wanted.get(self.value() or "", Q(verdict="", ended_at__isnull=True)))


@admin.register(Approval)
class ApprovalAdmin(OwnPage, ReadOnlyAdmin):
    """What takes two people: the longest wait first."""

    empty_text = "Nothing waits for a second person."
    list_display = ("act", "asked_at", "review_on", "state")
    list_filter = (ApprovalState,)
    ordering = ("asked_at", "pk")
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER
    DO = {
        "approve": (approvals.approve, "Approved. It is in force."),
        "refuse": (approvals.refuse, "Refused. Nothing comes of it."),
        "end": (approvals.end, "Ended."),
    }

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<uuid:approval_id>/do/<slug:step>/",
                self.admin_site.admin_view(require_POST(self.do)),
                name="accounts_approval_do",
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Approval]:
        return approvals.visible(staff(request))

    def do(self, request: HttpRequest, approval_id: uuid.UUID, step: str) -> HttpResponse:
        """Approve, refuse or end one of them."""
        if step not in self.DO or not request.user.has_perm(
            approvals.ASK if step == "end" else approvals.DECIDE
        ):
            raise PermissionDenied
        approval = get_object_or_404(self.get_queryset(request), pk=approval_id)
        act, done = self.DO[step]

        def perform() -> str:
            act(approval, by=staff(request).actor, now=timezone.now())
            return done

        return press(
            request, perform, reverse("admin:accounts_approval_change", args=[approval_id])
        )

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One of them: what it is about, why, and what the reader may decide."""
        view = "accounts.view_approval"
        approval = fetch(request, self.get_queryset(request), object_id, view)
        act, user = approvals.act_of(approval), staff(request)
        names = names_of(filter(None, (approval.asked_by, approval.decided_by, approval.ended_by)))
        waits = not approval.verdict and not approval.ended_at
        decides = waits and user.has_perm(approvals.DECIDE)
        model = apps.get_model(approval.subject_label)
        if approval.person:
            events.customer_viewed(by=user.actor, subject=approval.person)
        return desk_page(
            request,
            "admin/accounts/approval.html",
            {
                "title": act.label,
                "trail": [
                    ("Decisions of two people", reverse("admin:accounts_approval_changelist"))
                ],
                "approval": approval,
                "state": self.state(approval),
                "says": act.says,
                "about": f"{capfirst(model._meta.verbose_name)} {approval.subject_id[:8]}",
                "about_url": act.url(approval),
                "asked_by": names[approval.asked_by],
                "decided_by": names.get(approval.decided_by, ""),
                "ended_by": names.get(approval.ended_by, ""),
                "waits": waits,
                "may_decide": decides and approval.asked_by != user.actor,
                "may_end": not approval.ended_at and user.has_perm(approvals.ASK),
            },
        )

    @admin.display(description="What")
    def act(self, approval: Approval) -> str:
        return approvals.act_of(approval).label

    @admin.display(description="State")
    def state(self, approval: Approval) -> str:
        if approval.verdict == Approval.Verdict.REFUSED:
            return "Refused"
        if approval.ended_at:
            return "Ended" if approval.verdict else "Taken back"
        return "In force" if approval.verdict else "Waits for a second person"
