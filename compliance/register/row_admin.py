"""The base of the register's tables on the desk: fixed codes, a reason for each change, a readable
past."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pghistory
from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse

from accounts.desk import DeskAdmin, desk_page, staff
from audit import events
from compliance.register import checks, history
from compliance.register.forms import DateInput, RowForm

WHY = "why"


class HasHistory:
    """Mixed into a list of which the database keeps the history of each row."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed the row, when, what was there before and after, and why."""
        desk = cast(DeskAdmin, self)
        row = desk.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not desk.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return desk_page(
            request,
            "admin/register/history.html",
            {
                "title": f"History of {row}",
                "object": row,
                "opts": desk.opts,
                "moments": history.of(row),
            },
        )


class RegisterAdmin(HasHistory, DeskAdmin):
    """One table of the register: its name is fixed once given, every change carries a reason,
    nothing is deleted.
    """

    form = RowForm
    fixed: tuple[str, ...] = ("code",)  # by which other rows and the code name it
    formfield_overrides = {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})}
    }

    class Media:
        css = {"all": ["css/register-desk.css"]}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        shown = [name for name in self.fields or () if may or name != WHY]
        return [(None, {"fields": shown}), *([("The reason", {"fields": [WHY]})] if may else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.readonly_fields, *(self.fixed if obj else ())]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.get_internal_type() == "DateField":
            kwargs["widget"] = DateInput()
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_add_related"):
            field.widget.can_add_related = field.widget.can_change_related = (
                field.widget.can_view_related
            ) = False
        return field

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with _told(request):
            return super().changeform_view(request, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """With the last of the row saved: the audit entry, in the transaction of the change."""
        super().save_related(request, form, formsets, change)
        fields = [name for name in form.changed_data if name != WHY]
        fields += [
            str(formset.model._meta.verbose_name_plural)
            for formset in formsets
            if formset.has_changed()
        ]
        if not fields:
            messages.info(request, "Nothing was different, so nothing was changed.")
            return
        row = form.instance
        retired = "retired_on" in fields and row.retired_on
        events.register_changed(
            by=staff(request).actor,
            table=str(self.opts.verbose_name),
            row=str(getattr(row, self.fixed[0])),
            change="retired" if retired else "changed" if change else "added",
            fields=sorted(fields),
        )
        for gap in checks.live_register_is_whole(None)[:3]:
            messages.warning(request, f"The register now has a gap: {gap.msg} {gap.hint}")


@contextmanager
def _told(request: HttpRequest) -> Iterator[None]:
    """Give the database who saves and why, for its own history; the form sees to it that a reason
    is there."""
    if request.method != "POST":
        yield
        return
    by = staff(request)
    with pghistory.context(user=by.pk, actor=by.actor, why=request.POST.get(WHY, "").strip()[:200]):
        yield
