"""Staff accounts on the desk: made and closed by the operator, never deleted."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.desk import DeskAdmin, ReadOnlyAdmin, staff
from accounts.models import StaffUser
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
